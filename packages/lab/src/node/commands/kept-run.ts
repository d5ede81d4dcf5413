import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { type Cell, parseCell, type Run, RunError } from '@crosspoint/report';
import { readRun } from '@crosspoint/report/node';
import { LabError } from '../lab-error.ts';
import { PROJECT_ROOT } from '../project-root.ts';

/** A run that was made before, and where it lies. */
export interface KeptRun {
  readonly folder: string;
  readonly run: Run;
}

/** A cell of it, whole, and the folder of its evidence. */
export interface KeptCell extends KeptRun {
  readonly cell: Cell;
  readonly cellFolder: string;
}

const RUNS = join(PROJECT_ROOT, 'runs');

/**
 * The run of this folder, or of this id under `runs`; the newest where none is named.
 * @throws LabError `usage` where there is none, or where it cannot be read
 */
export async function keptRun(asked: string | undefined, runs = RUNS): Promise<KeptRun> {
  const folder = asked === undefined ? newest(runs) : named(asked, runs);
  try {
    return { folder, run: await readRun(folder) };
  } catch (error) {
    if (error instanceof RunError)
      throw new LabError('usage', `${join(folder, 'run.json')}: ${error.message}`);
    throw new LabError('usage', `${join(folder, 'run.json')} cannot be read`);
  }
}

function named(asked: string, runs: string): string {
  const itself = basename(asked) === 'run.json' ? dirname(asked) : asked;
  const folder = [itself, join(runs, asked)].find(holdsRun);
  if (folder !== undefined) return resolve(folder);
  throw new LabError(
    'usage',
    `there is no run ${asked}: neither it nor ${join(runs, asked)} holds a run.json`,
  );
}

function newest(runs: string): string {
  // The ids begin with the time, so that they sort by it.
  const ids = existsSync(runs) ? readdirSync(runs).sort().reverse() : [];
  const id = ids.find((each) => holdsRun(join(runs, each)));
  if (id === undefined)
    throw new LabError('usage', `there is no run in ${runs} yet; npm run lab -- matrix makes one`);
  return join(runs, id);
}

function holdsRun(folder: string): boolean {
  const path = join(folder, 'run.json');
  return existsSync(path) && statSync(path).isFile();
}

/**
 * The cell with this id, or the only one whose id ends so: `chromium--firefox` where there is one transport.
 * @throws LabError `usage`
 */
export function chooseCell<T extends { readonly id: string }>(cells: readonly T[], asked: string): T {
  const exact = cells.find((cell) => cell.id === asked);
  if (exact !== undefined) return exact;
  const fitting = cells.filter((cell) => cell.id.endsWith(`/${asked}`));
  if (fitting.length === 1) return fitting[0]!;
  if (fitting.length > 1)
    throw new LabError('usage', `${asked} is not clear: ${fitting.map((cell) => cell.id).join(', ')}`);
  const some = cells.slice(0, 6).map((cell) => cell.id);
  const others = some.length < cells.length ? `, and ${cells.length - some.length} more` : '';
  throw new LabError(
    'usage',
    `there is no cell ${asked} in this run; there ${some.length === 1 ? 'is' : 'are'} ${some.join(', ') || 'none'}${others}`,
  );
}

/**
 * A cell of a run that was kept, with its calls.
 * @throws LabError `usage`
 */
export async function keptCell(asked: string, run: string | undefined): Promise<KeptCell> {
  const kept = await keptRun(run);
  const lean = chooseCell(kept.run.cells, asked);
  const cellFolder = resolve(kept.folder, lean.folder);
  // A run can come from anywhere: what it names must lie inside its own folder.
  const inside = relative(kept.folder, cellFolder);
  if (inside.startsWith('..') || isAbsolute(inside))
    throw new LabError('usage', `${lean.id}: its folder ${lean.folder} lies outside of the run`);
  const path = join(cellFolder, 'cell.json');
  if (!existsSync(path)) return { ...kept, cell: lean, cellFolder };
  try {
    return { ...kept, cell: parseCell(readFileSync(path, 'utf8')), cellFolder };
  } catch (error) {
    if (error instanceof RunError) throw new LabError('usage', `${path}: ${error.message}`);
    throw error;
  }
}
