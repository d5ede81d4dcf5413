import { connect, createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { FakeClock } from '../testing/fake-clock.ts';
import { happening, until } from '../testing/happening.ts';
import { type Line, openLine, SDP, SDP_ANSWER } from '../testing/lines.ts';
import type { EndedEvent } from './call-events.ts';
import type { IncomingCall } from './incoming-call.ts';
import type { OutgoingCall } from './outgoing-call.ts';
import type { AgentOptions } from './sip-agent.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** What stands between two ends and may die: it passes bytes on and reads none. */
async function startHop(port: number): Promise<{ port: number; close(): Promise<void>; cut(): void }> {
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on('data', (bytes) => to.write(bytes));
      from.on('error', () => {});
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  const close = async (): Promise<void> => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    cut();
    await closed;
  };
  return { port: (server.address() as { port: number }).port, close, cut };
}

interface Ends {
  readonly clock: FakeClock;
  readonly alice: Line;
  readonly bob: Line;
  readonly call: OutgoingCall;
  readonly incoming: IncomingCall;
  readonly hop: Awaited<ReturnType<typeof startHop>>;
  readonly ended: Promise<EndedEvent>;
  readonly isEnded: () => boolean;
}

/** A call from alice to bob over TCP, through the hop in both directions of its setup. */
async function throughHop(options: AgentOptions = {}): Promise<Ends> {
  const clock = new FakeClock();
  const line = async (name: string): Promise<Line> => {
    const opened = await openLine(name, clock, { ...options, transport: 'tcp' });
    closing.push(() => opened.agent.close());
    return opened;
  };
  const [alice, bob] = [await line('alice'), await line('bob')];
  const hop = await startHop(bob.point.port);
  closing.push(() => hop.close().catch(() => {}));
  const accepted = happening();
  const ended = happening<EndedEvent>();
  let isEnded = false;
  // What alice sends goes through the hop for ever: it is in her route set.
  const call = alice.agent.invite({
    to: bob.uri,
    from: alice.uri,
    body: SDP,
    routes: [`<sip:127.0.0.1:${hop.port};transport=tcp;lr>`],
    handlers: {
      accepted: () => accepted.happen(),
      ended: (event) => {
        isEnded = true;
        ended.happen(event);
      },
    },
  });
  const incoming = await bob.calls.next();
  const acknowledged = happening();
  incoming.handle({ acknowledged: () => acknowledged.happen() });
  incoming.accept(SDP_ANSWER);
  await accepted.promise;
  await acknowledged.promise;
  return { clock, alice, bob, call, incoming, hop, ended: ended.promise, isEnded: () => isEnded };
}

describe('a hop of a call that dies', () => {
  it('is known at once, with a reason, and leaves nothing behind', async () => {
    const { alice, bob, clock, hop, ended } = await throughHop();
    await bob.agent.close();
    await hop.close();
    expect(await ended).toMatchObject({ why: 'gone', words: expect.stringMatching(/^503 /) });
    clock.advance(64_000);
    expect(alice.agent.counts).toMatchObject({ dialogs: 0, client: 0, server: 0, connections: 0 });
  });

  it('only closed its connection: the call goes on over another', async () => {
    const { alice, bob, call, hop, isEnded, incoming } = await throughHop();
    const over = happening<EndedEvent>();
    incoming.handle({ ended: over.happen });
    hop.cut();
    await until(() => alice.wire.includes('> OPTIONS') && alice.wire.at(-1) === '< 200', 'the question');
    expect(isEnded()).toBe(false);
    expect(bob.agent.counts.dialogs).toBe(1);
    call.bye();
    expect((await over.promise).by).toBe('remote');
  });
});

describe('a far side that dies without a word', () => {
  it('is known by the session timer, which a lab may set below 90 seconds', async () => {
    const clock = new FakeClock();
    const sessionTimer = { expires: 4, minimum: 1 };
    const [alice, bob] = [
      await openLine('alice', clock, { sessionTimer }),
      await openLine('bob', clock, { sessionTimer }),
    ];
    closing.push(() => alice.agent.close());
    const accepted = happening();
    const ended = happening<EndedEvent>();
    alice.agent.invite({
      to: bob.uri,
      from: alice.uri,
      body: SDP,
      handlers: { accepted: () => accepted.happen(), ended: ended.happen },
    });
    const incoming = await bob.calls.next();
    expect(incoming.invite.get('Session-Expires')).toBe('4');
    expect(incoming.invite.get('Min-SE')).toBeUndefined();
    incoming.accept(SDP_ANSWER);
    await accepted.promise;
    clock.advance(2_000);
    await until(() => alice.wire.includes('> UPDATE'), 'the refresh');
    await until(() => alice.wire.at(-1) === '< 200', 'its answer');
    await bob.agent.close();
    clock.advance(2_000);
    // Timer F of the refresh (RFC 3261 section 17.1.2.2).
    clock.advance(32_000);
    expect((await ended.promise).why).toBe('expired');
    clock.advance(64_000);
    expect(alice.agent.counts).toMatchObject({ dialogs: 0, client: 0, server: 0 });
  });
});
