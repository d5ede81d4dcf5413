import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { startEjabberd, startProsody, type XmppServerPeer } from '@crosspoint/peers/node';
import { childOf, textOf, writeElement, type XmlElement, type XmppFinding, xml } from '@crosspoint/xmpp';
import { makeCertificate, XmppServer, type XmppTapEvent } from '@crosspoint/xmpp/node';
import { xml as build, type Client, client } from '@xmpp/client';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

// ejabberd alone takes seconds to start; each wait below has a bound of its own, which is to be met first.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 });
const WAIT_MS = 20_000;
const OURS = 'ours.test';
const HOST = '127.0.0.1';

const STARTS = { prosody: startProsody, ejabberd: startEjabberd };
type Name = keyof typeof STARTS;
const NAMES: readonly Name[] = ['prosody', 'ejabberd'];

let folder: string;
let server: XmppServer;
const wire: XmppTapEvent[] = [];
const findings: XmppFinding[] = [];
const theirs = {} as Record<Name, XmppServerPeer>;
const clients: Client[] = [];
const heardHere: XmlElement[] = [];
let alice: ReturnType<XmppServer['attach']>;

beforeAll(async () => {
  // The library cannot be told of one more authority after the start.
  vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
  folder = await mkdtemp(join(tmpdir(), 'crosspoint-test-'));
  const places: Record<string, { host: string; port: number }> = {};
  server = new XmppServer({
    domain: OURS,
    tls: makeCertificate({ domains: [OURS] }),
    resolve: (domain) => places[domain],
    tap: (event) => wire.push(event),
    onFinding: (finding) => findings.push(finding),
  });
  places[OURS] = { host: HOST, port: (await server.listen({ service: 'server', host: HOST, port: 0 })).port };
  for (const name of NAMES) places[`${name}.test`] = { host: HOST, port: await freePort() };
  await Promise.all(
    NAMES.map(async (name) => {
      const domain = `${name}.test`;
      const { [domain]: own, ...servers } = places;
      theirs[name] = await STARTS[name]({
        folder,
        address: HOST,
        domain,
        users: { bob: 'bobs-word' },
        contacts: { bob: [`alice@${OURS}`] },
        tls: makeCertificate({ domains: [domain] }),
        servers,
        serverPort: own!.port,
      });
    }),
  );
  alice = server.attach('alice', 'web', { deliver: (stanza) => heardHere.push(stanza) });
});

afterAll(async () => {
  for (const each of clients) await each.stop().catch(() => {});
  await Promise.all(Object.values(theirs).map((each) => each.stop()));
  await server.close();
  await rm(folder, { recursive: true, force: true });
  vi.unstubAllEnvs();
  // Nothing but what a test wanted went wrong on our side.
  expect(findings.filter(({ code }) => code !== 'federation-failed' && code !== 'stream-failed')).toEqual([]);
});

/** Logs a user of a real server in. */
async function logIn(
  name: Name,
  resource: string,
): Promise<{ bob: Client; heard: ReturnType<typeof build>[] }> {
  const { address, ports, domain } = theirs[name];
  const service = `xmpp://${address}:${ports.client}`;
  const bob = client({ service, domain, username: 'bob', password: 'bobs-word', resource });
  const heard: ReturnType<typeof build>[] = [];
  bob.on('error', () => {});
  bob.on('stanza', (stanza) => heard.push(stanza));
  bob.reconnect.stop();
  await bob.start();
  clients.push(bob);
  await until(() => bob.streamManagement.enabled, 'stream management');
  await bob.send(build('presence'));
  return { bob, heard };
}

describe.each(NAMES)('with %s', (name) => {
  const domain = `${name}.test`;
  const jid = `bob@${domain}/phone`;
  let bob: Client;
  let heard: ReturnType<typeof build>[];

  beforeAll(async () => {
    ({ bob, heard } = await logIn(name, 'phone'));
  });

  it('messages go both ways, over TLS and dialback', async () => {
    alice.send(xml('message', { to: jid, type: 'chat' }, xml('body', {}, `to ${name}`)));
    await until(() => heard.some((each) => each.getChildText('body') === `to ${name}`), 'our message there');
    expect(heard.find((each) => each.is('message'))?.attrs.from).toBe(`alice@${OURS}/web`);
    await bob.send(build('message', { to: alice.jid, type: 'chat' }, build('body', {}, `from ${name}`)));
    await until(() => heardHere.some((each) => bodyOf(each) === `from ${name}`), 'their message here');
    expect(heardHere.find((each) => bodyOf(each) === `from ${name}`)?.attrs.from).toBe(jid);

    const way = server.federated.find(({ remote }) => remote === domain);
    expect(way).toMatchObject({ own: OURS, ready: true, secure: true, by: 'dialback' });
    const results = wire.filter(({ text }) => text.startsWith('<db:result') && text.includes(domain));
    expect(results.map(({ direction }) => direction).sort()).toEqual(['in', 'in', 'out', 'out']);
    expect(results.every(({ secure }) => secure)).toBe(true);
  });

  it('a question is answered both ways', async () => {
    const question = { xmlns: 'urn:example:question' };
    bob.iqCallee.get(question.xmlns, 'query', () => build('query', { ...question, n: name }));
    alice.send(xml('iq', { type: 'get', id: `q-${name}`, to: jid }, xml('query', question)));
    await until(() => heardHere.some(({ attrs }) => attrs.id === `q-${name}`), 'the answer');
    const answer = heardHere.find(({ attrs }) => attrs.id === `q-${name}`);
    expect(answer && writeElement(answer)).toContain(`n="${name}"`);
    const ping = build('iq', { type: 'get', to: OURS }, build('ping', { xmlns: 'urn:xmpp:ping' }));
    await expect(bob.iqCaller.request(ping)).resolves.toBeDefined();
  });

  it('errors come back both ways', async () => {
    const query = build('query', { xmlns: 'urn:example:question' });
    const nobody = build('iq', { type: 'get', to: `nobody@${OURS}/x` }, query);
    await expect(bob.iqCaller.request(nobody)).rejects.toMatchObject({ condition: 'service-unavailable' });
    const id = `n-${name}`;
    alice.send(
      xml('iq', { type: 'get', id, to: `bob@${domain}/none` }, xml('query', { xmlns: 'urn:example:q' })),
    );
    await until(() => heardHere.some(({ attrs }) => attrs.id === id), 'the error');
    expect(heardHere.find(({ attrs }) => attrs.id === id)?.attrs.type).toBe('error');
  });

  it('contacts see each other', async () => {
    server.befriend('alice', `bob@${domain}`);
    alice.send(xml('presence', { type: 'unavailable' }));
    alice.send(xml('presence', {}, xml('status', {}, name)));
    await until(() => heard.some((each) => each.getChildText('status') === name), 'alice is seen');
    const seen = (stanza: XmlElement): boolean => stanza.name === 'presence' && stanza.attrs.from === jid;
    await until(() => heardHere.some(seen), 'bob is seen');
    expect(heardHere.find(seen)?.attrs.type).toBeUndefined();
  });

  it('who claims our domain with a wrong key is refused there, by our word', async () => {
    const stranger = await Stranger.open(theirs[name], OURS);
    stranger.write(`<db:result from='${OURS}' to='${domain}'>0123456789abcdef</db:result>`);
    expect(await stranger.heard(/<(?:db:)?result[^>]*type=['"]\w+['"][^>]*>/)).toMatch(
      /type=['"]invalid['"]/,
    );
    const verified = wire.filter(
      ({ direction, text }) => direction === 'out' && text.startsWith('<db:verify'),
    );
    expect(verified.at(-1)?.text).toContain('type="invalid"');
    stranger.close();
  });
});

describe('all three', () => {
  it('a user of one real server speaks with a user of the other', async () => {
    const one = await logIn('prosody', 'a');
    const other = await logIn('ejabberd', 'b');
    await one.bob.send(build('message', { to: 'bob@ejabberd.test/b' }, build('body', {}, 'across')));
    await until(() => other.heard.some((each) => each.getChildText('body') === 'across'), 'across');
    expect(other.heard.find((each) => each.is('message'))?.attrs.from).toBe('bob@prosody.test/a');
  });

  it('one that is stopped is told to who writes, and the others go on', async () => {
    const { bob, heard } = await logIn('ejabberd', 'c');
    await theirs.prosody.stop();
    await until(() => server.federated.every(({ remote }) => remote !== 'prosody.test'), 'the way is closed');
    alice.send(
      xml('iq', { type: 'get', id: 'gone', to: 'prosody.test' }, xml('ping', { xmlns: 'urn:xmpp:ping' })),
    );
    await until(() => heardHere.some(({ attrs }) => attrs.id === 'gone'), 'the error');
    const error = heardHere.find(({ attrs }) => attrs.id === 'gone')!;
    expect(writeElement(error)).toContain('<remote-server-timeout');
    alice.send(xml('message', { to: 'bob@ejabberd.test/c', type: 'chat' }, xml('body', {}, 'still')));
    await until(() => heard.some((each) => each.getChildText('body') === 'still'), 'ejabberd goes on');
    expect(bob.status).toBe('online');
  });
});

/** Another server's connection, as a test likes it: TLS, and then what is written. */
class Stranger {
  readonly #socket: Socket;
  #text = '';

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (bytes) => {
      this.#text += bytes.toString('utf8');
    });
    socket.on('error', () => {});
  }

  static async open(peer: XmppServerPeer, from: string): Promise<Stranger> {
    const header = `<?xml version='1.0'?><stream:stream xmlns='jabber:server' xmlns:stream='http://etherx.jabber.org/streams' xmlns:db='jabber:server:dialback' from='${from}' to='${peer.domain}' version='1.0'>`;
    const plain = connect({ host: peer.address, port: peer.ports.server });
    const first = new Stranger(plain);
    first.write(header);
    await first.heard('</stream:features>');
    first.write("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>");
    await first.heard('<proceed');
    plain.removeAllListeners('data');
    const socket = connectTls({ socket: plain, rejectUnauthorized: false });
    await new Promise<void>((resolve, reject) => {
      socket.once('secureConnect', resolve);
      socket.once('error', reject);
    });
    const stranger = new Stranger(socket);
    stranger.write(header);
    await stranger.heard('</stream:features>');
    return stranger;
  }

  write(text: string): void {
    this.#socket.write(text);
  }

  async heard(pattern: RegExp | string): Promise<string> {
    const found = (): boolean => this.#text.search(pattern) >= 0;
    await until(found, `${pattern} in ${this.#text}`);
    return this.#text;
  }

  close(): void {
    this.#socket.destroy();
  }
}

function bodyOf(stanza: XmlElement): string | undefined {
  const body = childOf(stanza, 'body');
  return body === undefined ? undefined : textOf(body);
}

async function until(holds: () => boolean, what: string): Promise<void> {
  const end = performance.now() + WAIT_MS;
  while (!holds()) {
    if (performance.now() > end) throw new Error(`never: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

function freePort(): Promise<number> {
  const listener = createServer();
  return new Promise((resolve, reject) => {
    listener.once('error', reject);
    listener.listen(0, HOST, () => {
      const bound = listener.address();
      listener.close(() => {
        if (bound !== null && typeof bound === 'object') resolve(bound.port);
        else reject(new Error(`no port on ${HOST}`));
      });
    });
  });
}
