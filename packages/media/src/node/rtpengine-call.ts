import {
  type Codec,
  type Crypto,
  codecs as codecsOf,
  type LazyDescription,
  lineText,
  open,
} from '@crosspoint/sdp';
import { relayableCodecs } from '../relay/codec-key.ts';
import type { MediaProfile } from '../relay/media-profile.ts';
import { Negotiation } from '../relay/negotiation.ts';
import { otherRelaySide, type RelayedCall, type RelayOptions, type RelaySide } from '../relay/relay.ts';
import { RelayError } from '../relay/relay-error.ts';
import type { PlannedLine, RelayedLine } from '../relay/relayed-line.ts';
import { readRemotePlain, readRemoteWebrtc } from '../relay/remote-transport.ts';
import type { SilenceWatch } from '../relay/silence-watch.ts';
import { protectionOf, type RelayStatistics } from '../relay/statistics.ts';
import { descriptionLines, type LocalTransport, SideDescriptions } from '../relay/write-description.ts';
import type { NgClient } from './ng-client.ts';
import { ngFlow } from './ng-statistics.ts';
import { ngFlags } from './rtpengine-flags.ts';

/**
 * One call through rtpengine. rtpengine is given the m-lines that are relayed and nothing else, and its descriptions
 * are taken for their transports and codecs; what the sides read is written as the embedded relay writes it.
 */
export class RtpengineCall implements RelayedCall {
  readonly failed: Promise<string>;
  readonly #client: NgClient;
  readonly #callId: string;
  readonly #profiles: Readonly<Record<RelaySide, MediaProfile>>;
  readonly #options: RelayOptions;
  readonly #negotiation: Negotiation;
  readonly #described: Readonly<Record<RelaySide, SideDescriptions>>;
  readonly #stream: string;
  readonly #onClose: () => void;
  readonly #silence: SilenceWatch;
  /** The lines that rtpengine knows, in its order. */
  #known: readonly RelayedLine[] = [];
  #answeredOnce = false;
  #fail: (words: string) => void = () => {};
  #turn: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(
    client: NgClient,
    callId: string,
    profiles: Readonly<Record<RelaySide, MediaProfile>>,
    options: RelayOptions,
    own: {
      readonly caller: string;
      readonly callee: string;
      readonly stream: string;
      readonly silence: SilenceWatch;
      readonly onClose: () => void;
    },
  ) {
    this.#client = client;
    this.#callId = callId;
    this.#profiles = profiles;
    // rtpengine 10.5 cannot BUNDLE: a second m-line would have a transport that browsers do not make.
    this.#options = { media: ['audio'], ...options };
    this.#negotiation = new Negotiation(profiles, this.#options, options.transcodeTo !== undefined);
    const { caller, callee, stream, silence, onClose } = own;
    this.#silence = silence;
    this.#stream = stream;
    const here = '127.0.0.1';
    this.#described = {
      caller: new SideDescriptions(caller, here),
      callee: new SideDescriptions(callee, here),
    };
    this.#onClose = onClose;
    this.failed = new Promise((resolve) => {
      this.#fail = resolve;
    });
  }

  offer(from: RelaySide, description: LazyDescription): Promise<LazyDescription> {
    return this.#inTurn(async () => {
      const plans = this.#negotiation.offer(from, description);
      this.#silence.described(from, description);
      const offered = plans.filter(({ use }) => use !== undefined).map(({ line }) => line);
      this.#known = [...new Set([...this.#known, ...offered])];
      const to = otherRelaySide(from);
      return this.#exchange('offer', from, to, description, plans, from);
    });
  }

  answer(from: RelaySide, description: LazyDescription): Promise<LazyDescription> {
    return this.#inTurn(async () => {
      const plans = this.#negotiation.answer(from, description);
      this.#silence.described(from, description);
      const to = otherRelaySide(from);
      const answered = await this.#exchange('answer', from, to, description, plans, to);
      this.#answeredOnce = true;
      return answered;
    });
  }

  /** rtpengine answers checks from wherever they come: it needs no candidates of a side that can reach it. */
  candidates(): void {}

  async statistics(): Promise<RelayStatistics> {
    const reply = await this.#client.request('query', { 'call-id': this.#callId });
    return {
      callerToCallee: ngFlow(reply, 'caller'),
      calleeToCaller: ngFlow(reply, 'callee'),
      protection: {
        caller: protectionOf(this.#profiles.caller),
        callee: protectionOf(this.#profiles.callee),
      },
    };
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#onClose();
    const whole = { 'call-id': this.#callId, 'delete-delay': 0 };
    // Gone, or not there to be told: either way nothing of the call is left with us.
    await this.#client.request('delete', whole).catch(() => {});
  }

  /** Asks whether rtpengine still has the call, and whether something still comes from both sides. */
  async check(elapsedMs: number): Promise<void> {
    if (this.#closed || this.#known.length === 0) return;
    try {
      const { callerToCallee, calleeToCaller } = await this.statistics();
      const silent = this.#silence.look(elapsedMs, {
        caller: callerToCallee.packets + callerToCallee.rtcpPackets,
        callee: calleeToCaller.packets + calleeToCaller.rtcpPackets,
      });
      if (silent !== undefined && !this.#closed) this.#fail(silent);
    } catch (error) {
      if (!this.#closed) this.#fail(error instanceof Error ? error.message : String(error));
    }
  }

  async #exchange(
    type: 'offer' | 'answer',
    from: RelaySide,
    to: RelaySide,
    description: LazyDescription,
    plans: readonly PlannedLine[],
    offerer: RelaySide,
  ): Promise<LazyDescription> {
    const both = type === 'answer' || this.#answeredOnce;
    const reply = await this.#client.request(type, {
      'call-id': this.#callId,
      'from-tag': offerer,
      ...(both ? { 'to-tag': otherRelaySide(offerer) } : {}),
      sdp: this.#forRtpengine(from, description),
      ...ngFlags(this.#profiles[to], type, this.#options),
    });
    if (typeof reply.sdp !== 'string') {
      throw new RelayError('relay-refused', 'rtpengine NG protocol', `rtpengine gave no sdp to ${type}`);
    }
    return this.#fromRtpengine(type, to, open(reply.sdp), plans);
  }

  /**
   * The relayed m-lines of a description in rtpengine's order; one that is not there is refused. That a page trickles is
   * said in each: rtpengine 10.5 does not look for it above, and takes the 0.0.0.0 of candidates to come for a hold.
   */
  #forRtpengine(from: RelaySide, description: LazyDescription): string {
    const { session, media } = description.typed();
    const head = session.lines.filter(({ kind }) => !NOT_FOR_RTPENGINE.includes(kind)).map(lineText);
    const options = this.#profiles[from] === 'webrtc' ? ['a=ice-options:trickle'] : [];
    const sections = this.#known.flatMap((line) => {
      const place = line.at(from);
      const section = place === undefined ? undefined : media[place.index];
      if (section !== undefined) {
        return [
          ...section.lines.filter(({ kind }) => !NOT_FOR_RTPENGINE.includes(kind)).map(lineText),
          ...options,
        ];
      }
      return [`m=${line.media} 0 ${place?.protocol ?? 'RTP/AVP'} 0`];
    });
    return [...head, ...sections, ''].join('\r\n');
  }

  #fromRtpengine(
    type: 'offer' | 'answer',
    to: RelaySide,
    given: LazyDescription,
    plans: readonly PlannedLine[],
  ): LazyDescription {
    const at = new Map(this.#known.map((line, index) => [line, index]));
    const planned = plans.map((plan): PlannedLine => {
      const index = at.get(plan.line);
      if (plan.use === undefined || index === undefined) return plan;
      if (index >= given.mediaCount || given.mediaLine(index).port === 0) return { ...plan, use: undefined };
      return { ...plan, use: { ...plan.use, codecs: this.#codecs(type, to, given, index, plan) } };
    });
    const used = planned.flatMap(({ line, use }) => (use === undefined ? [] : [at.get(line)!]));
    const described = this.#described[to];
    const local = this.#transport(to, given, used);
    return described.write(descriptionLines(type, planned, local, described.started));
  }

  /** rtpengine leaves numbers as they are: in an answer only those stay that were offered as the same. */
  #codecs(
    type: 'offer' | 'answer',
    to: RelaySide,
    given: LazyDescription,
    index: number,
    plan: PlannedLine,
  ): readonly Codec[] {
    const allowed = this.#options.codecs?.map((name) => name.toLowerCase());
    const isAllowed = allowed && ((codec: Codec) => allowed.includes(codec.name.toLowerCase()));
    const codecs = relayableCodecs(codecsOf(given.typed().media[index]!), this.#profiles[to], isAllowed);
    if (type === 'offer') return codecs;
    return codecs.filter(({ payloadType }) => plan.place.formats.includes(String(payloadType)));
  }

  #transport(to: RelaySide, given: LazyDescription, used: readonly number[]): LocalTransport {
    const first = used[0];
    const remote = first === undefined ? undefined : readRemotePlain(given, first);
    if (first === undefined || remote === undefined) {
      throw new RelayError('relay-refused', 'RFC 3264 section 6', 'rtpengine refused every m-section');
    }
    const { address, port } = remote;
    if (this.#profiles[to] === 'webrtc') {
      const { ufrag, pwd, fingerprint, setup, candidates } = readRemoteWebrtc(given, first);
      return {
        kind: 'webrtc',
        address,
        port,
        ufrag,
        pwd,
        fingerprint,
        setup,
        candidates,
        stream: this.#stream,
      };
    }
    const ports = used.map((index) => {
      const { port: rtp, rtcpPort: rtcp, crypto } = readRemotePlain(given, index)!;
      return [this.#known[index]!.id, { rtp, rtcp, crypto: crypto.filter(isPhoneSuite) }] as const;
    });
    return { kind: 'plain', address, ports: new Map(ports) };
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(() => {
      if (this.#closed) throw new RelayError('closed', 'RFC 3261 section 15', 'the relayed call is over');
      return work();
    });
    this.#turn = done.catch(() => {});
    return done;
  }
}

/** What groups m-sections, and what is said in each of them. */
const NOT_FOR_RTPENGINE = ['group', 'bundle-only', 'ice-options', 'blank'];

/** rtpengine offers a dozen suites, those without encryption among them; phones have these (RFC 4568 section 6.2). */
const isPhoneSuite = ({ suite }: Crypto): boolean => suite.startsWith('AES_CM_128_HMAC_SHA1_');
