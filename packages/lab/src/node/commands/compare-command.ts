import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { type Comparison, comparisonStatus } from '../../compare/comparison.ts';
import { toMarkdownComparison, toTerminalComparison } from '../../compare/write-comparison.ts';
import { type ComparePlan, runComparison } from '../compare-runner.ts';
import { LabError } from '../lab-error.ts';
import { TRANSPORTS, type Transport } from '../matrix-runner.ts';
import { currentNetwork } from '../network.ts';
import { type FoundPeer, findPeers, ownDrivers } from '../peer-finder.ts';
import { PLAYED_TOPOLOGIES } from '../played-topologies.ts';
import { newRunId, runFolder } from '../run-folder.ts';
import { abortOnSignal } from './abort-on-signal.ts';
import { countUpTo } from './count-option.ts';
import { printable } from './printable.ts';

interface Options {
  readonly topology?: string[];
  readonly caller: string;
  readonly callee?: string[];
  readonly rounds: number;
  readonly transport: Transport;
  readonly out?: string;
  readonly json?: boolean;
}

/** Phones that are taken as callee where none is named: the first that is here. */
const PHONES = ['embedded-sip', 'baresip'];

export function compareCommand(program: Command): void {
  program
    .command('compare')
    .description('the same call over each topology, side by side: times, signaling, media path, changes')
    .addOption(
      new Option('--topology <topology...>', 'only these (default: all that the two peers can play)').choices(
        PLAYED_TOPOLOGIES.map(({ id }) => id),
      ),
    )
    .option('--caller <peer>', 'who calls', 'embedded')
    .option(
      '--callee <peer...>',
      'who is called; of several, each topology takes the first that it can join (default: embedded, and a phone)',
    )
    .option('--rounds <n>', 'how many calls over each topology, besides one to warm up', countUpTo(1000), 5)
    .addOption(
      new Option('--transport <transport>', 'how pages signal').choices([...TRANSPORTS]).default('ws'),
    )
    .option('--out <folder>', 'where to keep the comparison (default: a new folder under runs)')
    .option('--json', 'print the comparison as JSON on standard output')
    .action(async (options: Options) => {
      process.exitCode = await compare(options);
    });
}

async function compare(options: Options): Promise<number> {
  const say = (text: string): void => void process.stderr.write(`${text}\n`);
  const network = currentNetwork();
  say(`Crosspoint runs in ${network.words}, at ${network.address}. Looking for peers ...`);
  const { plans, absent } = await plansOf(options);
  const id = newRunId(new Date(), `compare-${randomBytes(2).toString('hex')}`);
  const folder = runFolder(id, options.out);
  const abort = abortOnSignal(() => say('Stopping everything ...'));
  for (const { topology, why } of absent) say(`  ${topology} is not played: ${why}`);
  say(`${plans.map(({ topology }) => topology).join(', ')}; ${options.rounds} rounds after one to warm up:`);
  const comparison = await runComparison({
    id,
    folder,
    command: `npm run lab -- ${process.argv.slice(2).join(' ')}`.trim(),
    transport: options.transport,
    rounds: options.rounds,
    plans,
    absent,
    abort,
    onCall: ({ topology }, { round, outcome, words }) =>
      say(
        `  ${round === 0 ? 'warming up' : `round ${round}`}: ${topology} ${outcome}${words === undefined ? '' : ` (${printable(words)})`}`,
      ),
  });
  keep(comparison, folder);
  process.stdout.write(
    options.json === true
      ? `${JSON.stringify(comparison)}\n`
      : printableLines(toTerminalComparison(comparison)),
  );
  say(`Kept in ${folder}: compare.json, compare.md`);
  return comparisonStatus(comparison);
}

function keep(comparison: Comparison, folder: string): void {
  writeFileSync(join(folder, 'compare.json'), `${JSON.stringify(comparison, null, 1)}\n`);
  writeFileSync(join(folder, 'compare.md'), toMarkdownComparison(comparison));
}

function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n');
}

/** @throws LabError `usage` where a peer is not there, or a topology that was asked for cannot be played with them */
async function plansOf(options: Options): Promise<{ plans: ComparePlan[]; absent: Comparison['absent'] }> {
  const named = options.callee ?? ['embedded'];
  const { found } = await findPeers([...new Set([options.caller, ...named])], []);
  const peer = (id: string): FoundPeer => found.find(({ manifest }) => manifest.id === id)!;
  const caller = peer(options.caller);
  const callees = named.map(peer);
  if (options.callee === undefined && caller.manifest.joins === 'web') callees.push(...(await firstPhone()));
  const plans: ComparePlan[] = [];
  const absent: { topology: string; why: string }[] = [];
  for (const { id: topology, pairs } of PLAYED_TOPOLOGIES) {
    if (options.topology?.includes(topology) === false) continue;
    const callee = callees.find(({ manifest }) => pairs(caller.manifest, manifest));
    if (callee !== undefined) {
      plans.push({ topology, caller, callee });
      continue;
    }
    const names = callees.map(({ manifest }) => manifest.id).join(' or ');
    const why = `${caller.manifest.id} cannot call ${names} in it`;
    if (options.topology !== undefined) throw new LabError('usage', `--topology ${topology}: ${why}`);
    absent.push({ topology, why });
  }
  if (plans.length === 0)
    throw new LabError(
      'usage',
      `there is no topology in which ${options.caller} calls ${named.join(' or ')}`,
    );
  return { plans, absent };
}

async function firstPhone(): Promise<FoundPeer[]> {
  const drivers = ownDrivers();
  for (const id of PHONES) {
    const driver = drivers.find((each) => each.id === id);
    const finding = await driver?.find();
    if (driver !== undefined && finding?.found === true)
      return [{ driver, manifest: finding.manifest, kind: finding.kind }];
  }
  return [];
}
