import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { startHub } from './testing/hub.ts';
import { Page } from './testing/page.ts';
import { RawClient } from './testing/raw-client.ts';

const OFFER = readFileSync(new URL('../fixtures/chromium-offer.sdp', import.meta.url), 'utf8');
const ANSWER = readFileSync(new URL('../fixtures/chromium-answer.sdp', import.meta.url), 'utf8');
const MESSAGES = 20_000;
const EACH = 40;

/** A generator of the same numbers each time (mulberry32). */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

const TEMPLATES: readonly ((seq: number) => string)[] = [
  (seq) => `{"type":"call","call":"m${seq}","to":"mallory","seq":${seq},"ack":1}\n${OFFER}`,
  (seq) => `{"type":"call","call":"m${seq}","to":"alice","seq":${seq}}\n${OFFER}`,
  (seq) => `{"type":"offer","call":"c","seq":${seq},"ack":1}\n${OFFER}`,
  (seq) => `{"type":"answer","call":"m${seq - 1}","seq":${seq},"ack":1}\n${ANSWER}`,
  (seq) => `{"type":"accept","call":"m${seq - 1}","seq":${seq}}`,
  (seq) =>
    `{"type":"candidates","call":"m${seq - 1}","candidates":[{"candidate":"candidate:1 1 udp 1 127.0.0.1 9 typ host","sdpMid":"0","sdpMLineIndex":0,"usernameFragment":"u"}],"seq":${seq},"ack":2}`,
  (seq) => `{"type":"end","call":"m${seq - 1}","reason":{"code":"normal"},"seq":${seq}}`,
  (seq) => `{"type":"register","name":"mallory","seq":${seq}}`,
  (seq) => `{"type":"dtmf","call":"c","digits":"1","durationMs":100,"seq":${seq}}`,
  () => '{"type":"ack","received":3}',
  () => '{"type":"resume","session":"abc","secret":"0123456789abcdef","received":0}',
];
const PIECES = [
  '"',
  '{',
  '}',
  '\n',
  '\r',
  '\0',
  '\\u0000',
  '1e999',
  'null',
  '__proto__',
  '\uFEFF',
  'é',
  '😀',
  '-1',
  '[]',
];

function mutate(text: string, number: (below: number) => number): string {
  let mutated = text;
  for (let changes = number(3); changes > 0; changes--) {
    const at = number(mutated.length + 1);
    const until = at + number(12);
    const piece = number(2) === 0 ? PIECES[number(PIECES.length)]! : String.fromCharCode(32 + number(95));
    mutated = mutated.slice(0, at) + piece + mutated.slice(number(2) === 0 ? at : until);
  }
  return mutated;
}

it(`${MESSAGES} mutated messages end no process and disturb nobody else's call`, async () => {
  const hub = await startHub({ limits: { burst: 1e6 } });
  const alice = await Page.registered(hub, 'ws', 'alice');
  const bob = await Page.registered(hub, 'http', 'bob');
  alice.say({ type: 'call', call: 'c', to: 'bob' }, OFFER);
  const { call } = (await bob.next('incoming')).head;
  bob.say({ type: 'accept', call }, ANSWER);
  await alice.next('accept');

  const number = numbers(20261122);
  let refused = 0;
  let taken = 0;
  for (let sent = 0; sent < MESSAGES; ) {
    const mallory = await RawClient.greeted(hub.ws);
    mallory.number({ type: 'register', name: `mallory-${sent}` });
    await mallory.next('registered');
    for (let i = 0; i < EACH && sent < MESSAGES; i++, sent++) {
      // A connection that was closed for what it said is closed; the rest of its messages go unheard.
      if (mallory.socket.readyState === mallory.socket.OPEN)
        mallory.say(mutate(TEMPLATES[number(TEMPLATES.length)]!(mallory.seq + 1), number));
      mallory.seq++;
    }
    mallory.say('{"type":"ping"}');
    await mallory.changed.until(
      () => mallory.closed !== undefined || mallory.received.some(({ head }) => head.type === 'pong'),
    );
    const errors = mallory.received.filter(({ head }) => head.type === 'error').length;
    refused += errors;
    taken += mallory.received.length - errors;
    mallory.socket.terminate();
  }
  expect(refused).toBeGreaterThan(100);
  expect(taken).toBeGreaterThan(100);

  alice.say({ type: 'offer', call: 'c' }, OFFER);
  expect((await bob.next('offer')).sdp).toBe(OFFER);
  bob.say({ type: 'answer', call }, ANSWER);
  expect((await alice.next('answer')).sdp).toBe(ANSWER);
  expect(
    alice.messages.filter(({ head }) => 'call' in head && head.call === 'c' && head.type === 'end'),
  ).toEqual([]);
  expect([...alice.states, ...bob.states]).toEqual(['open', 'open']);
  alice.session.stop();
  bob.session.stop();
  await hub.close();
}, 120_000);
