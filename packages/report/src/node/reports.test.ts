import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sampleCall, sampleRun } from '../fixtures/sample-run.ts';
import { parseRun } from '../index.ts';
import { readRun, writeFileAtomic, writeReports } from './index.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'crosspoint-report-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

describe('writeReports', () => {
  it('writes the four files and nothing else', async () => {
    const bundle = join(folder, 'bundle.js');
    await writeFile(bundle, 'start()');
    const run = join(folder, 'runs', '1');
    const written = await writeReports(sampleRun, run, { uiBundle: bundle });
    expect((await readdir(run)).sort()).toEqual(['index.html', 'junit.xml', 'report.md', 'run.json']);
    expect(await readFile(written.html!, 'utf8')).toContain('start()');
    const json = parseRun(await readFile(written.json, 'utf8'));
    expect(json.cells.every((cell) => cell.calls.length === 0)).toBe(true);
    expect(json.totals).toEqual(sampleRun.totals);
  });

  it('writes the rest even where the bundle is missing', async () => {
    const failing = writeReports(sampleRun, folder, { uiBundle: join(folder, 'nowhere.js') });
    await expect(failing).rejects.toThrow(/ENOENT/);
    expect((await readdir(folder)).sort()).toEqual(['junit.xml', 'report.md', 'run.json']);
  });

  it('writes no page without a bundle', async () => {
    expect(await writeReports(sampleRun, folder)).not.toHaveProperty('html');
  });
});

describe('writeFileAtomic', () => {
  it('replaces a file, and leaves nothing behind when it cannot', async () => {
    const path = join(folder, 'a');
    await writeFileAtomic(path, 'one');
    await writeFileAtomic(path, 'two');
    expect(await readFile(path, 'utf8')).toBe('two');
    await mkdir(join(folder, 'taken', 'inside'), { recursive: true });
    await expect(writeFileAtomic(join(folder, 'taken'), 'x')).rejects.toThrow();
    expect((await readdir(folder)).sort()).toEqual(['a', 'taken']);
  });
});

describe('readRun', () => {
  it('reads the run alone, or with the calls its cells hold', async () => {
    await writeReports(sampleRun, folder);
    const cell = { ...sampleRun.cells[0]!, calls: [sampleCall] };
    await mkdir(join(folder, cell.folder), { recursive: true });
    await writeFile(join(folder, cell.folder, 'cell.json'), JSON.stringify(cell));
    expect((await readRun(folder)).cells[0]!.calls).toEqual([]);
    expect(await readRun(folder, { calls: true })).toEqual(sampleRun);
  });

  it('does not leave the folder', async () => {
    const run = join(folder, 'run');
    await mkdir(join(folder, 'outside'));
    const cell = { ...sampleRun.cells[0]!, folder: '../outside' };
    await writeFile(join(folder, 'outside', 'cell.json'), JSON.stringify({ ...cell, caller: 'secret' }));
    await writeReports({ ...sampleRun, cells: [cell] }, run);
    expect((await readRun(run, { calls: true })).cells[0]!.caller).toBe('chromium');
  });
});
