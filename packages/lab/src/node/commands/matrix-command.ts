import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { exitStatus, toTerminalTable } from '@crosspoint/report';
import { writeReports } from '@crosspoint/report/node';
import { type Command, Option } from 'commander';
import { LabError } from '../lab-error.ts';
import { type MatrixOptions, plansFor, runMatrix, TRANSPORTS, type Transport } from '../matrix-runner.ts';
import { currentNetwork } from '../network.ts';
import { findPeers } from '../peer-finder.ts';
import { PLAYED_TOPOLOGIES, PROXIES, type ProxyChoice } from '../played-topologies.ts';
import { PROJECT_ROOT } from '../project-root.ts';
import { newRunId, runFolder } from '../run-folder.ts';
import { abortOnSignal } from './abort-on-signal.ts';
import { countUpTo } from './count-option.ts';

interface Options {
  readonly topology: string[];
  readonly peers?: string[];
  readonly peer?: string[];
  readonly transport?: Transport[];
  readonly proxy?: ProxyChoice[];
  readonly cell?: string[];
  readonly check?: string[];
  readonly parallel: number;
  readonly out?: string;
  readonly json?: boolean;
}

export const DEFAULT_PARALLEL = 3;

export function matrixCommand(program: Command): void {
  program
    .command('matrix')
    .description('run the interop matrix: every caller with every callee, every check')
    .addOption(
      new Option('--topology <topology...>', 'which ways to connect')
        .choices(PLAYED_TOPOLOGIES.map(({ id }) => id))
        .default(PLAYED_TOPOLOGIES.map(({ id }) => id)),
    )
    .option('--peers <peer...>', 'only these peers; each must be there')
    .option('--peer <folder...>', 'add outside peers, by the folder of their peer.json')
    .addOption(
      new Option(
        '--transport <transport...>',
        'how pages signal (default: both ways in the triangle, ws elsewhere)',
      ).choices([...TRANSPORTS]),
    )
    .addOption(
      new Option(
        '--proxy <proxy...>',
        'a SIP proxy on each side of the trapezoid, in every pair (default: none, and embedded between embedded peers)',
      ).choices([...PROXIES]),
    )
    .option('--cell <id...>', 'only these cells, such as triangle/ws/chromium--firefox')
    .option('--check <id...>', 'only these checks')
    .option('--parallel <n>', 'how many cells run at once', countUpTo(64), DEFAULT_PARALLEL)
    .option('--out <folder>', 'where to keep the run (default: a new folder under runs)')
    .option('--json', 'print the run as JSON on standard output')
    .action(async (options: Options) => {
      process.exitCode = await matrix(options);
    });
}

async function matrix(options: Options): Promise<number> {
  const say = (text: string): void => void process.stderr.write(`${text}\n`);
  const network = currentNetwork();
  const cells = options.cell?.map((cell) => {
    if (!/^[\w-]+\/(ws|http)\/[\w-]+--[\w-]+$/.test(cell))
      throw new LabError('usage', `--cell ${cell}: not of the form triangle/ws/chromium--firefox`);
    return cell;
  });
  const named = cells?.flatMap((cell) => cell.split('/')[2]!.split('--'));
  say(`Crosspoint runs in ${network.words}, at ${network.address}. Looking for peers ...`);
  const outside = options.peer ?? [];
  const wanted =
    options.peers ?? (outside.length === 0 && named !== undefined ? [...new Set(named)] : undefined);
  const { found, absent } = await findPeers(wanted, outside);
  for (const peer of found) say(`  ${peer.manifest.id}: ${peer.manifest.name}, ${peer.manifest.version}`);
  for (const peer of absent)
    say(`  ${peer.id}: not here (${peer.why})${peer.install === undefined ? '' : `; ${peer.install}`}`);
  const id = newRunId(new Date(), randomBytes(2).toString('hex'));
  const plan = {
    peers: found,
    transports: options.transport === undefined ? undefined : [...new Set(options.transport)],
    topologies: options.topology,
    ...(options.proxy === undefined ? {} : { proxies: [...new Set(options.proxy)] }),
    ...(cells ? { cells } : {}),
    folders: outside,
    ...(options.check ? { checks: options.check } : {}),
  };
  const all = plansFor(plan).length;
  if (all === 0) throw new LabError('usage', 'there is no cell to run');
  const folder = runFolder(id, options.out);
  const abort = abortOnSignal(() => say('Stopping everything ...'));
  say(`${all} cells, ${Math.min(options.parallel, all)} at a time:`);
  const run = await runMatrix({
    ...plan,
    id,
    folder,
    absent,
    parallel: options.parallel,
    command: `npm run lab -- ${process.argv.slice(2).join(' ')}`.trim(),
    abort,
    onCell: (cell, done) => {
      const verdicts = (verdict: string): number =>
        cell.results.filter((result) => result.verdict === verdict).length;
      say(
        `  [${String(done).padStart(String(all).length)}/${all}] ${cell.id}: ${verdicts('passed')} passed, ${verdicts('failed')} failed, ${verdicts('unsupported')} unsupported, ${verdicts('broken')} broken (${(cell.durationMs / 1000).toFixed(0)} s)`,
      );
    },
  } satisfies MatrixOptions);
  const bundle = join(PROJECT_ROOT, 'packages', 'ui', 'dist', 'report.js');
  const written = await writeReports(run, folder, existsSync(bundle) ? { uiBundle: bundle } : {});
  if (options.json === true)
    process.stdout.write(
      `${JSON.stringify({ ...run, cells: run.cells.map((cell) => ({ ...cell, calls: [] })) })}\n`,
    );
  else
    process.stdout.write(
      `${toTerminalTable(run, { color: process.stdout.isTTY === true, width: process.stdout.columns ?? 100 })}\n`,
    );
  say(`Report: ${written.html ?? join(folder, 'report.md')}`);
  return exitStatus(run);
}
