import { afterEach, describe, expect, it } from 'vitest';
import { FakeClock } from '../testing/fake-clock.ts';
import { happening, until } from '../testing/happening.ts';
import { type Line, openLine, SDP, SDP_ANSWER, textOf } from '../testing/lines.ts';
import type { AcceptedEvent, EndedEvent, RefusedEvent } from './call-events.ts';

const open: Line[] = [];

async function pair(): Promise<{ alice: Line; bob: Line; clock: FakeClock }> {
  const clock = new FakeClock();
  const alice = await openLine('alice', clock);
  const bob = await openLine('bob', clock);
  open.push(alice, bob);
  return { alice, bob, clock };
}

afterEach(async () => {
  await Promise.all(open.splice(0).map(({ agent }) => agent.close()));
});

describe('a call between two user agents over UDP', () => {
  it('rings, is answered and hung up (RFC 3665 section 3.1)', async () => {
    const { alice, bob, clock } = await pair();
    const accepted = happening<AcceptedEvent>();
    const ended = happening<EndedEvent>();
    const rung = happening<number>();
    const call = alice.agent.invite({
      to: bob.uri,
      from: alice.uri,
      body: SDP,
      handlers: {
        provisional: ({ status }) => rung.happen(status),
        accepted: accepted.happen,
        ended: ended.happen,
      },
    });
    const incoming = await bob.calls.next();
    expect(textOf(incoming.body)).toBe(textOf(SDP));
    const acknowledged = happening();
    incoming.handle({ acknowledged: () => acknowledged.happen() });
    incoming.ring();
    expect(await rung.promise).toBe(180);
    incoming.accept(SDP_ANSWER);
    expect(textOf((await accepted.promise).body)).toBe(textOf(SDP_ANSWER));
    await acknowledged.promise;
    incoming.bye('Q.850;cause=16;text="bye"');
    const end = await ended.promise;
    expect(end).toMatchObject({ by: 'remote', why: 'bye' });
    expect(end.reasons[0]).toMatchObject({ protocol: 'Q.850', cause: 16 });
    expect(call.state).toBe('over');
    await until(() => bob.wire.length === 6, 'six messages');
    expect(bob.wire).toEqual(['< INVITE', '> 180', '> 200', '< ACK', '> BYE', '< 200']);
    clock.advance(64_000);
    expect(alice.agent.counts).toEqual({
      dialogs: 0,
      registrations: 0,
      client: 0,
      server: 0,
      connections: 0,
    });
    expect(bob.agent.counts).toEqual({ dialogs: 0, registrations: 0, client: 0, server: 0, connections: 0 });
    expect(clock.pending).toBe(0);
    expect([...alice.findings, ...bob.findings]).toEqual([]);
  });

  it('is cancelled before it is answered (RFC 3665 section 3.8)', async () => {
    const { alice, bob, clock } = await pair();
    const refused = happening<RefusedEvent>();
    const rung = happening();
    const call = alice.agent.invite({
      to: bob.uri,
      from: alice.uri,
      body: SDP,
      handlers: { provisional: () => rung.happen(), refused: refused.happen },
    });
    const incoming = await bob.calls.next();
    const cancelled = happening<string | undefined>();
    incoming.handle({ cancelled: (reasons) => cancelled.happen(reasons[0]?.text) });
    incoming.ring();
    await rung.promise;
    call.cancel('SIP;cause=487;text="gave up"');
    expect(await cancelled.promise).toBe('gave up');
    expect(await refused.promise).toMatchObject({ status: 487 });
    await until(() => bob.wire.includes('< ACK'), 'the ACK');
    clock.advance(64_000);
    expect(alice.agent.counts).toMatchObject({ dialogs: 0, client: 0, server: 0 });
    expect(bob.agent.counts).toMatchObject({ dialogs: 0, client: 0, server: 0 });
    expect(clock.pending).toBe(0);
  });

  it('is refused as busy (RFC 3665 section 3.9)', async () => {
    const { alice, bob } = await pair();
    const refused = happening<RefusedEvent>();
    alice.agent.invite({ to: bob.uri, from: alice.uri, body: SDP, handlers: { refused: refused.happen } });
    (await bob.calls.next()).refuse(486, undefined, [['Retry-After', '30']]);
    const event = await refused.promise;
    expect(event).toMatchObject({ status: 486, reason: 'Busy Here' });
    expect(event.response?.get('Retry-After')).toBe('30');
  });
});
