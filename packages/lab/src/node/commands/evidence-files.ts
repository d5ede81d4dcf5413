import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Cell, CheckResult } from '@crosspoint/report';

/** The files of a cell's folder that a result rests on, relative to it; only such as are there. */
export function evidenceFiles(cell: Pick<Cell, 'calls'>, cellFolder: string, result: CheckResult): string[] {
  const call = cell.calls.find((each) => each.id === result.call);
  const files =
    call === undefined
      ? logs(cellFolder)
      : [
          `evidence/${call.scenario}.json`,
          ...call.descriptions.map(({ name }) => `sdp/${call.scenario}-${name}.sdp`),
          ...soundOf(join(cellFolder, 'evidence', `${call.scenario}.json`)),
          ...(result.verdict === 'broken' ? logs(cellFolder) : []),
        ];
  return files.filter((file) => existsSync(join(cellFolder, file)));
}

/** What there is to read where no call was made. */
function logs(cellFolder: string): string[] {
  const peers = join(cellFolder, 'peers');
  return [
    'server.log',
    ...(existsSync(peers)
      ? readdirSync(peers)
          .sort()
          .map((name) => `peers/${name}`)
      : []),
  ];
}

function soundOf(path: string): string[] {
  try {
    const { observations } = JSON.parse(readFileSync(path, 'utf8')) as {
      observations: readonly { readonly heard?: { readonly file: string } }[];
    };
    return observations.flatMap(({ heard }) => heard?.file ?? []);
  } catch {
    // Evidence that is gone or damaged is said by `replay`; here it is only pointed at.
    return [];
  }
}
