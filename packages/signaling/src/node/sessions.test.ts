import { readFileSync } from 'node:fs';
import { open } from '@crosspoint/sdp';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { type Hub, startHub } from './testing/hub.ts';
import { Page, type Transport } from './testing/page.ts';
import { RawClient } from './testing/raw-client.ts';

const OFFER = readFileSync(new URL('../fixtures/chromium-offer.sdp', import.meta.url), 'utf8');
const ANSWER = readFileSync(new URL('../fixtures/chromium-answer.sdp', import.meta.url), 'utf8');

let hub: Hub;
let pages: Page[] = [];
afterEach(async () => {
  for (const page of pages) page.session.stop();
  pages = [];
  await hub.close();
});

async function page(transport: Transport, name: string, token?: string): Promise<Page> {
  const made = await Page.registered(hub, transport, name, token);
  pages.push(made);
  return made;
}

/** Places a call and takes it; gives what the callee calls it. */
async function connect(caller: Page, callee: Page, to: string): Promise<string> {
  caller.say({ type: 'call', call: 'c', to }, OFFER);
  const { head } = await callee.next('incoming');
  callee.say({ type: 'accept', call: head.call }, ANSWER);
  await caller.next('accept');
  return head.call;
}

const PAIRS: [Transport, Transport][] = [
  ['ws', 'ws'],
  ['http', 'http'],
  ['ws', 'http'],
  ['http', 'ws'],
];

describe.each(PAIRS)('a call from %s to %s', (from, to) => {
  it('carries every message there and back as it was said', async () => {
    hub = await startHub();
    const alice = await page(from, 'alice');
    const bob = await page(to, 'bob');
    alice.say({ type: 'call', call: 'c', to: 'bob' }, OFFER);
    const incoming = await bob.next('incoming');
    expect(incoming.head.from).toBe('alice');
    expect(incoming.sdp).toBe(OFFER);
    const { call } = incoming.head;
    bob.say({ type: 'ringing', call });
    expect((await alice.next('ringing')).head.call).toBe('c');
    const candidate = {
      candidate: 'candidate:1 1 udp 2130706431 127.0.0.1 5000 typ host',
      sdpMid: '0',
      sdpMLineIndex: 0,
      usernameFragment: 'abcd',
    };
    alice.say({ type: 'candidates', call: 'c', candidates: [candidate] });
    expect((await bob.next('candidates')).head.candidates).toEqual([candidate]);
    bob.say({ type: 'accept', call }, ANSWER);
    expect((await alice.next('answer')).sdp).toBe(ANSWER);
    await alice.next('accept');
    bob.say({ type: 'offer', call }, OFFER);
    expect((await alice.next('offer')).sdp).toBe(OFFER);
    alice.say({ type: 'refuse', call: 'c', why: 'not-acceptable', text: 'nö' });
    expect((await bob.next('refuse')).head).toMatchObject({ why: 'not-acceptable', text: 'nö' });
    alice.say({ type: 'dtmf', call: 'c', digits: '12#', durationMs: 100 });
    expect((await bob.next('dtmf')).head).toMatchObject({ digits: '12#', durationMs: 100 });
    bob.say({ type: 'transfer', call, target: 'carol' });
    expect((await alice.next('transfer')).head.target).toBe('carol');
    alice.say({ type: 'end', call: 'c', reason: { code: 'normal', text: 'bye' } });
    expect((await bob.next('end')).head.reason).toMatchObject({ code: 'normal', text: 'bye' });
    await bob.next('presence', ({ users }) => users.every((user) => !user.busy));
  });

  it('rings without an offer, and carries the one of the callee', async () => {
    hub = await startHub();
    const bob = await page(to, 'bob');
    const leg = hub.signaling.ring('bob', 'sip:phone@sip.localhost', 'trace');
    const said: string[] = [];
    const accepted = new Promise<void>((resolve) => {
      leg?.attach(({ type }) => {
        said.push(type);
        if (type === 'accepted') resolve();
      });
    });
    leg?.send({ type: 'ask-offer' });
    const { head, sdp } = await bob.next('incoming');
    expect(sdp).toBeUndefined();
    bob.say({ type: 'offer', call: head.call }, OFFER);
    bob.say({ type: 'accept', call: head.call });
    leg?.send({ type: 'answer', description: open(ANSWER) });
    expect((await bob.next('answer')).sdp).toBe(ANSWER);
    leg?.send({ type: 'ask-offer' });
    await bob.next('ask-offer');
    await accepted;
    expect(said).toEqual(['offer', 'accepted']);
  });

  it('carries a description that is not ASCII, byte for byte', async () => {
    hub = await startHub();
    const alice = await page(from, 'alice');
    const bob = await page(to, 'bob');
    const offer = OFFER.replace('s=-', 's=Gespräch 電話 😀');
    alice.say({ type: 'call', call: 'c', to: 'bob' }, offer);
    expect((await bob.next('incoming')).sdp).toBe(offer);
  });

  it('is offered and answered again after cuts at any point, nothing lost and nothing twice', async () => {
    hub = await startHub({ limits: { burst: 1e6 } });
    const alice = await page(from, 'alice');
    const bob = await page(to, 'bob');
    const call = await connect(alice, bob, 'bob');
    let said = 0;
    // What is said in a round, and before which of it which page is cut off and dials again.
    const cuts = fc.array(fc.record({ at: fc.nat(29), who: fc.constantFrom(alice, bob) }), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(cuts, async (points) => {
        const first = said;
        for (let i = 0; i < 30; i++) {
          for (const { at, who } of points) {
            if (at !== i) continue;
            who.session.cut();
            who.session.reconnect();
          }
          said++;
          alice.say({ type: 'dtmf', call: 'c', digits: '1', durationMs: 40 + (said % 5000) });
          bob.say({ type: 'dtmf', call, digits: '2', durationMs: 40 + (said % 5000) });
          // Lets the network have a hand in where the cuts fall.
          if (i % 7 === 0) await new Promise((resolve) => setImmediate(resolve));
        }
        const want = Array.from({ length: said - first }, (_, i) => 40 + ((first + i + 1) % 5000));
        const heard = (page: Page): number[] =>
          page.messages.flatMap(({ head }) => (head.type === 'dtmf' ? [head.durationMs] : []));
        for (const each of [alice, bob]) {
          await each.changed.until(() => heard(each).length >= said);
          expect(heard(each).slice(first)).toEqual(want);
        }
      }),
      { numRuns: 25 },
    );
    expect(hub.findings).toEqual([]);
    expect(alice.states).not.toContain('over');
    expect(bob.states).not.toContain('over');
  });
});

describe.each<Transport>(['ws', 'http'])('a session over %s', (transport) => {
  it("that is not resumed in time ends the other side's call", async () => {
    hub = await startHub({ limits: { resumeSeconds: 0.2 } });
    const alice = await page(transport, 'alice');
    const bob = await page('ws', 'bob');
    await connect(alice, bob, 'bob');
    alice.session.cut();
    expect((await bob.next('end')).head.reason).toMatchObject({ code: 'unavailable' });
    await bob.next('presence', ({ users }) => users.every((user) => user.name !== 'alice'));
    alice.session.reconnect();
    await alice.changed.until(() => alice.states.includes('over'));
    alice.say({ type: 'register', name: 'alice' });
    await alice.next('registered');
  });

  it('hears after a cut who came meanwhile', async () => {
    hub = await startHub();
    const alice = await page(transport, 'alice');
    alice.session.cut();
    const bob = await page('ws', 'bob');
    await bob.next('presence', ({ users }) => users.some(({ name }) => name === 'bob'));
    alice.session.reconnect();
    await alice.next('presence', ({ users }) => users.some(({ name }) => name === 'bob'));
  });

  it('gives its name and its calls up when it leaves, even as the connection is closed at once', async () => {
    hub = await startHub();
    const alice = await page(transport, 'alice');
    const bob = await page('ws', 'bob');
    await connect(alice, bob, 'bob');
    alice.say({ type: 'end', call: 'c', reason: { code: 'normal' } });
    alice.say({ type: 'leave' });
    alice.session.stop();
    expect((await bob.next('end')).head.reason).toMatchObject({ code: 'normal' });
    await bob.next('presence', ({ users }) => users.every((user) => user.name !== 'alice'));
  });

  it('gives way to the page that takes its name back with its token, and does not fight', async () => {
    hub = await startHub();
    const alice = new Page(hub, transport);
    pages.push(alice);
    alice.say({ type: 'register', name: 'alice' });
    const { token } = (await alice.next('registered')).head;
    const bob = await page('ws', 'bob');
    await connect(alice, bob, 'bob');
    const again = await page(transport, 'alice', token);
    await alice.changed.until(() => alice.states.includes('replaced'));
    expect((await alice.next('error')).head).toMatchObject({ code: 'replaced' });
    expect((await bob.next('end')).head.reason).toMatchObject({ code: 'unavailable' });
    await connect(bob, again, 'alice');
    expect(again.states).toEqual(['open']);
  });
});

describe('presence', () => {
  it('says who is there and who is in a call, to everyone with a name', async () => {
    hub = await startHub();
    const alice = await page('ws', 'alice');
    const bob = await page('http', 'bob');
    await alice.next('presence', ({ users }) => users.length === 2);
    await connect(alice, bob, 'bob');
    await bob.next('presence', ({ users }) => users.length === 2 && users.every((user) => user.busy));
    bob.session.stop();
  });
});

describe('a page that is gone', () => {
  it('is given up when more is kept for it than it will ever ask for', async () => {
    hub = await startHub({ limits: { burst: 1e6, messagesPerSecond: 1e6 } });
    const alice = await RawClient.registered(hub.ws, 'alice');
    const bob = await page('ws', 'bob');
    alice.number({ type: 'call', call: 'c', to: 'bob' }, OFFER);
    const { head } = await bob.next('incoming');
    bob.say({ type: 'accept', call: head.call }, ANSWER);
    await alice.next('accept');
    alice.socket.terminate();
    for (let i = 0; i < 1100; i++) bob.say({ type: 'dtmf', call: head.call, digits: '1', durationMs: 100 });
    expect((await bob.next('end')).head.reason).toMatchObject({ code: 'unavailable' });
    expect(hub.signaling.sessions).toBe(1);
  });
});
