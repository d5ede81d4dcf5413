import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { findRtpengine } from '@crosspoint/peers/node';
import { answer, order, spawn } from './bench-process.ts';
import type { BenchRow } from './bench-row.ts';
import { type CallEnds, type MeasuredRelay, startNodeRelay, startRtpengineRelay } from './measured-relay.ts';
import type { HeldResult } from './relayed-calls-load.ts';

/** So many calls at once any machine must hold. */
const LEAST = 20;
const MOST = 320;
const HELD_SECONDS = 60;
/** Enough to see that more are too many. */
const TRIED_SECONDS = 10;
/** Until the servers are compiled. */
const WARM_UP_SECONDS = 3;

interface Held extends HeldResult {
  readonly calls: number;
  /** Processor time of the relay in each second, in seconds. */
  readonly cpu: number;
}

/**
 * Calls that are relayed at the same time, 50 packets a second each way, for a minute: how many there may be before one
 * packet is lost, twice as many each time, and 20 of them beside rtpengine. The load is on the same machine.
 */
export async function benchRelayedCalls(): Promise<BenchRow[]> {
  const folder = mkdtempSync(join(tmpdir(), 'crosspoint-bench-'));
  const ours = (): Promise<MeasuredRelay> => startNodeRelay('ours');
  try {
    const least = await hold(ours, LEAST, HELD_SECONDS);
    const most = lost(least) > 0 ? undefined : await holdMost(ours, least);
    const theirs =
      findRtpengine() === undefined
        ? undefined
        : await hold(() => startRtpengineRelay(folder), LEAST, HELD_SECONDS);
    return rows(least, most, theirs);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function rows(least: Held, most: Held | undefined, theirs: Held | undefined): BenchRow[] {
  const held = most?.calls ?? 0;
  const row = (name: string, a: number, b: number, unit: string): BenchRow => {
    return { name: `relayed calls: ${name}`, ours: a, theirs: b, ratio: a === b ? 1 : b / a, unit };
  };
  const asked = {
    ...row(`held for a minute with no packet lost, against ${LEAST}`, held, LEAST, 'calls'),
    ratio: held / LEAST,
    goal: 1,
  };
  const both = (name: string, read: (of: Held) => number, unit: string): BenchRow[] => [
    ...(theirs === undefined
      ? []
      : [row(`${LEAST} held: ${name}, against rtpengine`, read(least), read(theirs), unit)]),
    ...(most === undefined || most === least
      ? []
      : [row(`${name} of ${most.calls} held, against ${LEAST}`, read(most), read(least), unit)]),
  ];
  return [
    asked,
    ...both('packets lost', lost, ''),
    ...both('processor time of a second', ({ cpu }) => 1000 * cpu, 'ms'),
    ...both('delay, median', ({ median }) => median, 'ms'),
    ...both('delay of all but one in a hundred', ({ late }) => late, 'ms'),
  ];
}

const lost = ({ sent, received }: HeldResult): number => sent - received;

/** Twice as many until some are lost, then the most that are held for the whole time. */
async function holdMost(start: () => Promise<MeasuredRelay>, least: Held): Promise<Held> {
  let calls = least.calls;
  while (2 * calls <= MOST && lost(await hold(start, 2 * calls, TRIED_SECONDS)) === 0) calls *= 2;
  for (; calls > least.calls; calls /= 2) {
    const held = await hold(start, calls, HELD_SECONDS);
    if (lost(held) === 0) return held;
  }
  return least;
}

async function hold(start: () => Promise<MeasuredRelay>, calls: number, seconds: number): Promise<Held> {
  const relay = await start();
  const load = spawn('relayed-calls-load.ts', []);
  try {
    await answer(load);
    for (let at = 0; at < calls; at++) {
      const connect = await relay.connect(await order<CallEnds>(load, { open: true }));
      await order(load, { connect });
    }
    await order(load, { hold: WARM_UP_SECONDS });
    const before = await relay.cpu();
    const result = await order<HeldResult>(load, { hold: seconds });
    const cpu = ((await relay.cpu()) - before) / seconds;
    const held = { ...result, calls, cpu };
    process.stderr.write(`${words(held)}\n`);
    return held;
  } finally {
    load.kill();
    await relay.stop();
  }
}

function words({ calls, cpu, median, late, latest, sent, ...rest }: Held): string {
  const time = [median, late, latest].map((ms) => ms.toFixed(2)).join(', ');
  return `${calls} calls: ${sent} packets, ${lost({ sent, ...rest, median, late, latest })} lost, ${(100 * cpu).toFixed(1)} % of a core, delay ${time} ms (median, 99 %, most)`;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  for (const { name, ours, theirs, ratio, unit } of await benchRelayedCalls()) {
    process.stdout.write(
      `${name}: ours ${ours.toFixed(3)}  theirs ${theirs.toFixed(3)} ${unit}  ratio ${ratio.toFixed(3)}\n`,
    );
  }
}
