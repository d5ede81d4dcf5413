import { readdirSync, readFileSync } from 'node:fs';
import { type RelayCandidate, RelayError, type RelayedCall, type RelaySide } from '@crosspoint/media';
import { candidates, checkAnswer, type LazyDescription, lint, open } from '@crosspoint/sdp';
import type { Signal, TrickledCandidate } from '@crosspoint/signaling';
import { fromWireCandidate } from '@crosspoint/signaling';
import { describe, expect, it } from 'vitest';
import type { CallTimers } from '../call-timers.ts';
import { chooseMedia, relayProfiles } from './choose-media.ts';
import { fromWebrtcPhone } from './from-webrtc-phone.ts';
import { type RelayRefusal, relayed } from './relayed.ts';
import { toWebrtcPhone } from './to-webrtc-phone.ts';
import { webrtcToWebrtcSip } from './webrtc-to-webrtc-sip.ts';

const CORPUS = new URL('../../../sdp/src/fixtures/corpus/', import.meta.url);
const recorded = (name: string): LazyDescription =>
  open(readFileSync(new URL(`${name}.sdp`, CORPUS), 'utf8'));
const NAMES = readdirSync(CORPUS)
  .filter((name) => name.endsWith('.sdp'))
  .map((name) => name.slice(0, -'.sdp'.length));
const named = (pattern: RegExp): string[] => NAMES.filter((name) => pattern.test(name));

const BROWSER = named(/^(chromium|firefox)-(offer|answer)-/);
const PHONE_OFFERS = named(/^(baresip|linphone)-.*-in-.*rx-INVITE/);
const PHONE_ANSWERS = named(/^(baresip|linphone)-.*-out-.*(200_Answering|200_Ok)/);

function errorsOf(description: LazyDescription, profile: 'webrtc' | 'sip'): string[] {
  const found = lint(description.typed(), { profile });
  return found
    .filter(({ severity }) => severity === 'error')
    .map(({ code, message }) => `${code}: ${message}`);
}

function answerErrors(offer: LazyDescription, answer: LazyDescription, profile: 'webrtc' | 'sip'): string[] {
  const found = checkAnswer(offer.typed(), answer.typed(), { profile });
  return found
    .filter(({ severity }) => severity === 'error')
    .map(({ code, message }) => `${code}: ${message}`);
}

/** Timers that the test fires. */
class HandTimers implements CallTimers {
  readonly running = new Map<number, () => void>();
  #next = 0;
  start(_ms: number, fire: () => void): unknown {
    this.running.set(++this.#next, fire);
    return this.#next;
  }
  stop(handle: unknown): void {
    this.running.delete(handle as number);
  }
  fire(): void {
    for (const [handle, fire] of [...this.running]) {
      this.running.delete(handle);
      fire();
    }
  }
}

const offerOf = (description: LazyDescription): Signal => ({ type: 'offer', description });
const told = async (given: readonly Signal[] | Promise<readonly Signal[]>): Promise<readonly Signal[]> =>
  given;
const described = async (given: readonly Signal[] | Promise<readonly Signal[]>): Promise<LazyDescription> => {
  const [signal] = await given;
  if (signal?.type !== 'offer' && signal?.type !== 'answer')
    throw new Error(`not described: ${signal?.type}`);
  return signal.description;
};

describe('what a description speaks', () => {
  it('is read from what the recorded systems sent', () => {
    expect([BROWSER.length, PHONE_OFFERS.length, PHONE_ANSWERS.length].every((count) => count >= 8)).toBe(
      true,
    );
    for (const name of [...BROWSER, ...PHONE_OFFERS, ...PHONE_ANSWERS]) {
      expect([name, chooseMedia(recorded(name)).speaks]).toEqual([name, 'webrtc']);
    }
    expect(chooseMedia(recorded('plain-answer-audio-avp-mask'))).toMatchObject({
      speaks: 'rtp',
      why: 'm=audio is RTP/AVP without fingerprint and a=crypto',
    });
    expect(chooseMedia(recorded('plain-answer-audio-savp-sdes')).speaks).toBe('srtp');
    expect(chooseMedia(recorded('rtpengine-offer-of-chromium-audio-to-savp-sdes')).speaks).toBe('srtp');
  });

  it('says what a browser lacks', () => {
    const offer = recorded(PHONE_OFFERS[0]!);
    expect(chooseMedia(offer).missing).toEqual([]);
    expect(chooseMedia(offer.withoutAttribute(0, 'rtcp-mux')).missing).toEqual([
      'rtcp-mux (RFC 8834 section 4.5)',
    ]);
    const plain = recorded('plain-answer-audio-avp-mask');
    expect(relayProfiles('caller', offer, 'webrtc')).toBeUndefined();
    expect(relayProfiles('caller', offer, 'rtp')).toEqual({ caller: 'webrtc', callee: 'rtp' });
    expect(relayProfiles('callee', plain, 'webrtc')).toEqual({ caller: 'webrtc', callee: 'rtp' });
    expect(relayProfiles('callee', plain, 'rtp')).toBeUndefined();
  });
});

describe('a browser with a phone that speaks WebRTC', () => {
  it.each(PHONE_OFFERS)('takes the offer %s', (name) => {
    const offer = fromWebrtcPhone(recorded(name), undefined);
    expect(errorsOf(offer, 'webrtc')).toEqual([]);
    expect(offer.mediaLine(0).protocol).toBe('UDP/TLS/RTP/SAVPF');
    for (const each of ['fingerprint', 'setup', 'ice-ufrag', 'ice-pwd', 'mid'] as const) {
      expect(offer.first(0, each)).toBeDefined();
    }
    expect(offer.all(-1, 'group')).toMatchObject([{ semantics: 'BUNDLE', mids: [offer.first(0, 'mid')] }]);
  });

  it.each(
    PHONE_ANSWERS.map((name) => {
      const [phone, browser, codec] = [
        /^[a-z]+(-tcp)?/.exec(name)![0],
        /-(chrome|firefox)-/.exec(name)![1],
        /-(opus|pcmu)-/.exec(name)![1],
      ];
      return [name, `${browser === 'chrome' ? 'chromium' : 'firefox'}-offer-to-${phone}-${codec}`];
    }),
  )('takes the answer %s to %s', (name, offered) => {
    const offer = recorded(offered!);
    const answer = fromWebrtcPhone(recorded(name!), offer.typed());
    expect(errorsOf(answer, 'webrtc')).toEqual([]);
    expect(answerErrors(offer, answer, 'webrtc')).toEqual([]);
  });

  it.each(BROWSER)('gives the phone %s', (name) => {
    const fitted = toWebrtcPhone(recorded(name), { chokesOn: ['extmap', 'ssrc'] }, undefined);
    expect(errorsOf(fitted, 'sip')).toEqual([]);
    expect(fitted.text).not.toMatch(/trickle|\.local|a=extmap:|a=ssrc:/);
    expect(fitted.count(0, 'fingerprint') + fitted.count(-1, 'fingerprint')).toBeGreaterThan(0);
  });

  it('has something to do: as they were sent, browsers would refuse them', () => {
    const wrong = (name: string): boolean => {
      const sent = recorded(name);
      return errorsOf(sent, 'webrtc').length > 0 || sent.mediaLine(0).protocol !== 'UDP/TLS/RTP/SAVPF';
    };
    expect(PHONE_OFFERS.filter(wrong).length).toBeGreaterThan(0);
    const offer = recorded('chromium-offer-to-baresip-pcmu');
    const answer = recorded('baresip-chrome-out-pcmu-05-rx-SIP_2_0_200_Answering');
    expect(answerErrors(offer, answer, 'webrtc').join()).toContain('sip-no-mid');
  });

  it('answers a phone as the phone offered', () => {
    const offer = recorded(named(/^linphone-chrome-in-pcmu.*INVITE/)[0]!);
    const toBrowser = fromWebrtcPhone(offer, undefined);
    const mid = toBrowser.first(0, 'mid')!;
    let answer = recorded('chromium-answer-from-linphone-pcmu').replaceAttribute(0, 'mid', mid);
    answer = answer.replaceAttribute(-1, 'group', { semantics: 'BUNDLE', mids: [mid] });
    const toPhone = toWebrtcPhone(answer, {}, offer.typed());
    expect(toPhone.mediaLine(0).protocol).toBe('UDP/TLS/RTP/SAVP');
    expect([toPhone.first(0, 'mid'), toPhone.all(-1, 'group')]).toEqual([undefined, []]);
    expect(answerErrors(offer, toPhone, 'sip')).toEqual([]);
  });

  it('trims spaces, settles a role that is left open, and keeps what is right', () => {
    const offer = recorded('chromium-offer-to-baresip-pcmu');
    const answer = recorded('baresip-chrome-out-pcmu-05-rx-SIP_2_0_200_Answering');
    const bad = open(
      answer.text.replace(/^(m=.*?)\r$/m, '$1  \r').replace('a=setup:active', 'a=setup:actpass'),
    );
    const fitted = fromWebrtcPhone(bad, offer.typed());
    expect(fitted.text).toMatch(/^m=audio 20092 UDP\/TLS\/RTP\/SAVPF 0 126\r$/m);
    expect(fitted.first(0, 'setup')).toBe('passive');
    expect(answerErrors(offer, fitted, 'webrtc')).toEqual([]);
    expect(fromWebrtcPhone(answer, offer.typed()).first(0, 'setup')).toBe('active');
  });

  it('refuses media that the phone does not take', () => {
    const fitted = toWebrtcPhone(recorded('made-chrome-av-cand'), { media: ['audio'] }, undefined);
    expect([0, 1].map((at) => fitted.mediaLine(at).port > 0)).toEqual([true, false]);
    expect(fitted.all(-1, 'group')).toMatchObject([{ mids: ['0'] }]);
    expect(errorsOf(fitted, 'sip')).toEqual([]);
  });
});

describe('gathering for a phone that cannot trickle', () => {
  const HOST = 'candidate:1 1 udp 2122260223 10.9.1.1 40000 typ host';
  const MDNS = 'candidate:2 1 udp 2122260223 0f9a.local 40001 typ host';
  const trickled = (candidate: string, ufrag?: string): TrickledCandidate =>
    fromWireCandidate({ candidate, sdpMid: '0', sdpMLineIndex: 0, usernameFragment: ufrag ?? null });
  const say = (...lines: TrickledCandidate[]): Signal => ({ type: 'candidates', candidates: lines });

  it('waits for the end, and puts what came into its place', async () => {
    const timers = new HandTimers();
    const policy = webrtcToWebrtcSip({ phoneSide: 'callee', timers });
    const waiting = policy.toCallee(offerOf(recorded('made-chrome-audio-nocand')));
    expect(await told(policy.toCallee(say(trickled(HOST), trickled(MDNS))))).toEqual([]);
    expect(timers.running.size).toBe(1);
    expect(policy.toCallee(say(trickled('', 'another')))).toEqual([]);
    expect(timers.running.size).toBe(1);
    policy.toCallee(say(trickled('')));
    const offer = await described(waiting);
    expect(timers.running.size).toBe(0);
    expect(candidates(offer.typed().media[0]!).map(({ address }) => address)).toEqual(['10.9.1.1']);
    expect(offer.mediaLine(0).port).toBe(40_000);
    expect(offer.text).toMatch(/^c=IN IP4 10\.9\.1\.1\r$/m);
    expect(offer.text).toContain('a=end-of-candidates');
    expect(errorsOf(offer, 'sip')).toEqual([]);
  });

  it('waits no longer than it is told to, and sends nothing late', async () => {
    const timers = new HandTimers();
    const policy = webrtcToWebrtcSip({ phoneSide: 'callee', timers, gatherMs: 500 });
    const waiting = policy.toCallee(offerOf(recorded('made-chrome-audio-nocand')));
    policy.toCallee(say(trickled(HOST)));
    timers.fire();
    expect((await described(waiting)).count(0, 'candidate')).toBe(1);
    expect(policy.toCallee(say(trickled(HOST)))).toEqual([]);
  });

  it('does not wait toward a phone that trickles, nor for what is complete', async () => {
    const timers = new HandTimers();
    const trickling = webrtcToWebrtcSip({ phoneSide: 'callee', timers, phone: { trickles: true } });
    expect(Array.isArray(trickling.toCallee(offerOf(recorded('made-chrome-audio-nocand'))))).toBe(true);
    expect(trickling.toCallee(say(trickled(HOST)))).toHaveLength(1);
    const policy = webrtcToWebrtcSip({ phoneSide: 'callee', timers });
    const whole = recorded('made-chrome-audio-cand').addAttribute(0, 'end-of-candidates', true);
    expect(Array.isArray(policy.toCallee(offerOf(whole)))).toBe(true);
    expect(timers.running.size).toBe(0);
  });

  it('knows the phone as the caller', async () => {
    const timers = new HandTimers();
    const policy = webrtcToWebrtcSip({ phoneSide: 'caller', timers });
    const offer = await described(policy.toCallee(offerOf(recorded(PHONE_OFFERS[0]!))));
    expect(offer.first(0, 'mid')).toBe('0');
    const answer: Signal = { type: 'answer', description: recorded('chromium-answer-from-baresip-pcmu') };
    const waiting = policy.toCaller(answer);
    policy.toCaller(say(trickled('')));
    expect((await described(waiting)).first(0, 'mid')).toBeUndefined();
    expect(policy.toCaller({ type: 'ringing' })).toEqual([{ type: 'ringing' }]);
  });
});

describe('what changes in a call with a phone, and what does not', () => {
  const sdp = (setup: string, more: readonly string[] = []): LazyDescription =>
    open(
      [
        ...['v=0', 'o=- 1 1 IN IP4 10.9.1.1', 's=-', 'c=IN IP4 10.9.1.1', 't=0 0'],
        'm=audio 4000 UDP/TLS/RTP/SAVPF 0',
        ...['a=mid:sound', 'a=rtcp-mux', 'a=ice-ufrag:abcd', 'a=ice-pwd:0123456789012345678901'],
        `a=fingerprint:sha-256 ${Array.from({ length: 32 }, () => 'AB').join(':')}`,
        `a=setup:${setup}`,
        ...more,
        '',
      ].join('\r\n'),
    );
  const DATA = ['m=application 9 UDP/DTLS/SCTP webrtc-datachannel', 'a=mid:messages'];

  it('a phone that was active stays so, though it answers a re-offer with actpass (RFC 8842 section 5.5)', async () => {
    const policy = webrtcToWebrtcSip({ phoneSide: 'callee', timers: new HandTimers() });
    const answer = async (setup: string): Promise<string | undefined> =>
      (
        await described(policy.toCaller({ type: 'answer', description: sdp(setup) }) as readonly Signal[])
      ).first(0, 'setup');
    void policy.toCallee(offerOf(sdp('actpass', ['a=end-of-candidates'])));
    expect(await answer('active')).toBe('active');
    expect(await answer('actpass')).toBe('active');
  });

  it('a phone that was answered by an active browser is passive in what it answers later', async () => {
    const policy = webrtcToWebrtcSip({ phoneSide: 'caller', timers: new HandTimers() });
    void policy.toCallee(offerOf(sdp('actpass')));
    void policy.toCaller({ type: 'answer', description: sdp('passive', ['a=end-of-candidates']) });
    void policy.toCaller(offerOf(sdp('actpass', ['a=end-of-candidates'])));
    const given = policy.toCallee({ type: 'answer', description: sdp('actpass') });
    expect((await described(given as readonly Signal[])).first(0, 'setup')).toBe('active');
  });

  it('a phone that offers to be either begins, and not in what it offers later', async () => {
    const policy = webrtcToWebrtcSip({ phoneSide: 'caller', timers: new HandTimers() });
    const first = await described(policy.toCallee(offerOf(sdp('actpass'))));
    expect(first.first(0, 'setup')).toBe('active');
    void policy.toCaller({ type: 'answer', description: sdp('passive', ['a=end-of-candidates']) });
    const later = await described(policy.toCallee(offerOf(sdp('actpass'))));
    expect(later.first(0, 'setup')).toBe('actpass');
    const passive = fromWebrtcPhone(sdp('passive'), undefined);
    expect(passive.first(0, 'setup')).toBe('passive');
  });

  it('a refused data channel that linphone offers again as audio is a data channel to the browser', () => {
    const known = sdp('actpass', DATA).typed();
    const again = open(`${sdp('actpass').text}m=audio 0 RTP/AVP 0\r\na=inactive\r\n`);
    const fitted = fromWebrtcPhone(again, undefined, known);
    expect(fitted.text).toContain('m=application 0 UDP/DTLS/SCTP webrtc-datachannel\r\n');
    expect(fitted.first(1, 'mid')).toBe('messages');
    expect(fitted.mediaLine(0)).toMatchObject({ media: 'audio', port: 4000, formats: ['0'] });
  });

  it('a refused data channel keeps the format that was offered, and each m-section its mid', () => {
    const offer = sdp('actpass', DATA);
    const phone = sdp('active').text.replace('a=mid:sound\r\n', '');
    const answer = open(`${phone}m=application 0 UDP/DTLS/SCTP 0\r\n`);
    const fitted = fromWebrtcPhone(answer, offer.typed());
    expect(fitted.text).toContain('m=application 0 UDP/DTLS/SCTP webrtc-datachannel\r\n');
    // In an offer of the phone's own, in the call, both stay as the browser knows them.
    const again = fromWebrtcPhone(answer, undefined, offer.typed());
    expect(again.text).toContain('m=application 0 UDP/DTLS/SCTP webrtc-datachannel\r\n');
    expect([again.first(0, 'mid'), again.first(1, 'mid')]).toEqual(['sound', 'messages']);
  });

  it('two descriptions that wait each get their candidates, and a later one of the generation does not wait', async () => {
    const timers = new HandTimers();
    const policy = webrtcToWebrtcSip({ phoneSide: 'caller', timers });
    const answer = policy.toCaller({ type: 'answer', description: sdp('active') });
    const offer = policy.toCaller(offerOf(sdp('actpass')));
    const candidate = fromWireCandidate({
      candidate: 'candidate:1 1 udp 1 10.9.1.1 40000 typ host',
      sdpMid: 'sound',
      usernameFragment: 'abcd',
    });
    void policy.toCaller({
      type: 'candidates',
      candidates: [candidate, { candidate: undefined, ufrag: 'abcd' }],
    });
    expect(timers.running.size).toBe(0);
    for (const given of [answer, offer]) {
      expect((await described(given as Promise<readonly Signal[]>)).text).toContain(
        '10.9.1.1 40000 typ host',
      );
    }
    const later = policy.toCaller(offerOf(sdp('actpass')));
    expect(timers.running.size).toBe(0);
    expect((await described(later as Promise<readonly Signal[]>)).text).toContain('10.9.1.1 40000 typ host');
  });
});

describe('media through a relay', () => {
  class ScriptedRelay implements RelayedCall {
    readonly heard: string[] = [];
    readonly failed = new Promise<string>(() => {});
    refuse = false;
    async #take(kind: string, from: RelaySide): Promise<LazyDescription> {
      this.heard.push(`${kind} ${from}`);
      if (this.refuse) throw new RelayError('no-common-codec', 'RFC 3264 section 6.1', 'nothing in common');
      return recorded('plain-answer-audio-avp-mask');
    }
    offer(from: RelaySide): Promise<LazyDescription> {
      return this.#take('offer', from);
    }
    answer(from: RelaySide): Promise<LazyDescription> {
      return this.#take('answer', from);
    }
    candidates(from: RelaySide, given: readonly RelayCandidate[]): void {
      this.heard.push(`${given.map(({ candidate }) => candidate || 'end').join(', ')} ${from}`);
    }
    async statistics(): Promise<never> {
      throw new Error('not asked for');
    }
    async close(): Promise<void> {}
  }

  it('takes every description and candidate through it, and nothing else', async () => {
    const call = new ScriptedRelay();
    const policy = relayed({ call, onRefused: () => expect.unreachable() });
    const description = recorded('chromium-offer-to-sipp-echo-pcmu');
    expect((await described(policy.toCallee({ type: 'offer', description }))).mediaLine(0).protocol).toBe(
      'RTP/AVP',
    );
    expect(await told(policy.toCaller({ type: 'answer', description }))).toHaveLength(1);
    const candidate = fromWireCandidate({
      candidate: 'candidate:1 1 udp 1 10.9.1.1 40000 typ host',
      sdpMid: '0',
    });
    expect(
      policy.toCallee({ type: 'candidates', candidates: [candidate, { candidate: undefined }] }),
    ).toEqual([]);
    expect(policy.toCaller({ type: 'accepted' })).toEqual([{ type: 'accepted' }]);
    expect(call.heard).toEqual([
      'offer caller',
      'answer callee',
      'candidate:1 1 udp 1 10.9.1.1 40000 typ host, end caller',
    ]);
  });

  it('tells who was refused', async () => {
    const call = new ScriptedRelay();
    call.refuse = true;
    const refusals: RelayRefusal[] = [];
    const policy = relayed({ call, onRefused: (refusal) => refusals.push(refusal) });
    const description = recorded('chromium-offer-to-sipp-echo-pcmu');
    expect(await told(policy.toCallee({ type: 'offer', description }))).toEqual([]);
    expect(refusals).toMatchObject([{ from: 'caller', type: 'offer', error: { code: 'no-common-codec' } }]);
  });
});
