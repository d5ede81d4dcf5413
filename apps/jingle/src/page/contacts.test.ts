import { XmppServer } from '@crosspoint/xmpp/node';
import { type Agent, createClient } from 'stanza';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { Contacts } from './contacts.ts';
import { RefusedError } from './refused-error.ts';

const DOMAIN = 'lab.example';
let server: XmppServer;
let url: string;
const open: Agent[] = [];

beforeAll(async () => {
  // Node 20 has none, and stanza takes it from there.
  vi.stubGlobal('WebSocket', WebSocket);
  server = new XmppServer({ domain: DOMAIN, users: { alice: 'a', bob: 'b', carol: 'c' } });
  const { port } = await server.listen({ service: 'websocket', host: '127.0.0.1', port: 0 });
  url = `ws://127.0.0.1:${port}/xmpp`;
});
afterEach(async () => {
  for (const client of open.splice(0)) {
    await client.send('presence', { type: 'unavailable' });
    await new Promise<void>((resolve) => {
      client.on('disconnected', () => resolve());
      client.disconnect();
    });
  }
});
afterAll(async () => {
  await server.close();
  vi.unstubAllGlobals();
});

async function loggedIn(
  name: string,
  resource: string,
  answerMs?: number,
): Promise<{ client: Agent; contacts: Contacts; seen: string[][] }> {
  const client = createClient({
    jid: `${name}@${DOMAIN}`,
    password: name[0]!,
    resource,
    transports: { websocket: url },
    autoReconnect: false,
  });
  open.push(client);
  const seen: string[][] = [];
  const contacts = new Contacts(client, (names) => seen.push([...names]), answerMs);
  const started = new Promise<void>((resolve) => client.on('session:started', () => resolve()));
  client.connect();
  await started;
  client.sendPresence();
  await client.getRoster();
  return { client, contacts, seen };
}

describe('whom a page knows', () => {
  it('asks where somebody is, is told, and knows it the next time', async () => {
    const alice = await loggedIn('alice', 'page');
    await loggedIn('bob', 'desk');
    expect(await alice.contacts.find(`bob@${DOMAIN}`)).toBe(`bob@${DOMAIN}/desk`);
    const subscribe = vi.spyOn(alice.client, 'subscribe');
    expect(await alice.contacts.find(`bob@${DOMAIN}`)).toBe(`bob@${DOMAIN}/desk`);
    expect(subscribe).not.toHaveBeenCalled();
    expect(alice.seen.at(-1)).toEqual([`bob@${DOMAIN}`]);
  });

  it('takes the resource of highest priority, and forgets who is gone', async () => {
    const alice = await loggedIn('alice', 'page');
    const desk = await loggedIn('bob', 'desk');
    const lap = await loggedIn('bob', 'lap');
    desk.client.sendPresence({ priority: 1 });
    lap.client.sendPresence({ priority: 5 });
    await vi.waitFor(async () =>
      expect(await alice.contacts.find(`bob@${DOMAIN}`)).toBe(`bob@${DOMAIN}/lap`),
    );
    lap.client.sendPresence({ type: 'unavailable' });
    await vi.waitFor(async () =>
      expect(await alice.contacts.find(`bob@${DOMAIN}`)).toBe(`bob@${DOMAIN}/desk`),
    );
  });

  it('leaves a full address as it is', async () => {
    const alice = await loggedIn('alice', 'page');
    expect(await alice.contacts.find('eve@elsewhere.example/phone')).toBe('eve@elsewhere.example/phone');
  });

  it('refuses who says nothing, as one who is not there', async () => {
    const alice = await loggedIn('alice', 'page', 1);
    const refused = await alice.contacts.find(`nobody@${DOMAIN}`).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(RefusedError);
    expect((refused as RefusedError).reason.code).toBe('unavailable');
  });

  it('refuses who does not want to be seen, and who is not to be found', async () => {
    const alice = await loggedIn('alice', 'page');
    const asked = (bare: string): Promise<unknown> =>
      alice.contacts.find(bare).catch((error: unknown) => error);
    const hidden = asked(`carol@${DOMAIN}`);
    alice.client.emit('unsubscribed', {
      from: `carol@${DOMAIN}`,
      to: alice.client.jid,
      type: 'unsubscribed',
    });
    expect(await hidden).toMatchObject({ reason: { code: 'not-found' } });
    const elsewhere = asked('eve@nowhere.example');
    alice.client.emit('presence:error', {
      from: 'eve@nowhere.example',
      to: alice.client.jid,
      type: 'error',
      error: { condition: 'remote-server-not-found' },
    });
    expect(await elsewhere).toMatchObject({ reason: { code: 'not-found' } });
  });
});
