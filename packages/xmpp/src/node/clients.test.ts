import { type Client, client, xml } from '@xmpp/client';
import { createClient } from 'stanza';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { type LabServer, startLabServer } from './testing/lab-server.ts';
import { until } from './testing/until.ts';

const DOMAIN = 'crosspoint.test';
let lab: LabServer;
const open: { stop(): Promise<unknown> }[] = [];

beforeAll(async () => {
  // Node 20 has none, and both libraries take it from there.
  vi.stubGlobal('WebSocket', WebSocket);
  // The libraries cannot be told of one more authority after the start.
  vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
  lab = await startLabServer({
    externalServices: (user) => [
      { type: 'stun', host: '192.0.2.1', port: 3478, transport: 'udp' },
      {
        type: 'turn',
        host: '192.0.2.1',
        port: 3478,
        transport: 'udp',
        username: `1:${user}`,
        password: 'pw',
      },
    ],
  });
});

afterEach(async () => {
  for (const each of open.splice(0)) await each.stop();
});

afterAll(async () => {
  await lab.server.close();
  vi.unstubAllGlobals();
  vi.unstubAllEnvs();
});

interface Line {
  readonly client: Client;
  readonly jid: string;
  readonly stanzas: ReturnType<typeof xml>[];
}

async function xmppLine(
  service: string,
  username: string,
  password: string,
  resource: string,
): Promise<Line> {
  const made = client({ service, domain: DOMAIN, username, password, resource });
  const stanzas: ReturnType<typeof xml>[] = [];
  made.on('error', () => {});
  made.on('stanza', (stanza) => stanzas.push(stanza));
  made.reconnect.stop();
  const jid = await made.start();
  open.push(made);
  // Whatever comes while it enables stream management it takes for the answer, and counts wrong from then on.
  await until(() => made.streamManagement.enabled, 'stream management');
  await made.send(xml('presence'));
  return { client: made, jid: jid.toString(), stanzas };
}

const services = (): Record<string, string> => ({
  TCP: `xmpp://127.0.0.1:${lab.tcp}`,
  WebSocket: `ws://127.0.0.1:${lab.ws}/xmpp`,
});

describe('@xmpp/client', () => {
  it.each([
    ['TCP', 'TCP'],
    ['WebSocket', 'WebSocket'],
    ['TCP', 'WebSocket'],
  ])('over %s and %s: logs in, speaks and asks', async (one, other) => {
    const alice = await xmppLine(services()[one]!, 'alice', 'secret-a', 'web');
    const bob = await xmppLine(services()[other]!, 'bob', 'secret-b', 'phone');
    expect(alice.jid).toBe(`alice@${DOMAIN}/web`);

    await alice.client.send(xml('message', { to: bob.jid, type: 'chat' }, xml('body', {}, 'a < b & "c"')));
    await until(() => bob.stanzas.some((each) => each.is('message')), 'the message');
    const message = bob.stanzas.find((each) => each.is('message'))!;
    expect(message.getChildText('body')).toBe('a < b & "c"');
    expect(message.attrs.from).toBe(alice.jid);

    bob.client.iqCallee.get('urn:example:q', 'query', () => xml('query', { xmlns: 'urn:example:q', n: '1' }));
    const query = xml('query', { xmlns: 'urn:example:q' });
    const answer = await alice.client.iqCaller.request(xml('iq', { type: 'get', to: bob.jid }, query));
    expect(answer.getChild('query', 'urn:example:q')?.attrs.n).toBe('1');

    const nobody = xml('iq', { type: 'get', to: `nobody@${DOMAIN}/x` }, query);
    await expect(alice.client.iqCaller.request(nobody)).rejects.toMatchObject({
      condition: 'service-unavailable',
    });
    await expect(
      alice.client.iqCaller.request(xml('iq', { type: 'get' }, xml('ping', { xmlns: 'urn:xmpp:ping' }))),
    ).resolves.toBeDefined();
  });

  it('takes TLS where it is offered, and SCRAM-SHA-1 before PLAIN', async () => {
    const before = lab.wire.length;
    await xmppLine(services().TCP!, 'alice', 'secret-a', 'tls');
    const auth = lab.wire.slice(before).find(({ text }) => text.startsWith('<auth'));
    expect(auth?.secure).toBe(true);
    expect(auth?.text).toContain('mechanism="SCRAM-SHA-1"');
    expect(auth?.text).toContain('>redacted<');
  });

  it('gets TURN credentials made for it', async () => {
    const alice = await xmppLine(services().WebSocket!, 'alice', 'secret-a', 'turn');
    const services_ = xml('services', { xmlns: 'urn:xmpp:extdisco:2', type: 'turn' });
    const answer = await alice.client.iqCaller.request(xml('iq', { type: 'get', to: DOMAIN }, services_));
    const [turn, ...more] = answer.getChild('services')!.getChildren('service');
    expect(turn?.attrs).toMatchObject({ type: 'turn', username: `1:alice@${DOMAIN}`, password: 'pw' });
    expect(more).toEqual([]);
  });

  it('is refused with a wrong password', async () => {
    for (const service of Object.values(services())) {
      const wrong = client({ service, domain: DOMAIN, username: 'alice', password: 'wrong' });
      wrong.on('error', () => {});
      wrong.reconnect.stop();
      await expect(wrong.start()).rejects.toMatchObject({ condition: 'not-authorized' });
      await wrong.stop();
    }
  });
});

describe('stanza', () => {
  const agent = async (name: string, password: string, resource: string) => {
    const made = createClient({
      jid: `${name}@${DOMAIN}`,
      password,
      resource,
      transports: { websocket: `ws://127.0.0.1:${lab.ws}/xmpp` },
      autoReconnect: false,
    });
    const started = new Promise<void>((resolve, reject) => {
      made.on('session:started', () => resolve());
      made.on('auth:failed', () => reject(new Error('auth:failed')));
    });
    open.push({
      stop: () =>
        new Promise<void>((resolve) => {
          made.on('disconnected', () => resolve());
          made.disconnect();
        }),
    });
    made.connect();
    await started;
    return made;
  };

  it('logs in by SCRAM-SHA-256, speaks, discovers and sees who is there', async () => {
    const before = lab.wire.length;
    const alice = await agent('alice', 'secret-a', 'page');
    const bob = await agent('bob', 'secret-b', 'page');
    expect(
      lab.wire.slice(before).some(({ text }) => text.includes('SCRAM-SHA-256') && text.startsWith('<auth')),
    ).toBe(true);
    const bodies: (string | undefined)[] = [];
    bob.on('message', (message) => bodies.push(message.body));
    alice.sendMessage({ to: `bob@${DOMAIN}/page`, body: 'hello' });
    await until(() => bodies.includes('hello'), 'hello');

    const info = await alice.getDiscoInfo(DOMAIN);
    expect(info.features).toContain('urn:xmpp:ping');
    const services_ = await alice.getServices(DOMAIN, 'turn');
    expect(services_.services?.[0]).toMatchObject({ host: '192.0.2.1', username: `1:alice@${DOMAIN}` });

    const seen: (string | undefined)[] = [];
    alice.on('available', (presence) => seen.push(presence.from));
    bob.on('subscribe', ({ from }) => bob.acceptSubscription(from));
    await alice.getRoster();
    bob.sendPresence();
    alice.sendPresence();
    alice.subscribe(`bob@${DOMAIN}`);
    await until(() => seen.includes(`bob@${DOMAIN}/page`), 'bob is there');
    const { items } = await alice.getRoster();
    expect(items).toMatchObject([{ jid: `bob@${DOMAIN}`, subscription: 'to' }]);
  });

  it('is refused with a wrong password', async () => {
    await expect(agent('alice', 'wrong', 'x')).rejects.toThrow('auth:failed');
  });
});
