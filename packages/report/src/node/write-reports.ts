import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { toHtml } from '../html.ts';
import { toJUnit } from '../junit.ts';
import { toMarkdown } from '../markdown.ts';
import type { Run } from '../run.ts';
import { writeFileAtomic } from './write-file-atomic.ts';

export interface WriteReportsOptions {
  /** Path of the built script that shows a run (the `ui` package's `dist/report.js`). Without it, no page. */
  readonly uiBundle?: string;
}

/** The paths of what was written. */
export interface WrittenReports {
  readonly json: string;
  readonly junit: string;
  readonly markdown: string;
  readonly html?: string;
}

/**
 * Writes `run.json` (without the cells' calls, which `cell.json` holds), `junit.xml`, `report.md` and
 * `index.html` (with them) into the run's folder, making it where it is not there. Each is written whole or
 * not at all; the page comes last, so that a missing bundle loses nothing else.
 */
export async function writeReports(
  run: Run,
  folder: string,
  options: WriteReportsOptions = {},
): Promise<WrittenReports> {
  await mkdir(folder, { recursive: true });
  const written = {
    json: join(folder, 'run.json'),
    junit: join(folder, 'junit.xml'),
    markdown: join(folder, 'report.md'),
  };
  const lean: Run = { ...run, cells: run.cells.map((cell) => ({ ...cell, calls: [] })) };
  await writeFileAtomic(written.json, `${JSON.stringify(lean, null, 2)}\n`);
  await writeFileAtomic(written.junit, toJUnit(run));
  await writeFileAtomic(written.markdown, toMarkdown(run));
  if (options.uiBundle === undefined) return written;
  const html = join(folder, 'index.html');
  const script = await readFile(options.uiBundle, 'utf8');
  await writeFileAtomic(
    html,
    toHtml(run, {
      script,
      compress: (json) => deflateRawSync(json, { level: 9 }).toString('base64'),
      sha256: (text) => createHash('sha256').update(text, 'utf8').digest('base64'),
    }),
  );
  return { ...written, html };
}
