import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ClientInProcess } from './testing/client-in-process.ts';
import { ClientLab, DOMAIN } from './testing/client-lab.ts';

let lab: ClientLab;
beforeAll(async () => {
  lab = await ClientLab.start();
});
afterEach(() => lab.clear());
afterAll(() => lab.stop());

async function connect(caller: ClientInProcess, callee: ClientInProcess, to: string): Promise<void> {
  await caller.run('call', { to });
  await Promise.all([callee.wait('incoming'), caller.wait('ringing')]);
  await callee.run('accept');
  const up = [caller, callee].flatMap((each) => [
    each.wait('connected'),
    each.wait('transport', { state: 'connected' }),
  ]);
  await Promise.all(up);
  // Connected is not heard: each has something of the other.
  for (const each of [caller, callee]) {
    await expect.poll(async () => (await each.run('stats')).audio).toHaveProperty('received');
  }
}

const bothHear = (one: ClientInProcess, other: ClientInProcess): Promise<number[][]> =>
  Promise.all([one.hears(), other.hears()]);

describe('the embedded Jingle client', () => {
  it.each([
    ['by proposal, with candidates that follow', {}, {}],
    ['by proposal over WebSocket, with all candidates in it', { transport: 'ws', trickle: false }, {}],
    ['to one that prefers PCMA', {}, { transport: 'ws', audioCodecs: ['PCMA'] }],
  ])('calls another %s: both hear, hold, resume and dial', async (_how, theirs, ours) => {
    const alice = await lab.client('alice', theirs);
    const bob = await lab.client('bob', ours);
    await connect(alice, bob, 'bob');
    expect(await bothHear(alice, bob)).toEqual([[7], [3]]);

    await bob.run('hold', { on: true });
    await alice.wait('held', { held: true });
    expect(await bothHear(alice, bob)).toEqual([[], []]);
    await bob.run('hold', { on: false });
    await alice.wait('held', { held: false });
    expect(await bothHear(alice, bob)).toEqual([[7], [3]]);

    await alice.run('dtmf', { digits: '1#', durationMs: 100 });
    await bob.wait('dtmf', { digit: '1' });
    await bob.wait('dtmf', { digit: '#' });
    const { audio } = await bob.run('stats');
    const codec = 'audioCodecs' in ours ? 'PCMA' : 'PCMU';
    expect(audio).toMatchObject({ sent: { codec }, received: { codec } });

    await alice.run('hang-up');
    expect(await Promise.all([alice.ended(), bob.ended()])).toEqual(['normal', 'normal']);
  });

  it('opens a data channel, and echoes', async () => {
    const alice = await lab.client('alice', { data: true });
    const bob = await lab.client('bob', { data: true });
    await connect(alice, bob, 'bob');
    const echo = { count: 3, sizes: [10, 20_000] };
    for (const each of [alice, bob]) {
      expect(await each.run('echo', echo)).toMatchObject({
        sent: 3,
        returned: 3,
        inOrder: true,
        corrupted: 0,
      });
    }
    await bob.run('hang-up');
    expect(await alice.ended()).toBe('normal');
  });

  it.each(['tcp', 'ws'])('tells of a login that is refused over %s', async (transport) => {
    const alice = await lab.client('alice', { transport });
    await expect(lab.client('alice', { transport, password: 'guessed', resource: 'other' })).rejects.toThrow(
      /not logged in.*not-auth/,
    );
    const { clients } = lab;
    expect(clients.at(-1)?.events).toMatchObject([{ event: 'not-registered', status: 'not-authorized' }]);
    expect(alice.events).toEqual([{ event: 'registered' }]);
  });

  it('calls one client without a proposal: its full address, or one that is known to be there', async () => {
    const alice = await lab.client('alice', { direct: true });
    const bob = await lab.client('bob');
    await expect(alice.run('call', { to: 'bob' })).rejects.toThrow('no client of bob@jingle.test');
    await connect(alice, bob, `bob@${DOMAIN}/phone`);
    expect(await bothHear(alice, bob)).toEqual([[7], [3]]);
    await bob.run('hang-up');
    expect(await alice.ended()).toBe('normal');

    lab.server.befriend('alice', 'bob');
    const since = bob.events.length;
    await bob.run('close');
    await bob.run('open-jingle', lab.opening('bob', {}));
    await expect.poll(() => alice.run('call', { to: 'bob' }).then(() => 'placed', String)).toBe('placed');
    await bob.wait('incoming', {}, since);
    await alice.run('hang-up');
    expect(await bob.ended(since)).toBe('cancelled');
  });

  it('learns what happened while its connection was away, and is heard then', async () => {
    const alice = await lab.client('alice');
    const bob = await lab.client('bob', { transport: 'ws' });
    await connect(alice, bob, 'bob');
    for (const [away, other] of [
      [alice, bob],
      [bob, alice],
    ] as const) {
      const since = away.events.length;
      await away.run('cut-signaling');
      await away.wait('signaling', { state: 'lost' }, since);
      await other.run('hold', { on: true });
      await away.run('hold', { on: true });
      const before = other.events.length;
      await away.run('restore-signaling');
      await away.wait('signaling', { state: 'open' }, since);
      await away.wait('held', { held: true }, since);
      await other.wait('held', { held: true }, before);
      await Promise.all([away.run('hold', { on: false }), other.run('hold', { on: false })]);
      await away.wait('held', { held: false }, since);
      await other.wait('held', { held: false }, before);
    }
    expect(await bothHear(alice, bob)).toEqual([[7], [3]]);
    // Nothing came twice: what a session says again was not acknowledged (XEP-0198 section 5).
    expect(bob.events.filter(({ event }) => event === 'held')).toHaveLength(4);

    await bob.run('cut-signaling');
    await bob.run('hang-up');
    await bob.run('restore-signaling');
    expect(await alice.ended()).toBe('normal');
  });

  it('rings on all clients of a user, and on none once one has taken the call', async () => {
    const alice = await lab.client('alice');
    const [phone, desk] = [await lab.client('bob'), await lab.client('bob', { resource: 'desk' })];
    await alice.run('call', { to: 'bob' });
    await Promise.all([phone.wait('incoming'), desk.wait('incoming')]);
    await desk.run('accept');
    expect(await phone.ended()).toBe('answered-elsewhere');
    await Promise.all([alice.wait('connected'), desk.wait('connected')]);
    await alice.run('hang-up');
    expect(await desk.ended()).toBe('normal');
  });

  it.each([false, true])('is in one call when both call at once, directly: %s', async (direct) => {
    const alice = await lab.client('alice', { direct });
    const bob = await lab.client('bob', { direct });
    const at = direct ? `@${DOMAIN}/phone` : '';
    await Promise.all([alice.run('call', { to: `bob${at}` }), bob.run('call', { to: `alice${at}` })]);
    await Promise.all([alice.wait('connected'), bob.wait('connected')]);
    expect(await bothHear(alice, bob)).toEqual([[7], [3]]);
    const said = [...alice.events, ...bob.events].map(({ event }) => event);
    expect(said.filter((event) => ['incoming', 'ended', 'trouble'].includes(event))).toEqual([]);
    await alice.run('hang-up');
    expect(await bob.ended()).toBe('normal');
  });
});
