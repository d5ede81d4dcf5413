import { readdirSync, readFileSync } from 'node:fs';
import { checkAnswer, type LazyDescription, lint, open, SdpError } from '@crosspoint/sdp';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MediaProfile } from './media-profile.ts';
import { spokenMedia } from './media-profile.ts';
import { Negotiation } from './negotiation.ts';
import { otherRelaySide, type RelayOptions, type RelaySide } from './relay.ts';
import { RelayError } from './relay-error.ts';
import type { PlannedLine } from './relayed-line.ts';
import { descriptionLines, type LocalTransport, SideDescriptions } from './write-description.ts';

const CORPUS = new URL('../../../sdp/src/fixtures/corpus/', import.meta.url);
const NAMES = readdirSync(CORPUS)
  .filter((name) => name.endsWith('.sdp'))
  .map((name) => name.slice(0, -'.sdp'.length));
const recorded = (name: string): LazyDescription =>
  open(readFileSync(new URL(`${name}.sdp`, CORPUS), 'utf8'));
const named = (pattern: RegExp): string[] => NAMES.filter((name) => pattern.test(name));

const WEBRTC_OFFERS = [
  ...named(/^(chromium|firefox)-offer-/),
  ...named(/^made-(chrome|firefox)-(audio|av)-(cand|nocand)$/),
  ...named(/^(baresip|linphone)-.*-in-.*INVITE/),
];
/** What rtpengine offered plain sides: as plain as recorded offers get. */
const PLAIN_OFFERS = named(/^rtpengine-offer-of-.*-to-(avp|avpf)/);

/** A relay without sockets: its ends are made up. */
class PaperRelay {
  readonly negotiation: Negotiation;
  readonly #profiles: Readonly<Record<RelaySide, MediaProfile>>;
  readonly #described = {
    caller: new SideDescriptions('1', '10.9.1.1'),
    callee: new SideDescriptions('2', '10.9.1.1'),
  };

  constructor(caller: MediaProfile, callee: MediaProfile, options?: RelayOptions) {
    this.#profiles = { caller, callee };
    this.negotiation = new Negotiation(this.#profiles, options);
  }

  offer(from: RelaySide, description: LazyDescription): LazyDescription {
    return this.#write('offer', otherRelaySide(from), this.negotiation.offer(from, description));
  }

  answer(from: RelaySide, description: LazyDescription): LazyDescription {
    return this.#write('answer', otherRelaySide(from), this.negotiation.answer(from, description));
  }

  #write(type: 'offer' | 'answer', to: RelaySide, plans: readonly PlannedLine[]): LazyDescription {
    const described = this.#described[to];
    return described.write(descriptionLines(type, plans, this.#local(type, to, plans), described.started));
  }

  #local(type: 'offer' | 'answer', to: RelaySide, plans: readonly PlannedLine[]): LocalTransport {
    const address = '10.9.1.1';
    if (this.#profiles[to] !== 'webrtc') {
      const ports = plans.map(
        ({ line }) => [line.id, { rtp: 40_000 + 2 * line.id, rtcp: 40_001 + 2 * line.id }] as const,
      );
      return { kind: 'plain', address, ports: new Map(ports) };
    }
    return {
      kind: 'webrtc',
      address,
      port: 50_000,
      ufrag: 'relay',
      pwd: 'relay-password-of-22-characters',
      fingerprint: { hash: 'sha-256', value: new Array(32).fill('AB').join(':') },
      setup: type === 'offer' ? 'actpass' : 'active',
      candidates: ['candidate:1 1 UDP 2122317823 10.9.1.1 50000 typ host'],
      stream: 'relay',
    };
  }
}

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

/** As a phone of G.711 answers: audio with what it knows, and nothing else. */
function plainAnswer(offer: LazyDescription): LazyDescription {
  const lines = ['v=0', 'o=- 1 1 IN IP4 10.9.0.1', 's=-', 'c=IN IP4 10.9.0.1', 't=0 0'];
  for (let index = 0; index < offer.mediaCount; index++) {
    const { media, protocol, formats } = offer.mediaLine(index);
    const known = offer.codecs(index).filter(({ name }) => /^(PCMU|telephone-event|opus)$/i.test(name));
    const numbers = known.map(({ payloadType }) => payloadType);
    if (media !== 'audio' || numbers.length === 0)
      lines.push(`m=${media} 0 ${protocol} ${formats.join(' ')}`);
    else {
      lines.push(`m=audio 46000 ${protocol} ${numbers.join(' ')}`);
      for (const { payloadType, name, clockRate, channels } of known) {
        lines.push(`a=rtpmap:${payloadType} ${name}/${clockRate}${channels > 1 ? `/${channels}` : ''}`);
      }
    }
  }
  return open(`${lines.join('\r\n')}\r\n`);
}

describe('recorded WebRTC offers, relayed to plain RTP', () => {
  it('are many', () => expect(WEBRTC_OFFERS.length).toBeGreaterThan(30));

  it.each(WEBRTC_OFFERS)('%s', (name) => {
    const relay = new PaperRelay('webrtc', 'rtp');
    const offer = recorded(name);
    const offered = relay.offer('caller', offer);
    expect(errorsOf(offered, 'sip')).toEqual([]);
    expect(spokenMedia(offered).profile).toBe('rtp');
    expect(offered.text).not.toMatch(
      /fingerprint|ice-|candidate|BUNDLE|rtcp-mux|rtcp-fb|extmap|ssrc|msid|a=mid/,
    );
    const clocks = offered
      .codecs(0)
      .filter(({ name: codec }) => codec !== 'telephone-event')
      .map(({ clockRate }) => clockRate);
    for (const { name: codec, clockRate } of offered.codecs(0)) {
      if (codec === 'telephone-event' && clockRate !== 8000) expect(clocks).toContain(clockRate);
    }
    const answered = relay.answer('callee', plainAnswer(offered));
    expect(errorsOf(answered, 'webrtc')).toEqual([]);
    expect(answerErrors(offer, answered, 'webrtc')).toEqual([]);
  });
});

describe('recorded plain offers, relayed to a browser', () => {
  it.each(PLAIN_OFFERS)('%s', (name) => {
    const relay = new PaperRelay('rtp', 'webrtc');
    const offer = recorded(name);
    const offered = relay.offer('caller', offer);
    expect(errorsOf(offered, 'webrtc')).toEqual([]);
    expect(spokenMedia(offered).profile).toBe('webrtc');
    // A browser answers as it was offered: what a relay says to one is as good as what a browser says.
    const browser = new PaperRelay('rtp', 'webrtc');
    const answer = browser.offer('caller', offer).replaceAttribute(0, 'setup', 'active');
    const answered = relay.answer('callee', answer);
    expect(errorsOf(answered, 'sip')).toEqual([]);
    expect(answerErrors(offer, answered, 'sip')).toEqual([]);
  });
});

describe('offer and answer through a relay', () => {
  const AUDIO =
    'a=rtpmap:111 opus/48000/2\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:110 telephone-event/48000\r\na=rtpmap:126 telephone-event/8000\r\n';
  const plain = (formats: string, more = ''): LazyDescription =>
    open(
      `v=0\r\no=- 1 1 IN IP4 10.9.0.1\r\ns=-\r\nc=IN IP4 10.9.0.1\r\nt=0 0\r\nm=audio 46000 RTP/AVP ${formats}\r\n${more}`,
    );

  it('keeps digits of 48000 Hz away from a codec of 8000 Hz', () => {
    const relay = new PaperRelay('rtp', 'rtp', { codecs: ['PCMU'] });
    const offered = relay.offer('caller', plain('111 0 110 126', AUDIO));
    expect(offered.codecs(0).map(({ name, clockRate }) => `${name}/${clockRate}`)).toEqual([
      'PCMU/8000',
      'telephone-event/8000',
    ]);
  });

  it('maps numbers that the sides chose apart, both ways, also in a later offer', () => {
    const relay = new PaperRelay('rtp', 'rtp');
    relay.offer('caller', plain('0 126', 'a=rtpmap:126 telephone-event/8000\r\n'));
    relay.answer('callee', plain('0 101', 'a=rtpmap:101 telephone-event/8000\r\n'));
    const { types } = relay.negotiation.lines[0]!;
    expect(types.route('caller')[126]).toBe(101);
    // By the book the callee sends what the offer said; many send what they said themselves.
    expect([types.route('callee')[126], types.route('callee')[101]]).toEqual([126, 126]);
    expect([...types.events('caller')]).toEqual([126]);
    const again = relay.offer('callee', plain('0 101', 'a=rtpmap:101 telephone-event/8000\r\n'));
    expect(again.mediaLine(0).formats).toEqual(['0', '126']);
  });

  it('never gives one number two meanings', () => {
    const relay = new PaperRelay('rtp', 'rtp');
    relay.offer('caller', plain('96', 'a=rtpmap:96 opus/48000/2\r\n'));
    relay.answer('callee', plain('96', 'a=rtpmap:96 opus/48000/2\r\n'));
    const offered = relay.offer(
      'callee',
      plain('96 97', 'a=rtpmap:96 opus/48000/2\r\na=rtpmap:97 iLBC/8000\r\n'),
    );
    expect(offered.mediaLine(0).formats).toEqual(['96', '97']);
    const swapped = new PaperRelay('rtp', 'rtp');
    swapped.offer('caller', plain('96', 'a=rtpmap:96 opus/48000/2\r\n'));
    swapped.answer('callee', plain('98', 'a=rtpmap:98 opus/48000/2\r\n'));
    const back = swapped.offer(
      'callee',
      plain('98 96', 'a=rtpmap:98 opus/48000/2\r\na=rtpmap:96 iLBC/8000\r\n'),
    );
    const [opus, ilbc] = back.codecs(0);
    expect([opus!.payloadType, opus!.name, ilbc!.name]).toEqual([96, 'opus', 'iLBC']);
    expect(ilbc!.payloadType).not.toBe(96);
  });

  it('refuses a profile that a side was not opened with, and an answer to nothing', () => {
    const relay = new PaperRelay('webrtc', 'rtp');
    expect(() => relay.offer('caller', plain('0'))).toThrow(
      expect.objectContaining({ code: 'dtls-missing' }),
    );
    expect(() => relay.answer('callee', plain('0'))).toThrow(expect.objectContaining({ code: 'no-offer' }));
    const srtp = new PaperRelay('srtp', 'rtp');
    expect(() => srtp.offer('caller', plain('0'))).toThrow(
      expect.objectContaining({ code: 'profile-mismatch' }),
    );
    const many = `v=0\r\no=- 1 1 IN IP4 10.9.0.1\r\ns=-\r\nt=0 0\r\n${'m=audio 1 RTP/AVP 0\r\n'.repeat(200)}`;
    expect(() => relay.offer('caller', open(many))).toThrow(expect.objectContaining({ code: 'too-many' }));
  });

  it('counts the version of what it says, and only where that changes', () => {
    const relay = new PaperRelay('rtp', 'rtp');
    const version = (text: string): string => /^o=- \d+ (\d+) /m.exec(text)![1]!;
    const first = relay.offer('caller', plain('0'));
    expect(version(relay.offer('caller', plain('0')).text)).toBe('1');
    expect(version(relay.offer('caller', plain('0', 'a=sendonly\r\n')).text)).toBe('2');
    expect(version(first.text)).toBe('1');
  });

  it('takes any damage with a typed error or a clean description', () => {
    const texts = [...WEBRTC_OFFERS, ...PLAIN_OFFERS].map((name) => recorded(name).text);
    const damaged = fc
      .tuple(fc.constantFrom(...texts), fc.nat(), fc.nat({ max: 60 }), fc.string({ maxLength: 12 }))
      .map(([text, at, length, by]) => {
        const from = at % text.length;
        return text.slice(0, from) + by + text.slice(from + length);
      });
    fc.assert(
      fc.property(damaged, fc.constantFrom<MediaProfile>('webrtc', 'rtp', 'srtp'), (text, profile) => {
        const relay = new PaperRelay(profile, 'rtp');
        try {
          const offered = relay.offer('caller', open(text));
          expect(errorsOf(offered, 'sip').filter((words) => !/rtpmap-missing|clock/.test(words))).toEqual([]);
        } catch (error) {
          if (!(error instanceof RelayError) && !(error instanceof SdpError)) throw error;
        }
      }),
      { numRuns: 300 },
    );
  });
});
