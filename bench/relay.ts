import type { ChildProcess } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import { answer, order, spawn } from './bench-process.ts';
import type { BenchRow } from './bench-row.ts';
import { median } from './median.ts';

const ROUNDS = 45;
/** Enough that both servers are compiled to the end. */
const WARM_UP_MESSAGES = 24_000;
const ROUND_MESSAGES = 2_000;
const GOAL = 0.9;

type Mode = 'ours' | 'tapped' | 'bare';

/** A server and its load, each a process of its own. */
interface Contestant {
  readonly mode: Mode;
  readonly server: ChildProcess;
  readonly load: ChildProcess;
  readonly costs: number[];
}

/**
 * Our signaling server, calls joined and all, against the bare WebSocket library handing each message on. Compared is
 * the processor time of the server's process for the same messages from the same load, in turns, so that what else
 * the machine does falls on both.
 */
export async function benchRelay(): Promise<BenchRow[]> {
  return [...(await contest(200)), ...(await contest(1000))];
}

async function contest(connections: number): Promise<BenchRow[]> {
  const contestants: Contestant[] = [];
  try {
    for (const mode of ['bare', 'ours', 'tapped'] as const) contestants.push(await start(mode, connections));
    for (const each of contestants) await order(each.load, { kind: 'run', messages: WARM_UP_MESSAGES });
    for (let round = 0; round < ROUNDS; round++) {
      // In an order without pattern, so that none always runs in the same one's wake.
      const turns = contestants.map((each) => ({ each, at: Math.random() })).sort((a, b) => a.at - b.at);
      for (const { each } of turns) await measure(each);
    }
  } finally {
    for (const { server, load } of contestants) {
      load.kill();
      server.kill();
    }
  }
  const costs = (mode: Mode): number[] => contestants.find((each) => each.mode === mode)!.costs;
  const row = (name: string, mode: Mode): BenchRow => ({
    name: `relay, ${connections} connections: ${name}`,
    ours: median(costs(mode)),
    theirs: median(costs('bare')),
    // The median of the rounds' ratios, for what disturbs a round disturbs both in it.
    ratio: median(costs(mode).map((cost, round) => costs('bare')[round]! / cost)),
    unit: 'µs',
  });
  return [
    { ...row('server time of a 2 kB message', 'ours'), goal: GOAL },
    row('the same with a trace kept', 'tapped'),
  ];
}

async function start(mode: Mode, connections: number): Promise<Contestant> {
  const server = spawn('relay-server.ts', [mode]);
  const { port } = await answer<{ port: number }>(server);
  const load = spawn('relay-load.ts', [mode, String(port), String(connections)]);
  await order(load, { kind: 'connect', messages: 0 });
  return { mode, server, load, costs: [] };
}

async function processorTime(server: ChildProcess): Promise<number> {
  const asked = answer<{ cpu: NodeJS.CpuUsage }>(server);
  server.send('cpu');
  const { cpu } = await asked;
  return cpu.user + cpu.system;
}

async function measure(contestant: Contestant): Promise<void> {
  const before = await processorTime(contestant.server);
  await order(contestant.load, { kind: 'run', messages: ROUND_MESSAGES });
  const spent = (await processorTime(contestant.server)) - before;
  contestant.costs.push(spent / ROUND_MESSAGES);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  for (const row of await benchRelay()) {
    const goal =
      row.goal === undefined ? '' : `  goal ${row.goal} ${row.ratio >= row.goal ? 'met' : 'MISSED'}`;
    process.stdout.write(
      `${row.name}: ours ${row.ours.toFixed(1)}  theirs ${row.theirs.toFixed(1)} ${row.unit}  ratio ${row.ratio.toFixed(3)}${goal}\n`,
    );
  }
}
