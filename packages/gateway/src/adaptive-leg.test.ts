import {
  type MediaProfile,
  type Relay,
  RelayError,
  type RelayedCall,
  type RelaySide,
} from '@crosspoint/media';
import { type LazyDescription, open } from '@crosspoint/sdp';
import type { Signal } from '@crosspoint/signaling';
import { describe, expect, it } from 'vitest';
import { AdaptiveLeg, type AdaptiveLegOptions, type LosableLeg, type MediaChoice } from './adaptive-leg.ts';
import { ScriptedLeg } from './scripted-leg.ts';

const PLAIN =
  'v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0\r\n';
const WEBRTC = [
  ...['v=0', 'o=- 1 1 IN IP4 127.0.0.1', 's=-', 't=0 0', 'm=audio 9 UDP/TLS/RTP/SAVPF 0', 'c=IN IP4 0.0.0.0'],
  ...['a=mid:0', 'a=rtcp-mux', 'a=ice-ufrag:abcd', 'a=ice-pwd:0123456789012345678901', 'a=setup:actpass'],
  `a=fingerprint:sha-256 ${Array.from({ length: 32 }, () => 'AB').join(':')}`,
  '',
].join('\r\n');
const webrtc = open(WEBRTC);
const plain = open(PLAIN);

class PhoneLeg extends ScriptedLeg implements LosableLeg {
  #lost: (() => void) | undefined;
  whenLost(lost: () => void): void {
    this.#lost = lost;
  }
  lose(): void {
    this.#lost?.();
  }
}

/** A relay that turns each description into one of the other profile. */
class FakeRelay implements Relay {
  readonly id = 'fake';
  readonly opened: Readonly<Record<RelaySide, MediaProfile>>[] = [];
  closed = 0;
  refuses: RelayError | undefined;
  fail: (words: string) => void = () => {};

  async open(_id: string, profiles: Readonly<Record<RelaySide, MediaProfile>>): Promise<RelayedCall> {
    this.opened.push(profiles);
    const given = (from: RelaySide): Promise<LazyDescription> => {
      if (this.refuses !== undefined) return Promise.reject(this.refuses);
      const to = from === 'caller' ? 'callee' : 'caller';
      return Promise.resolve(profiles[to] === 'webrtc' ? webrtc : plain);
    };
    return {
      offer: given,
      answer: given,
      candidates: () => {},
      statistics: () => {
        throw new Error('not asked for');
      },
      failed: new Promise((resolve) => {
        this.fail = resolve;
      }),
      close: async () => {
        this.closed++;
      },
    };
  }
  async close(): Promise<void> {}
}

interface Bench {
  readonly leg: AdaptiveLeg;
  readonly phones: PhoneLeg[];
  readonly relay: FakeRelay;
  readonly heard: Signal[];
  readonly choices: MediaChoice[];
  readonly spoken: MediaProfile[];
}

function bench(more: Partial<AdaptiveLegOptions> = {}): Bench {
  const phones: PhoneLeg[] = [];
  const relay = new FakeRelay();
  const heard: Signal[] = [];
  const choices: MediaChoice[] = [];
  const spoken: MediaProfile[] = [];
  const leg = new AdaptiveLeg({
    callId: 'c1',
    side: 'callee',
    makeLeg: () => {
      const phone = new PhoneLeg(`phone ${phones.length}`);
      phones.push(phone);
      return phone;
    },
    direct: () => ({ toCallee: (signal) => [signal], toCaller: (signal) => [signal] }),
    relay,
    media: 'auto',
    onChoice: (choice) => choices.push(choice),
    onSpoke: (speaks) => spoken.push(speaks),
    ...more,
  });
  leg.attach((signal) => heard.push(signal));
  return { leg, phones, relay, heard, choices, spoken };
}

/** Everything that is under way, done. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
const kinds = (signals: readonly Signal[]): string[] =>
  signals.map((signal) => (signal.type === 'end' ? `end ${signal.reason.code}` : signal.type));
const refusal = (status: string): Signal => ({
  type: 'end',
  reason: { code: 'not-acceptable', origin: { protocol: 'sip', code: status } },
});
const textOf = (signal: Signal | undefined): string | undefined =>
  signal?.type === 'offer' || signal?.type === 'answer' ? signal.description.text : undefined;

describe('a leg to a side that may not speak as browsers do', () => {
  it('goes directly where the far side answers with DTLS-SRTP; no relay is asked for', async () => {
    const { leg, phones, relay, heard, choices } = bench();
    leg.send({ type: 'offer', description: webrtc });
    await settled();
    expect(textOf(phones[0]!.told[0])).toBe(WEBRTC);
    phones[0]!.say({ type: 'ringing' }, { type: 'answer', description: webrtc }, { type: 'accepted' });
    await settled();
    expect(kinds(heard)).toEqual(['ringing', 'answer', 'accepted']);
    expect(relay.opened).toEqual([]);
    expect(choices.map(({ way }) => way)).toEqual(['direct']);
  });

  it('tells the policy of candidates while it holds the offer back', async () => {
    const told: string[] = [];
    let release: (signals: readonly Signal[]) => void = () => {};
    const { leg, phones } = bench({
      direct: () => ({
        toCallee: (signal) => {
          told.push(signal.type);
          if (signal.type === 'candidates') return [];
          return new Promise((resolve) => {
            release = resolve;
          });
        },
        toCaller: (signal) => [signal],
      }),
    });
    leg.send({ type: 'offer', description: webrtc });
    leg.send({ type: 'candidates', candidates: [] });
    await settled();
    expect(told).toEqual(['offer', 'candidates']);
    expect(phones[0]!.told).toEqual([]);
    release([{ type: 'offer', description: webrtc }]);
    await settled();
    expect(phones[0]!.heard).toEqual(['offer']);
  });

  it.each(['415', '488', '606'])(
    'calls again through the relay after %s, unheard by the caller',
    async (status) => {
      const { leg, phones, relay, heard, choices } = bench();
      leg.send({ type: 'offer', description: webrtc });
      await settled();
      phones[0]!.say(refusal(status));
      await settled();
      expect(heard).toEqual([]);
      expect(relay.opened).toEqual([{ caller: 'webrtc', callee: 'rtp' }]);
      expect(textOf(phones[1]!.told[0])).toBe(PLAIN);
      phones[1]!.say({ type: 'answer', description: plain }, { type: 'accepted' });
      await settled();
      expect(kinds(heard)).toEqual(['answer', 'accepted']);
      expect(textOf(heard[0])).toBe(WEBRTC);
      expect(choices.map(({ way }) => way)).toEqual(['direct', 'relay']);
    },
  );

  it('never gives a browser an answer in clear: that call is hung up, and placed again through the relay', async () => {
    const { leg, phones, heard } = bench();
    leg.send({ type: 'offer', description: webrtc });
    await settled();
    phones[0]!.say({ type: 'answer', description: plain }, { type: 'accepted' });
    await settled();
    expect(phones[0]!.heard).toEqual(['offer', 'end not-acceptable']);
    expect(heard).toEqual([]);
    expect(phones[1]!.heard).toEqual(['offer']);
  });

  it('ends the call where there is no relay, and where media must go directly', async () => {
    for (const more of [{ relay: undefined }, { media: 'direct' as const }]) {
      const { leg, phones, heard } = bench(more);
      leg.send({ type: 'offer', description: webrtc });
      await settled();
      phones[0]!.say({ type: 'answer', description: plain });
      await settled();
      expect(kinds(heard)).toEqual(['end not-acceptable']);
      expect(phones).toHaveLength(1);
    }
  });

  it('says what the far side speaks once it describes itself so, and not for a refusal', async () => {
    const { leg, phones, spoken } = bench();
    leg.send({ type: 'offer', description: webrtc });
    await settled();
    phones[0]!.say(refusal('488'));
    await settled();
    expect(phones).toHaveLength(2);
    expect(spoken).toEqual([]);
    phones[1]!.say({ type: 'answer', description: plain }, { type: 'accepted' });
    await settled();
    expect(spoken).toEqual(['rtp']);
    const direct = bench();
    direct.leg.send({ type: 'offer', description: webrtc });
    await settled();
    direct.phones[0]!.say({ type: 'answer', description: webrtc });
    await settled();
    expect(direct.spoken).toEqual(['webrtc']);
  });

  it('goes through the relay at once where the far side is known, or where all media must', async () => {
    for (const more of [{ speaks: 'rtp' as const }, { media: 'relay' as const }]) {
      const { leg, phones, relay } = bench(more);
      leg.send({ type: 'offer', description: webrtc });
      leg.send({ type: 'candidates', candidates: [] });
      await settled();
      expect(relay.opened).toHaveLength(1);
      expect(phones.map(({ heard }) => heard)).toEqual([['offer']]);
    }
  });

  it('passes on any other refusal, and tries no relay after the answer', async () => {
    const busy = bench();
    busy.leg.send({ type: 'offer', description: webrtc });
    await settled();
    busy.phones[0]!.say({ type: 'end', reason: { code: 'busy', origin: { protocol: 'sip', code: '486' } } });
    await settled();
    expect(kinds(busy.heard)).toEqual(['end busy']);
    const late = bench();
    late.leg.send({ type: 'offer', description: webrtc });
    await settled();
    late.phones[0]!.say({ type: 'answer', description: webrtc }, { type: 'accepted' }, refusal('488'));
    await settled();
    expect(kinds(late.heard)).toEqual(['answer', 'accepted', 'end not-acceptable']);
    expect(late.relay.opened).toEqual([]);
  });

  it.each([
    [PLAIN, [{ caller: 'rtp', callee: 'webrtc' }]],
    [WEBRTC, []],
  ] as const)('chooses by the offer of a phone that calls', async (offer, opened) => {
    const { phones, relay, heard } = bench({ side: 'caller' });
    phones[0]!.say({ type: 'offer', description: open(offer) });
    await settled();
    expect(relay.opened).toEqual(opened);
    expect(textOf(heard[0])).toBe(WEBRTC);
  });

  it('ends both sides where the relay refuses or dies, and lets it go with the call', async () => {
    const refused = bench({ speaks: 'rtp' });
    refused.relay.refuses = new RelayError(
      'no-common-codec',
      'RFC 3264 section 6',
      'no codec that both speak',
    );
    refused.leg.send({ type: 'offer', description: webrtc });
    await settled();
    expect(kinds(refused.heard)).toEqual(['end not-acceptable']);
    expect(refused.relay.closed).toBe(1);

    const died = bench({ speaks: 'rtp' });
    died.leg.send({ type: 'offer', description: webrtc });
    await settled();
    died.relay.fail('rtpengine is gone');
    await settled();
    expect(kinds(died.heard)).toEqual(['end media-failed']);
    expect(died.phones[0]!.heard).toEqual(['offer', 'end media-failed']);

    const over = bench({ speaks: 'rtp' });
    over.leg.send({ type: 'offer', description: webrtc });
    await settled();
    over.leg.send({ type: 'end', reason: { code: 'normal' } });
    expect(over.phones[0]!.heard).toEqual(['offer', 'end normal']);
    expect(over.relay.closed).toBe(1);
  });

  it('places no second call where an answer in the call comes without DTLS-SRTP', async () => {
    const { leg, phones, heard } = bench();
    leg.send({ type: 'offer', description: webrtc });
    await settled();
    phones[0]!.say({ type: 'answer', description: webrtc }, { type: 'accepted' });
    leg.send({ type: 'offer', description: webrtc });
    await settled();
    phones[0]!.say({ type: 'answer', description: plain });
    await settled();
    expect(phones).toHaveLength(1);
    expect(kinds(heard)).toEqual(['answer', 'accepted', 'end not-acceptable']);
    expect(phones[0]!.heard.at(-1)).toBe('end not-acceptable');
  });

  it('says when the far side is lost', async () => {
    const { leg, phones, relay } = bench({ speaks: 'rtp' });
    let lost = 0;
    leg.whenLost(() => lost++);
    leg.send({ type: 'offer', description: webrtc });
    await settled();
    phones[0]!.lose();
    expect(lost).toBe(1);
    expect(relay.closed).toBe(1);
  });
});

describe('a phone that calls without an offer', () => {
  const asks = async (speaks?: MediaProfile): Promise<Bench> => {
    const made = bench({ side: 'caller', ...(speaks === undefined ? {} : { speaks }) });
    made.phones[0]!.say({ type: 'ask-offer' });
    await settled();
    return made;
  };

  it('is offered what browsers speak, where nothing is known of it', async () => {
    const { leg, phones, heard, relay } = await asks();
    expect(kinds(heard)).toEqual(['ask-offer']);
    leg.send({ type: 'offer', description: webrtc });
    leg.send({ type: 'accepted' });
    await settled();
    expect(kinds(phones[0]!.told)).toEqual(['offer', 'accepted']);
    phones[0]!.say({ type: 'answer', description: webrtc });
    await settled();
    expect(kinds(heard)).toEqual(['ask-offer', 'answer']);
    expect(relay.opened).toEqual([]);
  });

  it('is offered plain RTP through the relay, where that is what it speaks', async () => {
    const { leg, phones, heard, relay } = await asks('rtp');
    expect(relay.opened).toEqual([{ caller: 'rtp', callee: 'webrtc' }]);
    leg.send({ type: 'offer', description: webrtc });
    await settled();
    expect(textOf(phones[0]!.told[0])).toBe(PLAIN);
    phones[0]!.say({ type: 'answer', description: plain });
    await settled();
    expect(textOf(heard.at(-1))).toBe(WEBRTC);
  });

  it('that answers DTLS-SRTP in clear is hung up', async () => {
    const { leg, phones, heard } = await asks();
    leg.send({ type: 'offer', description: webrtc });
    await settled();
    phones[0]!.say({ type: 'answer', description: plain });
    await settled();
    expect(kinds(heard)).toEqual(['ask-offer', 'end not-acceptable']);
    expect(kinds(phones[0]!.told)).toEqual(['offer', 'end not-acceptable']);
  });
});
