import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { BenchRow } from './bench-row.ts';

const LAB = fileURLToPath(new URL('../packages/lab/src/node/main.ts', import.meta.url));
const CELLS = [
  'triangle/ws/embedded--embedded',
  'triangle/http/embedded--embedded',
  'triangle/ws/chromium--chromium',
  'triangle/http/chromium--embedded',
  'triangle/ws/embedded--chromium',
  'triangle/http/chromium--chromium',
];
/** The wall time that the default may take of what one cell at a time takes, as a ratio the other way round. */
const GOAL = 1 / 0.6;
/** The lab's exit status when a cell failed: that is a verdict, and the benchmark only wants the same one twice. */
const CELL_FAILED = 1;

/** As much of `run.json` as is compared. */
interface RunRecord {
  readonly cells: readonly {
    readonly id: string;
    readonly results: readonly { readonly check: string; readonly verdict: string }[];
  }[];
}

interface Timed {
  readonly seconds: number;
  readonly verdicts: ReadonlyMap<string, string>;
}

/**
 * The interop matrix on a fixed set of cells: as many at once as the lab takes by itself, against one at a time.
 * @throws Error where a check has another verdict in the one than in the other, for then time was bought with truth
 */
export async function benchMatrix(): Promise<BenchRow[]> {
  const alone = await runMatrix(['--parallel', '1']);
  const together = await runMatrix([]);
  const differing = [...alone.verdicts.keys(), ...together.verdicts.keys()].filter(
    (check) => alone.verdicts.get(check) !== together.verdicts.get(check),
  );
  if (differing.length > 0) {
    const words = [...new Set(differing)].map(
      (check) => `${check}: ${alone.verdicts.get(check)} alone, ${together.verdicts.get(check)} together`,
    );
    throw new Error(`the verdicts differ\n${words.join('\n')}`);
  }
  return [
    {
      name: `matrix: ${CELLS.length} cells, by default against one at a time`,
      ours: together.seconds,
      theirs: alone.seconds,
      ratio: alone.seconds / together.seconds,
      unit: 's',
      goal: GOAL,
    },
  ];
}

async function runMatrix(more: readonly string[]): Promise<Timed> {
  const folder = mkdtempSync(join(tmpdir(), 'crosspoint-bench-'));
  try {
    const start = process.hrtime.bigint();
    const status = await runLab([
      'matrix',
      ...CELLS.flatMap((cell) => ['--cell', cell]),
      '--out',
      folder,
      ...more,
    ]);
    const seconds = Number(process.hrtime.bigint() - start) / 1e9;
    if (status !== 0 && status !== CELL_FAILED) throw new Error(`the matrix ended with status ${status}`);
    const run = JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8')) as RunRecord;
    const verdicts = new Map(
      run.cells.flatMap((cell) =>
        cell.results.map(({ check, verdict }) => [`${cell.id} ${check}`, verdict] as const),
      ),
    );
    for (const cell of CELLS) {
      if (!run.cells.some(({ id }) => id === cell)) throw new Error(`there is no cell ${cell} in the run`);
    }
    return { seconds, verdicts };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function runLab(args: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const lab = spawn(process.execPath, ['--import', 'tsx', LAB, ...args], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    lab.on('error', reject);
    lab.on('exit', (code, signal) =>
      code === null ? reject(new Error(`the matrix was ended by ${signal}`)) : resolve(code),
    );
  });
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  for (const { name, ours, theirs, ratio } of await benchMatrix()) {
    process.stdout.write(
      `${name}: ${ours.toFixed(1)} s against ${theirs.toFixed(1)} s, ${(ours / theirs).toFixed(2)} of the time, goal at most 0.6 ${ratio >= GOAL ? 'met' : 'MISSED'}\n`,
    );
  }
}
