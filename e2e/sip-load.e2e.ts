import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type LoadManner,
  placeCalls,
  type ServerWithCallee,
  startServer,
  untilIdle,
} from '@crosspoint/bench/sip-calls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

/** Ten thousand of them are `node --import tsx bench/sip-calls.ts --load 10000`. */
const CALLS = 500;
const AT_ONCE = 10;
/** What may be left of a call, in bytes: nothing, but the heap is never twice the same. */
const LEFT_OF_A_CALL = 1500;
const IDLE_MS = 60_000;

let folder: string;
let running: ServerWithCallee[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'crosspoint-test-'));
});
afterEach(async () => {
  await Promise.all(running.map((each) => each.stop()));
  running = [];
  await rm(folder, { recursive: true, force: true });
});

describe("SIPp's own caller and callee, unmodified", () => {
  const start = async (manner: LoadManner): Promise<void> => {
    for (const mode of ['proxy', 'gateway'] as const) running.push(await startServer(folder, mode, manner));
  };
  const pass = async (calls: number): Promise<void> => {
    for (const server of running) {
      const placed = await placeCalls(folder, 'calls', server, calls, AT_ONCE);
      expect(placed).toMatchObject({ exitCode: 0, successful: calls, failed: 0 });
    }
  };
  const stop = async (calls: number): Promise<void> => {
    const answered = await Promise.all(running.map((each) => each.stop()));
    running = [];
    for (const each of answered) expect(each).toMatchObject({ successful: calls, failed: 0 });
  };

  it('over UDP, through the embedded proxy and through the gateway: no call fails', async () => {
    // SIPp's callee, where the machine holds it up, takes an INVITE that comes again for a fault.
    await start({ transport: 'udp', t1: 4000 });
    await pass(CALLS);
    for (const each of running) expect((await each.state()).findings).toEqual([]);
    await stop(CALLS);
  });

  it('over TCP: nothing of the calls is left', async () => {
    // Transactions live for 64*T1; nothing is sent again there.
    await start({ transport: 'tcp', t1: 100 });
    // What is made once is made now.
    await pass(CALLS);
    const before = await Promise.all(running.map((each) => untilIdle(each, IDLE_MS)));
    await pass(CALLS);
    const after = await Promise.all(running.map((each) => untilIdle(each, IDLE_MS)));
    for (const [at, { heap, findings }] of after.entries()) {
      expect(findings).toEqual([]);
      expect(heap - before[at]!.heap).toBeLessThan(CALLS * LEFT_OF_A_CALL);
    }
    await stop(2 * CALLS);
  });
});
