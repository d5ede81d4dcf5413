import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** System programs live where an ordinary user's path does not always lead. */
const BESIDES = ['/usr/local/sbin', '/usr/sbin', '/sbin'];

/** The full path of the first of these programs that can be run, or `undefined`. */
export function findProgram(names: readonly string[]): string | undefined {
  const folders = [
    ...(process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== ''),
    ...BESIDES,
  ];
  for (const name of names) {
    for (const folder of folders) {
      const path = join(folder, name);
      try {
        accessSync(path, constants.X_OK);
        return path;
      } catch {
        // Not here.
      }
    }
  }
  return undefined;
}
