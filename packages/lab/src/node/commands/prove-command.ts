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
import { countUpTo } from './count-option.ts';

interface Options {
  readonly only?: string[];
  readonly list?: boolean;
  readonly peers?: string[];
  readonly topology: string;
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
      'who calls whom (default: chromium chromium, or embedded embedded without it)',
    )
    .addOption(
      new Option('--topology <topology>', 'in which topology')
        .choices(['triangle', 'trapezoid'])
        .default('triangle'),
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
  const pair = await pairOf(options.peers);
  const say = (text: string): void => void process.stderr.write(`${text}\n`);
  const folder = runFolder(newRunId(new Date(), `prove-${randomBytes(2).toString('hex')}`), options.out);
  const able = defects.filter((defect) => declared(defect, pair));
  for (const defect of defects)
    if (!able.includes(defect))
      say(
        `  ${defect.id}: not with ${pair[0].manifest.id} and ${pair[1].manifest.id}, which do not declare what ${defect.check} needs`,
      );
  const abort = new AbortController();
  const started = new Started();
  const stop = (): void => {
    abort.abort();
    void started.stopAll();
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  const run = (checks: readonly string[], defect: Defect | undefined): Promise<Cell> =>
    runCell(
      {
        topology: options.topology,
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
        runFolder: join(folder, defect?.id ?? 'healthy'),
        address: currentNetwork().address,
        started,
        aborted: () => abort.signal.aborted,
        turn: async () =>
          findCoturn() === undefined
            ? `no turnserver program on the path; ${COTURN_INSTALL}`
            : started.add(await startCoturn(currentNetwork().address, join(folder, defect?.id ?? 'healthy'))),
      },
    );
  const proofs: Proof[] = [];
  try {
    say(
      `${pair[0].manifest.id} calls ${pair[1].manifest.id}: first without a defect, then with each of ${able.length}.`,
    );
    const healthy = await run([...new Set(able.map((defect) => defect.check))], undefined);
    const queue = [...able];
    const worker = async (): Promise<void> => {
      for (
        let defect = queue.shift();
        defect !== undefined && !abort.signal.aborted;
        defect = queue.shift()
      ) {
        const proof = proofOf(defect, healthy, await run([defect.check], defect));
        proofs.push(proof);
        say(line(proof));
      }
    };
    await Promise.all(Array.from({ length: options.parallel }, worker));
  } finally {
    await started.stopAll();
  }
  if (options.json === true) process.stdout.write(`${JSON.stringify(proofs)}\n`);
  const good = proofs.filter((proof) => proof.sound && proof.detected && proof.explained).length;
  say(`${good} of ${able.length} defects detected and explained by their own cause. Evidence: ${folder}`);
  if (abort.signal.aborted) return 3;
  return good === able.length && able.length > 0 ? 0 : 1;
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

async function pairOf(asked: readonly string[] | undefined): Promise<readonly [FoundPeer, FoundPeer]> {
  if (asked !== undefined && asked.length !== 2)
    throw new LabError('usage', '--peers takes two: who calls, and who is called');
  const { found } = await findPeers(asked, []);
  const named = (id: string): FoundPeer | undefined => found.find((peer) => peer.manifest.id === id);
  const one = named('chromium') ?? named('firefox') ?? named('embedded');
  const caller = asked === undefined ? one : named(asked[0]!);
  const callee = asked === undefined ? one : named(asked[1]!);
  if (caller === undefined || callee === undefined)
    throw new LabError('broken', 'there is no peer to prove with');
  return [caller, callee];
}

function declared(defect: Defect, pair: readonly [FoundPeer, FoundPeer]): boolean {
  const check = CHECKS.find((each) => each.id === defect.check);
  if (check === undefined)
    throw new LabError('broken', `${defect.id} names a check that is not there: ${defect.check}`);
  return (
    check.needs.caller.every((each) => pair[0].manifest.capabilities.includes(each)) &&
    check.needs.callee.every((each) => pair[1].manifest.capabilities.includes(each))
  );
}
