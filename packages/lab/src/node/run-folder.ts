import { accessSync, constants, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { LabError } from './lab-error.ts';
import { PROJECT_ROOT } from './project-root.ts';

/** The id of a run that starts now: it sorts by time. */
export function newRunId(now: Date, suffix: string): string {
  return `${now.toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15)}-${suffix}`;
}

/**
 * Where a run is kept: a new folder under `runs`, or the one asked for.
 * @throws LabError `usage` where it cannot be written, or holds something already: evidence of two runs must not mix
 */
export function runFolder(id: string, asked: string | undefined): string {
  const folder = asked ?? join(PROJECT_ROOT, 'runs', id);
  // Nothing half-written: whether it can be written is asked before anything is started.
  let existing = folder;
  while (!existsSync(existing)) existing = dirname(existing);
  try {
    accessSync(existing, constants.W_OK);
    mkdirSync(folder, { recursive: true });
  } catch {
    throw new LabError('usage', `the folder ${folder} cannot be written`);
  }
  if (readdirSync(folder).length > 0) throw new LabError('usage', `the folder ${folder} is not empty`);
  return folder;
}
