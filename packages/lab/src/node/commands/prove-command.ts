import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { COTURN_INSTALL, findCoturn, startCoturn } from '@crosspoint/peers/node';
import type { Cell } from '@crosspoint/report';
import { type Command, Option } from 'commander';
import { CHECKS } from '../../checks/checks.ts';
import { DEFECTS, type Defect } from '../../defects/defects.ts';
import { type Proof, proofOf } from '../../prove.ts';
import { runCell } from '../cell-runner.ts';
import { LabError } from '../lab-error.ts';
import { currentNetwork } from '../network.ts';
import { type FoundPeer, findPeers } from '../peer-finder.ts';
import { newRunId, runFolder } from '../run-folder.ts';
import { SCENARIOS } from '../scenarios/scenarios.ts';
import { Started } from '../stopping.ts';
import { abortOnSignal } from './abort-on-signal.ts';
import { countUpTo } from './count-option.ts';
import { type Pair, type Round, roundsOf } from './prove-rounds.ts';

interface Options {
  readonly only?: string[];
  readonly list?: boolean;
  readonly peers?: string[];
  readonly topology?: string;
  readonly parallel: number;
  readonly out?: string;
  readonly json?: boolean;
}

export function proveCommand(program: Command): void {
  program
    .command('prove')
    .description(
      'seed every known defect into an otherwise good call: its check must fail, and its cause be named first',
    )
    .option('--only <defect...>', 'only these defects')
    .option('--list', 'list the defects, and run nothing')
    .option(
      '--peers <caller callee...>',
      'who calls whom (default: in sip the embedded page and phone, each way, and baresip for what only UDP shows; else chromium, firefox or embedded, the first that is here, on both sides)',
    )
    .addOption(
      new Option(
        '--topology <topology>',
        'in which topology (default: the triangle, and sip for what only a phone shows)',
      ).choices(['triangle', 'trapezoid', 'sip']),
    )
    .option('--parallel <n>', 'how many calls at once', countUpTo(16), 3)
    .option('--out <folder>', 'where to keep the evidence (default: a new folder under runs)')
    .option('--json', 'print the proofs as JSON')
    .action(async (options: Options) => {
      process.exitCode = await prove(options);
    });
}

async function prove(options: Options): Promise<number> {
  const defects = selected(options.only);
  if (options.list === true) {
    if (options.json === true)
      process.stdout.write(
        `${JSON.stringify(defects.map(({ id, title, clause, check }) => ({ id, title, clause, check })))}\n`,
      );
    else
      for (const defect of defects)
        process.stdout.write(
          `${defect.id.padEnd(26)} ${defect.title} (${defect.clause}; fails ${defect.check})\n`,
        );
    return 0;
  }
  const say = (text: string): void => void process.stderr.write(`${text}\n`);
  const folder = runFolder(newRunId(new Date(), `prove-${randomBytes(2).toString('hex')}`), options.out);
  const started = new Started();
  const abort = abortOnSignal(() => void started.stopAll());
  const proofs: Proof[] = [];
  let able = 0;
  try {
    for (const round of await roundsOf(
      defects,
      options.topology,
      (topology) => pairsOf(topology, options.peers),
      say,
    )) {
      if (abort.aborted) break;
      able += round.defects.length;
      await proveRound(round, { folder, started, abort, parallel: options.parallel }, (proof) => {
        proofs.push(proof);
        say(line(proof));
      });
    }
  } finally {
    await started.stopAll();
  }
  if (options.json === true) process.stdout.write(`${JSON.stringify(proofs)}\n`);
  const good = proofs.filter((proof) => proof.sound && proof.detected && proof.explained).length;
  say(`${good} of ${able} defects detected and explained by their own cause. Evidence: ${folder}`);
  if (abort.aborted) return 3;
  return good === able && able > 0 ? 0 : 1;
}

interface Surroundings {
  readonly folder: string;
  readonly started: Started;
  readonly abort: AbortSignal;
  readonly parallel: number;
}

async function proveRound(round: Round, around: Surroundings, proven: (proof: Proof) => void): Promise<void> {
  const { topology, pair, defects } = round;
  const run = (checks: readonly string[], defect: Defect | undefined): Promise<Cell> => {
    const runs = join(
      around.folder,
      defect?.id ?? `healthy-${topology}-${pair.map(({ manifest }) => manifest.id).join('--')}`,
    );
    return runCell(
      {
        topology,
        transport: 'ws',
        drivers: { caller: pair[0].driver, callee: pair[1].driver },
        manifests: { caller: pair[0].manifest, callee: pair[1].manifest },
        checks: CHECKS.filter((check) => checks.includes(check.id)),
        scenarios: SCENARIOS,
        patterns: { caller: 6, callee: 19 },
        ...(defect !== undefined
          ? { defect: { id: defect.id, ...(defect.impair !== undefined ? { impair: defect.impair } : {}) } }
          : {}),
      },
      {
        runFolder: runs,
        address: currentNetwork().address,
        started: around.started,
        aborted: () => around.abort.aborted,
        turn: async () =>
          findCoturn() === undefined
            ? `no turnserver program on the path; ${COTURN_INSTALL}`
            : around.started.add(await startCoturn(currentNetwork().address, runs)),
      },
    );
  };
  process.stderr.write(
    `${topology}: ${pair[0].manifest.id} calls ${pair[1].manifest.id}: first without a defect, then with each of ${defects.length}.\n`,
  );
  const healthy = await run([...new Set(defects.map((defect) => defect.check))], undefined);
  const queue = [...defects];
  const worker = async (): Promise<void> => {
    for (let defect = queue.shift(); defect !== undefined && !around.abort.aborted; defect = queue.shift())
      proven(proofOf(defect, healthy, await run([defect.check], defect)));
  };
  await Promise.all(Array.from({ length: around.parallel }, worker));
}

function line(proof: Proof): string {
  if (proof.sound && proof.detected && proof.explained)
    return `  ✓ ${proof.defect}: ${proof.check} failed, and the cause is named first`;
  const what = !proof.sound
    ? `${proof.check} does not pass without the defect`
    : !proof.detected
      ? `not detected: ${proof.check} ${proof.reason}`
      : `explained as ${proof.causes.join(', ') || 'nothing'}`;
  return `  ✗ ${proof.defect}: ${what}`;
}

function selected(only: readonly string[] | undefined): readonly Defect[] {
  const unknown = only?.find((id) => !DEFECTS.some((defect) => defect.id === id));
  if (unknown !== undefined)
    throw new LabError('usage', `there is no defect ${unknown}; prove --list names them`);
  return DEFECTS.filter((defect) => only === undefined || only.includes(defect.id));
}

/** Who calls whom in a topology of phones where nobody is named: the embedded phone can be told to misbehave. */
const WITH_PHONES = [
  ['embedded', 'embedded-sip'],
  ['embedded-sip', 'embedded'],
  ['embedded', 'baresip'],
  ['chromium', 'baresip'],
  ['firefox', 'baresip'],
] as const;
const OF_PAGES = ['chromium', 'firefox', 'embedded'].map((id) => [id, id] as const);

/** Who may prove in a topology, the best first: who is asked for, or all of the known pairs that are here. */
async function pairsOf(topology: string, asked: readonly string[] | undefined): Promise<readonly Pair[]> {
  if (asked !== undefined && asked.length !== 2)
    throw new LabError('usage', '--peers takes two: who calls, and who is called');
  const { found } = await findPeers(asked, []);
  const named = (id: string): FoundPeer | undefined => found.find(({ manifest }) => manifest.id === id);
  const known = topology === 'sip' ? WITH_PHONES : OF_PAGES;
  const pairs = (asked === undefined ? known : [asked]).flatMap((ids): Pair[] => {
    const [caller, callee] = [named(ids[0]!), named(ids[1]!)];
    return caller === undefined || callee === undefined ? [] : [[caller, callee]];
  });
  if (pairs.length === 0) throw new LabError('broken', 'there is no peer to prove with');
  return topology === 'sip' ? pairs : pairs.slice(0, 1);
}
