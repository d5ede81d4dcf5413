import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { type Hub, startHub } from './testing/hub.ts';
import { Page, type Transport } from './testing/page.ts';
import { RawClient } from './testing/raw-client.ts';

const OFFER = readFileSync(new URL('../fixtures/chromium-offer.sdp', import.meta.url), 'utf8');
const ANSWER = readFileSync(new URL('../fixtures/chromium-answer.sdp', import.meta.url), 'utf8');

let hub: Hub;
afterEach(() => hub.close());

describe('the tap', () => {
  it.each<Transport>(['ws', 'http'])(
    'sees both legs of a call under one name, over %s',
    async (transport) => {
      hub = await startHub();
      const alice = await Page.registered(hub, transport, 'alice');
      const bob = await Page.registered(hub, transport, 'bob');
      alice.say({ type: 'call', call: 'c', to: 'bob' }, OFFER);
      const { call } = (await bob.next('incoming')).head;
      bob.say({ type: 'accept', call }, ANSWER);
      await alice.next('accept');
      alice.say({ type: 'end', call: 'c', reason: { code: 'normal' } });
      await bob.next('end');
      alice.session.stop();
      bob.session.stop();
      const ofCall = hub.trace.filter((entry) => entry.call !== undefined);
      expect(new Set(ofCall.map((entry) => entry.call)).size).toBe(1);
      expect(ofCall.map(({ direction, peer, summary }) => `${direction} ${peer} ${summary}`)).toEqual([
        'in caller call',
        'out callee incoming',
        'in callee accept',
        'out caller answer',
        'out caller accept',
        'in caller end',
        'out callee end',
      ]);
      expect(new Set(ofCall.map((entry) => entry.protocol))).toEqual(new Set([transport]));
      expect(ofCall[0]!.raw.slice(ofCall[0]!.raw.indexOf('\n') + 1)).toBe(OFFER);
    },
  );

  it('never sees a secret, whatever is said in whatever way', async () => {
    const credential = 'C-R-E-D-E-N-T-I-A-L';
    hub = await startHub({ iceServers: [{ urls: ['turn:127.0.0.1'], username: 'u', credential }] });
    const client = await RawClient.opened(hub.ws);
    client.say('{"type":"hello","version":1,"client":"x"}');
    const { session, secret } = (await client.next('welcome')).head as { session?: string; secret?: string };
    const token = 'T-O-K-E-N-T-O-K-E-N';
    client.say(`{"type": "register", "name": "alice", "token" : "${token}", "seq": 1}`);
    await client.next('registered');
    client.say(`{"type":"register","name":"ALICE","\\u0074oken":"${token}","seq":2}`);
    client.say(
      `{"type":"resume","session":"${session}","secret":"${secret}","received":0,"seq":3,"x":1}\nv=0`,
    );
    client.say(`{"type":"register","name":"alice",\n"token":"${token}","seq":4}`);
    await client.whenClosed();
    const raws = hub.trace.map((entry) => `${entry.raw} ${entry.note ?? ''}`);
    expect(raws.length).toBeGreaterThan(5);
    for (const hidden of [secret!, token, credential])
      expect(raws.filter((raw) => raw.includes(hidden))).toEqual([]);
    expect(raws.some((raw) => raw.includes('(redacted)'))).toBe(true);
  });
});
