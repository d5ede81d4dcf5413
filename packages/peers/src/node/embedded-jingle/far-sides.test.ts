import { parse } from 'ltx';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { writeError } from './jingle-reasons.ts';
import { NS } from './namespaces.ts';
import type { ClientInProcess } from './testing/client-in-process.ts';
import { ClientLab, DOMAIN } from './testing/client-lab.ts';
import type { FarSide } from './testing/far-side.ts';
import { recordedJingle } from './testing/recorded-stanza.ts';
import { type XmlElement, xml } from './xml.ts';

const ALICE = `alice@${DOMAIN}/phone`;

let lab: ClientLab;
let alice: ClientInProcess;
let bob: FarSide;
let carol: FarSide;
beforeAll(async () => {
  lab = await ClientLab.start();
  alice = await lab.client('alice');
  [bob, carol] = [await lab.far('bob'), await lab.far('carol')];
});
afterEach(async () => {
  await alice.run('hang-up').catch(() => {});
  for (const far of [bob, carol]) {
    // What was said before its answer has come before it.
    expect(await far.say(ALICE, xml('ping', { xmlns: NS.ping }), 'get')).toBe('result');
    far.forget();
  }
  alice.events.length = 0;
});
afterAll(async () => {
  await lab.clear();
  await lab.stop();
});

/** What Chromium offered, by stanza: audio in content 0, video in content 1. */
const recordedContents = (): XmlElement[] =>
  recordedJingle('chromium-av-session-initiate').getChildElements();

const initiate = (sid: string, contents = recordedContents()): Promise<string> =>
  bob.act(ALICE, sid, 'session-initiate', ...contents);

const reason = (name: string, text?: string): XmlElement =>
  xml('reason', { xmlns: NS.jingle }, xml(name), ...(text === undefined ? [] : [xml('text', {}, text)]));
const reasonIn = (told: XmlElement): string | undefined =>
  told.getChild('reason', NS.jingle)?.getChildElements()[0]?.name;
const namesIn = (told: XmlElement): string[] => told.getChildren('content').map(({ attrs }) => attrs.name);
const content = (name: string, senders?: string): XmlElement =>
  xml('content', { creator: 'initiator', name, ...(senders === undefined ? {} : { senders }) });
const info = (name: string): XmlElement => xml(name, { xmlns: NS.rtpInfo });

describe('an embedded Jingle client that is called', () => {
  it('rings, removes the video that it has not, and takes the audio', async () => {
    expect(await initiate('s1')).toBe('result');
    await alice.wait('incoming', { from: bob.jid });
    expect((await bob.next('session-info')).getChild('ringing', NS.rtpInfo)).toBeDefined();
    await alice.run('accept');
    const removed = await bob.next('content-remove');
    expect([namesIn(removed), reasonIn(removed)]).toEqual([['1'], 'unsupported-applications']);
    const accepted = await bob.next('session-accept');
    expect([namesIn(accepted), accepted.attrs.responder]).toEqual([['0'], ALICE]);
    const payloads = accepted.getChild('content')!.getChild('description')!.getChildren('payload-type');
    expect(payloads.map(({ attrs }) => [attrs.id, attrs.name, attrs.clockrate])).toEqual([
      ['0', 'PCMU', '8000'],
      ['8', 'PCMA', '8000'],
      ['126', 'telephone-event', '8000'],
    ]);
    const print = accepted.getChild('content')!.getChild('transport')!.getChild('fingerprint', NS.dtls);
    expect(print?.attrs.setup).toBe('active');
    await alice.wait('connected');
    await expect(alice.run('accept')).rejects.toThrow('no call rings');
  });

  it.each([
    ['in the clear', 'security-error', (all: XmlElement[]) => all.map(withoutFingerprint)],
    ['with video alone', 'unsupported-applications', (all: XmlElement[]) => all.slice(1)],
  ])('refuses a call %s: %s', async (_how, condition, spoil) => {
    expect(await initiate('s2', spoil(recordedContents()))).toBe('result');
    expect(reasonIn(await bob.next('session-terminate'))).toBe(condition);
    expect(await alice.ended()).toBe('not-acceptable');
    expect(alice.events.some(({ event }) => event === 'incoming')).toBe(false);
  });

  it.each([
    ['decline', 'decline', 'declined'],
    ['busy', 'busy', 'busy'],
    ['hang-up', 'decline', 'declined'],
  ])('told to %s says %s, by session and by message', async (command, condition, code) => {
    await initiate('s3');
    await alice.wait('incoming');
    await alice.run(command);
    expect(reasonIn(await bob.next('session-terminate'))).toBe(condition);
    expect(await alice.ended()).toBe(code);

    const since = alice.events.length;
    await bob.tell(`alice@${DOMAIN}`, 'propose', 'p3');
    await bob.next('ringing');
    await alice.run(command);
    expect(reasonIn(await bob.next('reject'))).toBe(condition);
    expect(await alice.ended(since)).toBe(code);
  });

  it('is busy for a second caller, and rings on', async () => {
    await bob.tell(`alice@${DOMAIN}`, 'propose', 'p4');
    await alice.wait('incoming');
    await carol.tell(`alice@${DOMAIN}`, 'propose', 'p5');
    expect(reasonIn(await carol.next('reject'))).toBe('busy');
    expect(await carol.act(ALICE, 's5', 'session-initiate', ...recordedContents())).toBe('result');
    expect(reasonIn(await carol.next('session-terminate'))).toBe('busy');
    // Whoever it is not cannot end it, nor the same message twice ring twice.
    await carol.tell(`alice@${DOMAIN}`, 'retract', 'p4', reason('cancel'));
    await bob.tell(`alice@${DOMAIN}`, 'propose', 'p4');
    for (const far of [carol, bob]) {
      expect(await far.say(ALICE, xml('ping', { xmlns: NS.ping }), 'get')).toBe('result');
    }
    expect(alice.events.map(({ event }) => event)).toEqual(['incoming']);
    await bob.tell(`alice@${DOMAIN}`, 'retract', 'p4', reason('cancel'));
    expect(await alice.ended()).toBe('cancelled');
    expect(alice.events.map(({ event }) => event)).toEqual(['incoming', 'ended']);
  });

  it('takes a session-initiate after its proceed at once, and tells when the call is over', async () => {
    await bob.tell(`alice@${DOMAIN}`, 'propose', 'p6');
    await alice.wait('incoming');
    await alice.run('accept');
    await bob.next('proceed');
    expect(await initiate('p6')).toBe('result');
    await bob.next('session-accept');
    await alice.wait('connected');
    expect(await initiate('p6')).toBe('unexpected-request out-of-order');
    await alice.run('hang-up');
    expect(reasonIn(await bob.next('session-terminate'))).toBe('success');
    expect(reasonIn(await bob.next('finish'))).toBe('success');
  });
});

describe('an embedded Jingle client in a session', () => {
  async function connected(): Promise<void> {
    await initiate('s7');
    await alice.wait('incoming');
    await alice.run('accept');
    await alice.wait('connected');
  }

  it('reads a hold by its word and by the senders', async () => {
    await connected();
    const held = async (on: boolean, action: string, ...children: XmlElement[]): Promise<void> => {
      const since = alice.events.length;
      expect(await bob.act(ALICE, 's7', action, ...children)).toBe('result');
      await alice.wait('held', { held: on }, since);
    };
    await held(true, 'session-info', info('hold'));
    await held(false, 'session-info', info('unhold'));
    await held(true, 'content-modify', content('0', 'initiator'));
    await held(false, 'content-modify', content('0', 'both'));
    await held(true, 'content-modify', content('0', 'none'));
  });

  it('holds by its word, and by the senders where that is not known', async () => {
    await connected();
    await alice.run('hold', { on: true });
    expect((await holdWord()).name).toBe('hold');
    bob.refusals.set('session-info', writeError('modify', 'feature-not-implemented', 'unsupported-info'));
    await alice.run('hold', { on: false });
    expect((await holdWord()).name).toBe('unhold');
    expect((await bob.next('content-modify')).getChild('content')!.attrs).toMatchObject({
      name: '0',
      senders: 'both',
    });
    await alice.run('hold', { on: true });
    expect((await bob.next('content-modify')).getChild('content')!.attrs.senders).toBe('responder');

    async function holdWord(): Promise<XmlElement> {
      for (;;) {
        const [word] = (await bob.next('session-info')).getChildElements();
        if (word!.name !== 'ringing') return word!;
      }
    }
  });

  it('refuses by name what it has not, and goes on', async () => {
    await connected();
    expect(await bob.act(ALICE, 's7', 'content-add', recordedContents()[1]!)).toBe('result');
    const rejected = await bob.next('content-reject');
    expect([namesIn(rejected), reasonIn(rejected)]).toEqual([['1'], 'unsupported-applications']);
    const replacement = xml('content', { creator: 'initiator', name: '0' });
    replacement.append(xml('transport', { xmlns: 'urn:xmpp:jingle:transports:ibb:1', sid: 'x' }));
    expect(await bob.act(ALICE, 's7', 'transport-replace', replacement)).toBe('result');
    expect(reasonIn(await bob.next('transport-reject'))).toBe('unsupported-transports');
    const restart = content('0');
    restart.append(xml('transport', { xmlns: NS.ice, ufrag: 'other', pwd: 'a'.repeat(22) }));
    expect(await bob.act(ALICE, 's7', 'transport-info', restart)).toBe('feature-not-implemented');
    await alice.wait('trouble');
    await alice.run('hang-up');
    expect(await alice.ended()).toBe('normal');
  });

  it('answers every IQ, whatever it asks', async () => {
    await connected();
    const asked = (action: string, ...children: XmlElement[]): Promise<string> =>
      bob.act(ALICE, 's7', action, ...children);
    expect(await asked('session-info')).toBe('result');
    expect(await asked('session-info', info('mute'))).toBe('result');
    expect(await asked('session-info', info('dance'))).toBe('feature-not-implemented unsupported-info');
    expect(await asked('session-info', xml('x', { xmlns: 'urn:x' }))).toBe(
      'feature-not-implemented unsupported-info',
    );
    expect(await asked('description-info', content('0'))).toBe('result');
    expect(await asked('content-modify', content('7', 'none'))).toBe('item-not-found');
    expect(await asked('session-accept', content('0'))).toBe('unexpected-request out-of-order');
    expect(await asked('dance')).toBe('feature-not-implemented');
    expect(await bob.act(ALICE, 's8', 'session-info')).toBe('item-not-found unknown-session');
    expect(await carol.act(ALICE, 's7', 'session-terminate')).toBe('item-not-found unknown-session');
    expect(await bob.say(ALICE, xml('jingle', { xmlns: NS.jingle }))).toBe('bad-request');
    expect(await bob.say(ALICE, xml('ping', { xmlns: NS.ping }), 'get')).toBe('result');
    expect(await bob.say(ALICE, xml('query', { xmlns: 'urn:x' }), 'get')).toBe('service-unavailable');
    expect(await asked('content-remove', content('0'))).toBe('result');
    expect(await alice.ended()).toBe('normal');
  });

  it('says what it is, by the version that its presence names', async () => {
    const query = (node?: string): XmlElement =>
      xml('query', { xmlns: NS.discoInfo, ...(node === undefined ? {} : { node }) });
    const told = await bob.ask(ALICE, query());
    const features = told!.getChildren('feature').map(({ attrs }) => String(attrs.var));
    expect(features).toEqual(expect.arrayContaining([NS.jingle, NS.rtp, NS.rtpAudio, NS.ice, NS.message]));
    expect(features).toEqual([...features].sort());
    expect(features).not.toContain('urn:xmpp:jingle:apps:rtp:video');
    expect(await bob.say(ALICE, query('other'), 'get')).toBe('item-not-found');
  });
});

describe('an embedded Jingle client that calls', () => {
  async function proposed(): Promise<string> {
    await alice.run('call', { to: 'bob' });
    const { id } = (await bob.next('propose')).attrs;
    return id;
  }
  const at = `alice@${DOMAIN}`;

  it.each([
    ['busy', 'busy'],
    ['decline', 'declined'],
    ['expired', 'expired'],
  ])('learns that its proposal was rejected: %s', async (condition, code) => {
    const id = await proposed();
    await bob.tell(at, 'ringing', id);
    await alice.wait('ringing');
    await bob.tell(at, 'reject', id, reason(condition));
    expect(await alice.ended()).toBe(code);
  });

  it('retracts a proposal, and is not called back by a late proceed', async () => {
    const id = await proposed();
    await alice.run('hang-up');
    expect(reasonIn(await bob.next('retract'))).toBe('cancel');
    await bob.tell(at, 'proceed', id);
    expect(await bob.act(ALICE, id, 'session-info')).toBe('item-not-found unknown-session');
    expect(bob.heard.some((stanza) => stanza.getChild('jingle') !== undefined)).toBe(false);
  });

  it('is told why the session is terminated, and why it did not begin', async () => {
    let id = await proposed();
    await bob.tell(at, 'proceed', id);
    expect((await bob.next('session-initiate')).attrs).toMatchObject({ sid: id, initiator: ALICE });
    expect(await bob.act(ALICE, id, 'session-terminate', reason('connectivity-error', 'why'))).toBe('result');
    expect((await alice.wait('ended')).reason).toEqual({ code: 'media-failed', text: 'why' });
    expect(reasonIn(await bob.next('finish'))).toBe('expired');

    const since = alice.events.length;
    bob.refusals.set('session-initiate', writeError('wait', 'resource-constraint'));
    await alice.run('call', { to: 'bob' });
    id = (await bob.next('propose')).attrs.id;
    await bob.tell(at, 'proceed', id);
    expect(await alice.ended(since)).toBe('congestion');
  });

  it('of nobody, or of nobody who is there, learns so', async () => {
    await alice.run('call', { to: 'nobody' });
    expect(await alice.ended()).toBe('unavailable');
    const since = alice.events.length;
    await alice.run('call', { to: `bob@${DOMAIN}/nowhere` });
    expect(await alice.ended(since)).toBe('unavailable');
  });

  it('sends its candidates with the offer where it does not trickle, and after the answer where it does', async () => {
    let id = await proposed();
    await bob.tell(at, 'proceed', id);
    const early = (await bob.next('session-initiate')).getChild('content')!.getChild('transport')!;
    expect(early.getChildren('candidate')).toEqual([]);
    expect(await bob.act(ALICE, id, 'session-accept', recordedAccept())).toBe('result');
    const info = (await bob.next('transport-info')).getChild('content')!.getChild('transport', NS.ice)!;
    expect(info.attrs).toEqual({ xmlns: NS.ice, ufrag: early.attrs.ufrag, pwd: early.attrs.pwd });
    expect(info.getChild('candidate')!.attrs).toMatchObject({ ip: '127.0.0.1', type: 'host' });
    const said = bob.heard.flatMap((stanza) => stanza.getChild('jingle')?.attrs.action ?? []);
    expect(said).toEqual(['session-initiate', 'transport-info']);
    await alice.run('hang-up');

    const whole = await lab.client('carol', { trickle: false });
    await whole.run('call', { to: 'bob' });
    id = (await bob.next('propose')).attrs.id;
    await bob.tell(`carol@${DOMAIN}`, 'proceed', id);
    const all = (await bob.next('session-initiate')).getChild('content')!.getChild('transport')!;
    expect(all.getChildren('candidate')).toHaveLength(1);
  });

  it.each([
    [
      'with actpass, which decides nothing',
      (text: string) => text.replace('setup="active"', 'setup="actpass"'),
    ],
    ['without a codec that was offered', (text: string) => text.replaceAll(/id="[08]"/g, 'id="99"')],
    ['in the clear', (text: string) => text.replace(/<fingerprint.*?<\/fingerprint>/, '')],
    ['of another content', (text: string) => text.replace('name="audio"', 'name="other"')],
  ])('ends a call that is accepted %s', async (_how, spoil) => {
    const id = await proposed();
    await bob.tell(at, 'proceed', id);
    await bob.next('session-initiate');
    const right = recordedAccept().toString();
    const text = spoil(right);
    expect(text).not.toBe(right);
    expect(await bob.act(ALICE, id, 'session-accept', parse(text))).toBe('result');
    await bob.next('session-terminate');
    expect(await alice.ended()).toBe('not-acceptable');
  });
});

/** The content by which Chromium accepted audio, as an answer to ours. */
function recordedAccept(): XmlElement {
  const text = recordedJingle('chromium-audio-session-accept').getChild('content')!.toString();
  const named = text.replace('name="0"', 'name="audio"');
  return parse(named.replace('<content ', `<content xmlns="${NS.jingle}" `));
}

function withoutFingerprint(element: XmlElement): XmlElement {
  element.getChild('transport')?.remove('fingerprint', NS.dtls);
  return element;
}
