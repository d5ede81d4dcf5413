import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { findKamailio, startKamailio } from '@crosspoint/peers/node';
import type { BenchRow } from './bench-row.ts';
import { type LoadManner, placeCalls, startCallee, startServer, untilIdle } from './sip-calls-through.ts';

const ROUNDS = 9;
const ROUND_CALLS = 1000;
/** Enough that the servers are compiled to the end. */
const WARM_UP_CALLS = 3000;
const AT_ONCE = 20;
/** Costs are written for so many calls. */
const UNIT_CALLS = 1000;
/** The embedded proxy's processor time, at most 2.5 times Kamailio's. */
const GOAL = 1 / 2.5;
/** Linux tells a process's time in hundredths of a second. */
const TICKS_PER_SECOND = 100;
/** Transactions live for half a minute. */
const IDLE_MS = 90_000;
/** A callee of SIPp's that the machine holds up takes an INVITE that comes again for a fault, behind any server. */
const MAY_FAIL = 0.02;
const UDP: LoadManner = { transport: 'udp' };

type Name = 'proxy' | 'gateway' | 'kamailio';

/** A server before a callee of SIPp's; `cpu` in seconds. */
interface Contestant {
  readonly name: Name;
  readonly server: string;
  readonly transport: LoadManner['transport'];
  readonly cpu: () => Promise<number>;
  readonly stop: () => Promise<unknown>;
  /** In seconds, and how many calls it was for. */
  spent: number;
  wall: number;
  calls: number;
}

/**
 * SIPp's own caller and callee through the embedded proxy, through the gateway, and through Kamailio as a stateful proxy
 * with its fast allocator: processor time of the server for the same calls, in turns.
 * @throws Error where many calls fail, for then the figures are of something else
 */
export async function benchSipCalls(): Promise<BenchRow[]> {
  if (findKamailio() === undefined) throw new Error('Kamailio is not installed');
  const folder = mkdtempSync(join(tmpdir(), 'crosspoint-bench-'));
  const contestants: Contestant[] = [];
  try {
    for (const name of ['proxy', 'gateway', 'kamailio'] as const) contestants.push(await start(folder, name));
    for (const each of contestants) await call(folder, each, WARM_UP_CALLS);
    for (let round = 0; round < ROUNDS; round++) {
      // In an order without pattern, so that none always runs in the same one's wake.
      const turns = contestants.map((each) => ({ each, at: Math.random() })).sort((a, b) => a.at - b.at);
      for (const { each } of turns) await measure(folder, each);
    }
  } finally {
    for (const { stop } of contestants) await stop();
    rmSync(folder, { recursive: true, force: true });
  }
  const [proxy, gateway, kamailio] = contestants as [Contestant, Contestant, Contestant];
  // All rounds together: one of Kamailio's is a few hundredths of a second, in which the system counts.
  const cost = ({ spent, calls }: Contestant): number => (spent / calls) * UNIT_CALLS;
  const pace = ({ wall, calls }: Contestant): number => (wall / calls) * UNIT_CALLS;
  const row = (name: string, of: (each: Contestant) => number, ours: Contestant): BenchRow => ({
    name: `SIP calls: ${name}`,
    ours: of(ours),
    theirs: of(kamailio),
    ratio: of(kamailio) / of(ours),
    unit: 's',
  });
  return [
    { ...row('processor time of 1,000 calls, proxy against Kamailio', cost, proxy), goal: GOAL },
    row('processor time of 1,000 calls, gateway against Kamailio', cost, gateway),
    row(`1,000 calls, ${AT_ONCE} at once, proxy against Kamailio`, pace, proxy),
    row(`1,000 calls, ${AT_ONCE} at once, gateway against Kamailio`, pace, gateway),
  ];
}

async function start(folder: string, name: Name): Promise<Contestant> {
  const counted = { spent: 0, wall: 0, calls: 0 };
  if (name !== 'kamailio') {
    const ours = await startServer(folder, name, UDP);
    const cpu = async (): Promise<number> => (await ours.state()).cpu;
    return { name, server: ours.server, transport: 'udp', cpu, stop: () => ours.stop(), ...counted };
  }
  const callee = await startCallee(folder, name, 'udp');
  const kamailio = await startKamailio({
    ...{
      folder,
      address: '127.0.0.1',
      domain: 'lab.localhost',
      fast: true,
      trusted: [{ host: '127.0.0.1' }],
    },
    routes: [{ userPrefix: 'service', to: `sip:127.0.0.1:${callee.port}` }],
  });
  const stop = async (): Promise<void> => {
    await kamailio.stop();
    await callee.stop();
  };
  const cpu = async (): Promise<number> => groupTime(kamailio.pid);
  return { name, server: kamailio.server, transport: 'udp', cpu, stop, ...counted };
}

/** Processor time of all processes of a group, in seconds. */
function groupTime(group: number): number {
  let ticks = 0;
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      if (Number(fields[2]) === group) ticks += Number(fields[11]) + Number(fields[12]);
    } catch {
      // It ended meanwhile, and was none of the group's: those stay.
    }
  }
  return ticks / TICKS_PER_SECOND;
}

async function call(folder: string, contestant: Contestant, calls: number): Promise<number> {
  const begun = process.hrtime.bigint();
  const result = await placeCalls(folder, `${contestant.name}-uac`, contestant, calls, AT_ONCE);
  if (result.successful < calls * (1 - MAY_FAIL))
    throw new Error(`${contestant.name}: ${result.successful} of ${calls} calls, ${result.failed} failed`);
  return Number(process.hrtime.bigint() - begun) / 1e9;
}

async function measure(folder: string, contestant: Contestant): Promise<void> {
  const before = await contestant.cpu();
  contestant.wall += await call(folder, contestant, ROUND_CALLS);
  contestant.spent += (await contestant.cpu()) - before;
  contestant.calls += ROUND_CALLS;
}

/** So many calls through each of our servers, and what is left of them: the counts, and the heap before and after. */
async function load(calls: number): Promise<boolean> {
  let isGood = true;
  for (const mode of ['proxy', 'gateway'] as const) {
    const folder = mkdtempSync(join(tmpdir(), 'crosspoint-bench-'));
    const server = await startServer(folder, mode, UDP);
    try {
      await placeCalls(folder, 'warm-up', server, WARM_UP_CALLS, AT_ONCE);
      const before = await untilIdle(server, IDLE_MS);
      const placed = await placeCalls(folder, 'calls', server, calls, AT_ONCE);
      const after = await untilIdle(server, IDLE_MS);
      const megabytes = ({ heap }: { readonly heap: number }): string => (heap / 1e6).toFixed(2);
      process.stdout.write(
        `${mode}: ${placed.successful} calls, ${placed.failed} failed, ${placed.retransmissions} retransmissions; ` +
          `heap ${megabytes(before)} MB before, ${megabytes(after)} MB after; findings: ${after.findings.join(', ') || 'none'}\n`,
      );
      isGood &&= placed.successful === calls && placed.failed === 0;
    } finally {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  }
  return isGood;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [flag, calls] = process.argv.slice(2);
  if (flag === '--load') process.exit((await load(Number(calls ?? 10_000))) ? 0 : 1);
  for (const row of await benchSipCalls()) {
    const goal =
      row.goal === undefined ? '' : `  goal ${row.goal} ${row.ratio >= row.goal ? 'met' : 'MISSED'}`;
    process.stdout.write(
      `${row.name}: ours ${row.ours.toFixed(3)}  theirs ${row.theirs.toFixed(3)} ${row.unit}  ratio ${row.ratio.toFixed(3)}${goal}\n`,
    );
  }
}
