import { readFile } from 'node:fs/promises';
import { isAbsolute, join, relative } from 'node:path';
import { parseCell, parseRun } from '../parse-run.ts';
import type { Cell, Run } from '../run.ts';

/**
 * Reads a run's folder back. With `calls`, each cell comes whole from its `cell.json`; a cell whose file is
 * not there keeps no calls.
 * @throws RunError where a file does not follow the schema
 */
export async function readRun(folder: string, options: { readonly calls?: boolean } = {}): Promise<Run> {
  const run = parseRun(await readFile(join(folder, 'run.json'), 'utf8'));
  if (options.calls !== true) return run;
  return { ...run, cells: await Promise.all(run.cells.map((cell) => readCell(folder, cell))) };
}

async function readCell(folder: string, cell: Cell): Promise<Cell> {
  const path = join(folder, cell.folder, 'cell.json');
  // A run can come from anywhere: what it names must lie inside its own folder.
  const inside = relative(folder, path);
  if (inside.startsWith('..') || isAbsolute(inside)) return cell;
  try {
    return parseCell(await readFile(path, 'utf8'));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return cell;
    throw error;
  }
}
