import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { findRtpengine } from '@crosspoint/peers/node';
import { answer, order, spawn } from './bench-process.ts';
import type { BenchRow } from './bench-row.ts';
import { type CallEnds, type MeasuredRelay, startNodeRelay, startRtpengineRelay } from './measured-relay.ts';
import type { LoadResult } from './media-relay-load.ts';
import { median } from './median.ts';

const ROUNDS = 25;
const DAEMON_ROUNDS = 5;
/** Enough that the servers are compiled to the end. */
const WARM_UP_PACKETS = 20_000;
const ROUND_PACKETS = 20_000;
const DELAY_PACKETS = 300;
/** Costs are written for so many packets, as others write them. */
const UNIT_PACKETS = 100_000;
const GOAL = 1;

/** A relay and its load, each a process of its own. */
interface Contestant {
  readonly relay: MeasuredRelay;
  readonly load: ChildProcess;
  /** Of each round, in seconds for 100,000 packets. */
  readonly costs: number[];
  readonly delays: number[];
  spent: number;
  sent: number;
  received: number;
}

/**
 * The embedded relay against node-datachannel and a dgram socket handing packets on, and beside rtpengine: processor
 * time of the relay's process for the same packets from the same load, half of them each way, in turns.
 */
export async function benchMediaRelay(): Promise<BenchRow[]> {
  const folder = mkdtempSync(join(tmpdir(), 'crosspoint-bench-'));
  const ours = (): Promise<Contestant> => start('ours', () => startNodeRelay('ours'));
  try {
    const bare = await contest([ours, () => start('bare', () => startNodeRelay('bare'))], ROUNDS);
    const lines = rows(bare, 'a bare loop', GOAL);
    if (findRtpengine() === undefined) return lines;
    const daemon = await contest(
      [ours, () => start('rtpengine', () => startRtpengineRelay(folder))],
      DAEMON_ROUNDS,
    );
    return [...lines, ...rows(daemon, 'rtpengine')];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

type Pair = readonly [Contestant, Contestant];

async function contest(
  starts: readonly [() => Promise<Contestant>, () => Promise<Contestant>],
  rounds: number,
): Promise<Pair> {
  const contestants: Contestant[] = [];
  try {
    for (const start of starts) contestants.push(await start());
    for (const each of contestants) await order<LoadResult>(each.load, { run: WARM_UP_PACKETS });
    for (let round = 0; round < rounds; round++) {
      // In an order without pattern, so that none always runs in the same one's wake.
      const turns = contestants.map((each) => ({ each, at: Math.random() })).sort((a, b) => a.at - b.at);
      for (const { each } of turns) await measure(each);
    }
  } finally {
    for (const { load, relay } of contestants) {
      load.kill();
      await relay.stop();
    }
  }
  return contestants as unknown as Pair;
}

function rows([ours, theirs]: Pair, against: string, goal?: number): BenchRow[] {
  const loss = ({ sent, received }: Contestant): number => (100 * (sent - received)) / sent;
  // A daemon's rounds are too short for the hundredths in which the system counts: there all of them together.
  const cost = (each: Contestant): number =>
    goal === undefined ? (each.spent / each.sent) * UNIT_PACKETS : median(each.costs);
  const row = (what: string, a: number, b: number, unit: string): BenchRow => {
    const name = `media relay: ${what}, against ${against}`;
    return { name, ours: a, theirs: b, ratio: a === b ? 1 : b / a, unit };
  };
  const time = row('processor time of 100,000 packets', cost(ours), cost(theirs), 's');
  // The median of the rounds' ratios, for what disturbs a round disturbs both in it.
  const ratio = median(ours.costs.map((each, round) => theirs.costs[round]! / each));
  return [
    goal === undefined ? time : { ...time, ratio, goal },
    row('delay of a packet alone', median(ours.delays), median(theirs.delays), 'ms'),
    row('packets lost', loss(ours), loss(theirs), '%'),
  ];
}

async function start(name: string, startRelay: () => Promise<MeasuredRelay>): Promise<Contestant> {
  const load = spawn('media-relay-load.ts', [name]);
  const ends = await answer<CallEnds>(load);
  const relay = await startRelay();
  await order(load, await relay.connect(ends));
  return { relay, load, costs: [], delays: [], spent: 0, sent: 0, received: 0 };
}

async function measure(contestant: Contestant): Promise<void> {
  const before = await contestant.relay.cpu();
  const { sent, received } = await order<LoadResult>(contestant.load, { run: ROUND_PACKETS });
  const spent = (await contestant.relay.cpu()) - before;
  contestant.costs.push((spent / sent) * UNIT_PACKETS);
  contestant.spent += spent;
  contestant.sent += sent;
  contestant.received += received;
  const { delayMs } = await order<LoadResult>(contestant.load, { run: DELAY_PACKETS, alone: true });
  contestant.delays.push(delayMs);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  for (const row of await benchMediaRelay()) {
    const goal =
      row.goal === undefined ? '' : `  goal ${row.goal} ${row.ratio >= row.goal ? 'met' : 'MISSED'}`;
    process.stdout.write(
      `${row.name}: ours ${row.ours.toFixed(3)}  theirs ${row.theirs.toFixed(3)} ${row.unit}  ratio ${row.ratio.toFixed(3)}${goal}\n`,
    );
  }
}
