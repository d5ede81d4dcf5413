import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { MAX_MESSAGE_LENGTH } from '../protocol.ts';
import { type Hub, type HubOptions, startHub } from './testing/hub.ts';
import { RawClient } from './testing/raw-client.ts';

const OFFER = readFileSync(new URL('../fixtures/chromium-offer.sdp', import.meta.url), 'utf8');

let hub: Hub;
async function start(options: HubOptions = {}): Promise<void> {
  hub = await startHub(options);
}
afterEach(() => hub.close());

describe('what ends a connection', () => {
  it.each([
    ['malformed JSON', '{"type":', 'bad-message', 'head'],
    ['an unknown type without a number', '{"type":"shout"}', 'bad-message', 'type'],
    ['a second hello', '{"type":"hello","version":1,"client":"x"}', 'bad-message', 'type'],
    ['a description behind a ping', '{"type":"ping"}\nv=0', 'bad-message', 'body'],
    ['a gap in the numbers', '{"type":"leave","seq":3}', 'out-of-order', undefined],
    ['a gap before what is refused', '{"type":"shout","seq":3}', 'out-of-order', undefined],
  ])('%s', async (_, text, code, clause) => {
    await start();
    const client = await RawClient.greeted(hub.ws);
    client.say(text);
    const { head } = await client.next('error');
    expect(head).toMatchObject({ code, ...(clause === undefined ? {} : { clause }) });
    expect(head).not.toHaveProperty('seq');
    expect(await client.whenClosed()).toEqual({ code: 4000, reason: code });
  });

  it.each([
    ['anything but hello or resume', '{"type":"ping"}', 'bad-message'],
    ['another version', '{"type":"hello","version":2,"client":"x"}', 'wrong-version'],
    [
      'a session nobody knows',
      `{"type":"resume","session":"s","secret":"${'x'.repeat(20)}","received":0}`,
      'unknown-session',
    ],
  ])('%s as the first message', async (_, text, code) => {
    await start();
    const client = await RawClient.opened(hub.ws);
    client.say(text);
    // Nothing that comes behind the refusal opens a session after all.
    client.say('{"type":"hello","version":1,"client":"x"}');
    expect((await client.next('error')).head).toMatchObject({ code });
    expect(await client.whenClosed()).toEqual({ code: 4000, reason: code });
    expect(hub.signaling.sessions).toBe(0);
  });

  it("a secret that is not the session's", async () => {
    await start();
    const client = await RawClient.opened(hub.ws);
    client.say('{"type":"hello","version":1,"client":"x"}');
    const { head } = await client.next('welcome');
    const thief = await RawClient.opened(hub.ws);
    thief.say(JSON.stringify({ type: 'resume', session: head.session, secret: 'x'.repeat(32), received: 0 }));
    expect((await thief.next('error')).head).toMatchObject({ code: 'unknown-session' });
    client.say('{"type":"ping"}');
    await client.next('pong');
  });

  it('binary frames', async () => {
    await start();
    const client = await RawClient.greeted(hub.ws);
    client.say(Buffer.from('{"type":"ping"}'));
    expect((await client.whenClosed()).code).toBe(1003);
  });

  it('text that is no UTF-8', async () => {
    await start();
    const client = await RawClient.greeted(hub.ws);
    client.socket.send(Buffer.from([0x7b, 0xc3, 0x28, 0x7d]), { binary: false });
    expect((await client.whenClosed()).code).toBe(1007);
  });

  it('a message beyond what may be buffered', async () => {
    await start();
    const client = await RawClient.greeted(hub.ws);
    client.say('x'.repeat(MAX_MESSAGE_LENGTH * 3 + 1));
    expect((await client.whenClosed()).code).toBe(1009);
  });

  it('too many messages at once, and not one fewer', async () => {
    await start({ limits: { messagesPerSecond: 1e-9, burst: 5 } });
    const client = await RawClient.greeted(hub.ws);
    for (let i = 0; i < 4; i++) client.say('{"type":"ping"}');
    for (let i = 0; i < 4; i++) await client.next('pong');
    client.say('{"type":"ping"}');
    client.say('{"type":"ping"}');
    expect((await client.next('error')).head).toMatchObject({ code: 'too-fast' });
    expect(await client.whenClosed()).toEqual({ code: 4000, reason: 'too-fast' });
    expect(client.received.filter(({ head }) => head.type === 'error')).toHaveLength(0);
  });

  it('no hello in time', async () => {
    await start({ limits: { helloSeconds: 0.05 } });
    const client = await RawClient.opened(hub.ws);
    expect((await client.next('error')).head).toMatchObject({ code: 'idle' });
    expect(await client.whenClosed()).toEqual({ code: 4000, reason: 'idle' });
  });

  it('silence', async () => {
    await start({ limits: { idleSeconds: 0.1 } });
    const client = await RawClient.greeted(hub.ws);
    expect((await client.next('error')).head).toMatchObject({ code: 'idle' });
    expect(await client.whenClosed()).toEqual({ code: 4000, reason: 'idle' });
  });

  it('a page that acknowledges nothing', async () => {
    await start({ limits: { burst: 1e6 } });
    const client = await RawClient.greeted(hub.ws);
    // Each registration is answered by a numbered message, and none of these is ever acknowledged.
    for (let i = 0; i < 1100; i++) client.number({ type: 'register', name: 'alice' });
    expect((await client.next('error', (head) => head.seq === undefined)).head).toMatchObject({
      code: 'too-many',
    });
    expect((await client.whenClosed()).reason).toBe('too-many');
  });

  it('more refused messages than anyone needs', async () => {
    await start();
    const client = await RawClient.greeted(hub.ws);
    for (let i = 0; i < 21; i++) client.number({ type: 'shout' });
    for (let i = 0; i < 21; i++) await client.next('error', (head) => head.refused === i + 1);
    expect((await client.next('error')).head).toMatchObject({ code: 'too-many' });
    expect((await client.whenClosed()).reason).toBe('too-many');
  });

  it('one connection more than there may be, of one address and of all', async () => {
    await start({ limits: { connectionsPerAddress: 2 } });
    const first = await RawClient.greeted(hub.ws);
    await RawClient.greeted(hub.ws);
    const third = await RawClient.opened(hub.ws);
    expect(await third.whenClosed()).toEqual({ code: 1013, reason: 'too-many' });
    const opened = await fetch(`${hub.http}/open`, {
      method: 'POST',
      headers: { 'content-type': 'text/plain' },
      body: '{"type":"hello","version":1,"client":"x"}',
    });
    expect(opened.status).toBe(503);
    expect(await opened.json()).toMatchObject({ type: 'error', code: 'too-many' });
    first.socket.close();
    await first.whenClosed();
    await RawClient.greeted(hub.ws);
  });
});

describe('what is refused while the session goes on', () => {
  it.each([
    ['an unknown type', { type: 'shout' }, undefined, { code: 'bad-message', clause: 'type' }],
    ['a description where none belongs', { type: 'leave' }, 'v=0', { code: 'bad-message', clause: 'body' }],
    [
      'a call before a name',
      { type: 'call', call: 'c', to: 'bob' },
      OFFER,
      { code: 'not-registered', call: 'c' },
    ],
    ['a call nobody knows', { type: 'ringing', call: 'c' }, undefined, { code: 'unknown-call', call: 'c' }],
    [
      'a message too long',
      { type: 'x', more: 'x'.repeat(MAX_MESSAGE_LENGTH) },
      undefined,
      { code: 'too-large' },
    ],
  ])('%s', async (_, message, sdp, error) => {
    await start();
    const client = await RawClient.greeted(hub.ws);
    const seq = client.number(message, sdp);
    expect((await client.next('error')).head).toMatchObject({ ...error, refused: seq, seq: 1, ack: seq });
    client.number({ type: 'register', name: 'alice' });
    await client.next('registered');
  });

  it('a description that cannot be read, with its place and its clause', async () => {
    await start();
    const client = await RawClient.registered(hub.ws, 'alice');
    const broken = OFFER.replace('a=group', 'xx=group');
    const line = broken.slice(0, broken.indexOf('xx=group')).split('\n').length;
    const seq = client.number({ type: 'call', call: 'c', to: 'bob' }, broken);
    expect((await client.next('error')).head).toMatchObject({
      code: 'bad-description',
      refused: seq,
      call: 'c',
      line,
      column: 2,
      clause: 'RFC 8866 section 5',
    });
    client.number({ type: 'call', call: 'c', to: 'bob' }, OFFER);
    expect((await client.next('end')).head).toMatchObject({ call: 'c', reason: { code: 'not-found' } });
  });

  it('a candidate that cannot be read', async () => {
    await start();
    await RawClient.registered(hub.ws, 'bob');
    const client = await RawClient.registered(hub.ws, 'alice');
    client.number({ type: 'call', call: 'c', to: 'bob' }, OFFER);
    client.number({ type: 'candidates', call: 'c', candidates: [{ candidate: 'candidate:1 x' }] });
    const { head } = await client.next('error');
    expect(head).toMatchObject({ code: 'bad-candidate', call: 'c', line: 1 });
    expect(head.clause).toContain('RFC 8839');
  });

  it('a call id in use', async () => {
    await start();
    await RawClient.registered(hub.ws, 'bob');
    const client = await RawClient.registered(hub.ws, 'alice');
    client.number({ type: 'call', call: 'c', to: 'bob' }, OFFER);
    client.number({ type: 'call', call: 'c', to: 'bob' }, OFFER);
    expect((await client.next('error')).head).toMatchObject({ code: 'bad-message', call: 'c' });
  });

  it('a call too many for who calls, and busy for who is called', async () => {
    await start({ limits: { callsPerSession: 2 } });
    await RawClient.registered(hub.ws, 'bob');
    const alice = await RawClient.registered(hub.ws, 'alice');
    const carol = await RawClient.registered(hub.ws, 'carol');
    for (const call of ['c1', 'c2', 'c3']) alice.number({ type: 'call', call, to: 'bob' }, OFFER);
    expect((await alice.next('error')).head).toMatchObject({ code: 'too-many', call: 'c3' });
    carol.number({ type: 'call', call: 'd', to: 'bob' }, OFFER);
    expect((await carol.next('end')).head).toMatchObject({ call: 'd', reason: { code: 'busy' } });
  });

  it("a name that is someone else's, with a wrong token or with none", async () => {
    await start();
    const owner = await RawClient.greeted(hub.ws);
    owner.number({ type: 'register', name: 'alice' });
    await owner.next('registered');
    const other = await RawClient.greeted(hub.ws);
    for (const wrong of [{}, { token: 'x'.repeat(24) }]) {
      other.number({ type: 'register', name: 'alice', ...wrong });
      expect((await other.next('error')).head).toMatchObject({ code: 'name-taken' });
    }
    owner.number({ type: 'leave' });
    expect((await owner.whenClosed()).code).toBe(1000);
    // Given back, it is free.
    other.number({ type: 'register', name: 'alice' });
    await other.next('registered');
  });

  it('nothing of what came twice', async () => {
    await start();
    const client = await RawClient.greeted(hub.ws);
    client.say('{"type":"shout","seq":1}');
    client.say('{"type":"shout","seq":1}');
    client.say('{"type":"register","name":"alice","seq":2}');
    client.say('{"type":"register","name":"bob","seq":2}');
    client.say('{"type":"ping"}');
    await client.next('pong');
    const numbered = client.received.filter(({ head }) => head.seq !== undefined && head.type !== 'presence');
    expect(numbered.map(({ head }) => head.type)).toEqual(['error', 'registered']);
  });
});

describe('acknowledgements', () => {
  it('come by themselves after sixteen messages', async () => {
    await start();
    const client = await RawClient.greeted(hub.ws);
    // An end of a call that is over is taken without a word.
    for (let i = 0; i < 16; i++) client.number({ type: 'end', call: 'gone', reason: { code: 'normal' } });
    expect((await client.next('ack')).head).toEqual({ type: 'ack', received: 16 });
  });
});

describe('upgrades', () => {
  it.each([
    ['a foreign page', '/signal/ws', { origin: 'https://evil.example' }, 403],
    ['another path', '/elsewhere', {}, 404],
  ])('from %s are refused', async (_, path, options, status) => {
    await start();
    const client = new RawClient(`ws://127.0.0.1:${hub.port}${path}`, options);
    await client.changed.until(() => client.refused !== undefined);
    expect(client.refused).toBe(status);
  });

  it('from the own page and from a page that was allowed are taken', async () => {
    await start({ origins: ['https://friend.example'] });
    for (const origin of [`http://127.0.0.1:${hub.port}`, 'https://friend.example']) {
      const client = await RawClient.opened(hub.ws, { origin });
      client.say('{"type":"hello","version":1,"client":"x"}');
      await client.next('welcome');
    }
  });
});
