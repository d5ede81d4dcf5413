import { XmppServer } from '@crosspoint/xmpp/node';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { ClientInProcess } from './testing/client-in-process.ts';

const DOMAIN = 'jingle.test';
const PATTERNS = { alice: 3, bob: 7, carol: 12 } as const;
type Name = keyof typeof PATTERNS;

let server: XmppServer;
const ports = { tcp: 0, ws: 0 };
let clients: ClientInProcess[] = [];

beforeAll(async () => {
  // Node 20 has none, and @xmpp/client takes it from there.
  vi.stubGlobal('WebSocket', WebSocket);
  server = new XmppServer({ domain: DOMAIN, users: { alice: 'a', bob: 'b', carol: 'c' } });
  ports.tcp = (await server.listen({ service: 'client', host: '127.0.0.1', port: 0 })).port;
  ports.ws = (await server.listen({ service: 'websocket', host: '127.0.0.1', port: 0 })).port;
});
afterEach(async () => {
  for (const each of clients) await each.run('close');
  clients = [];
  // Everybody has logged out and closed the connection; the server learns it a moment later.
  await vi.waitFor(() => expect(server.counts).toMatchObject({ connections: 0, resources: 0 }));
});
afterAll(async () => {
  await server.close();
  vi.unstubAllGlobals();
});

async function client(name: Name, open: Record<string, unknown> = {}): Promise<ClientInProcess> {
  const made = new ClientInProcess();
  clients.push(made);
  const { transport = 'tcp' } = open;
  await made.run('open-jingle', {
    server: transport === 'tcp' ? `127.0.0.1:${ports.tcp}` : `ws://127.0.0.1:${ports.ws}/xmpp`,
    transport,
    ...{ domain: DOMAIN, user: name, password: name[0], mediaAddress: '127.0.0.1', pattern: PATTERNS[name] },
    ...{ audioCodecs: [], videoCodecs: [], audio: true, video: false, data: false, trickle: true },
    ...open,
  });
  return made;
}

async function connect(caller: ClientInProcess, callee: ClientInProcess, to: string): Promise<void> {
  await caller.run('call', { to });
  await Promise.all([callee.wait('incoming'), caller.wait('ringing')]);
  await callee.run('accept');
  const up = [caller, callee].flatMap((each) => [
    each.wait('connected'),
    each.wait('transport', { state: 'connected' }),
  ]);
  await Promise.all(up);
}

const bothHear = (one: ClientInProcess, other: ClientInProcess): Promise<number[][]> =>
  Promise.all([one.hears(), other.hears()]);

describe('the embedded Jingle client', () => {
  it.each([
    ['by proposal, with candidates that follow', {}, {}],
    ['by proposal over WebSocket, with all candidates in it', { transport: 'ws', trickle: false }, {}],
    ['to one that prefers PCMA', {}, { transport: 'ws', audioCodecs: ['PCMA'] }],
  ])('calls another %s: both hear, hold, resume and dial', async (_how, theirs, ours) => {
    const alice = await client('alice', theirs);
    const bob = await client('bob', ours);
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
    const alice = await client('alice', { data: true });
    const bob = await client('bob', { data: true });
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
    await expect(client('alice', { transport, password: 'guessed' })).rejects.toThrow(
      /not logged in.*not-auth/,
    );
    expect(clients[0]!.events).toMatchObject([{ event: 'not-registered', status: 'not-authorized' }]);
  });
});
