import type { LazyDescription } from '@crosspoint/sdp';
import { FlowCount } from '../relay/flow-count.ts';
import type { MediaProfile } from '../relay/media-profile.ts';
import { Negotiation } from '../relay/negotiation.ts';
import {
  otherRelaySide,
  RELAY_SIDES,
  type RelayCandidate,
  type RelayedCall,
  type RelayOptions,
  type RelaySide,
} from '../relay/relay.ts';
import { RelayError } from '../relay/relay-error.ts';
import type { PlannedLine } from '../relay/relayed-line.ts';
import { type RemoteWebrtc, readRemotePlain, readRemoteWebrtc } from '../relay/remote-transport.ts';
import { SilenceWatch } from '../relay/silence-watch.ts';
import { protectionOf, type RelayStatistics } from '../relay/statistics.ts';
import { descriptionLines, type LocalTransport, SideDescriptions } from '../relay/write-description.ts';
import type { EmbeddedRelaySettings } from './embedded-relay.ts';
import { PacketRouter } from './packet-router.ts';
import { PlainEnd } from './plain-end.ts';
import { WebrtcEnd } from './webrtc-end.ts';

type End =
  | { readonly webrtc: WebrtcEnd; readonly plain?: never }
  | { readonly plain: PlainEnd; readonly webrtc?: never };

/** One call through the embedded relay: offers and answers are taken one after the other. */
export class EmbeddedCall implements RelayedCall {
  readonly failed: Promise<string>;
  readonly #negotiation: Negotiation;
  readonly #profiles: Readonly<Record<RelaySide, MediaProfile>>;
  readonly #ends: Readonly<Record<RelaySide, End>>;
  readonly #described: Readonly<Record<RelaySide, SideDescriptions>>;
  /** Of what comes from each side. */
  readonly #counts: Readonly<Record<RelaySide, FlowCount>> = {
    caller: new FlowCount(),
    callee: new FlowCount(),
  };
  readonly #router: PacketRouter;
  readonly #silence: SilenceWatch;
  readonly #onClose: () => void;
  /** A side's last offer, until it is answered for good. */
  readonly #offers: Partial<Record<RelaySide, LazyDescription>> = {};
  #fail: (words: string) => void = () => {};
  #turn: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(
    profiles: Readonly<Record<RelaySide, MediaProfile>>,
    options: RelayOptions,
    settings: EmbeddedRelaySettings,
    onClose: () => void,
  ) {
    this.#profiles = profiles;
    this.#negotiation = new Negotiation(profiles, options);
    this.#onClose = onClose;
    this.failed = new Promise((resolve) => {
      this.#fail = resolve;
    });
    this.#silence = new SilenceWatch(settings.silenceMs);
    this.#router = new PacketRouter(this.#counts, settings.packetsPerSecond);
    const end = (side: RelaySide): End => this.#openEnd(side, settings);
    this.#ends = { caller: end('caller'), callee: end('callee') };
    this.#router.attach('caller', sender(this.#ends.caller));
    this.#router.attach('callee', sender(this.#ends.callee));
    const name = (): string => String(1 + Math.floor(settings.random() * 2 ** 52));
    const descriptions = (): SideDescriptions => new SideDescriptions(name(), settings.address);
    this.#described = { caller: descriptions(), callee: descriptions() };
  }

  #openEnd(side: RelaySide, settings: EmbeddedRelaySettings): End {
    const { address, ports, random } = settings;
    const router = this.#router;
    if (this.#profiles[side] === 'webrtc') {
      const stream = `relay${Math.floor(random() * 2 ** 32).toString(16)}`;
      const events = {
        packet: (bytes: Buffer) => router.fromBundle(side, bytes),
        failed: (words: string) => this.#died(words),
      };
      return { webrtc: new WebrtcEnd({ address, ports, stream }, events) };
    }
    const encrypted = this.#profiles[side] === 'srtp';
    const plainPorts = ports ?? { from: 20_000, to: 59_999 };
    const plain = new PlainEnd({ address, ports: plainPorts, random, encrypted }, this.#counts[side], {
      packet: (line, bytes) => router.fromLine(side, line, bytes),
      rtcp: (line, bytes) => router.rtcpFromLine(side, line, bytes),
    });
    return { plain };
  }

  offer(from: RelaySide, description: LazyDescription): Promise<LazyDescription> {
    return this.#inTurn(async () => {
      const end = this.#ends[from];
      // Before anything is changed: a refused offer leaves the call as it was.
      if (end.webrtc !== undefined) end.webrtc.checkReoffer(this.#readWebrtc(from, description));
      const plans = this.#negotiation.offer(from, description);
      this.#offers[from] = description;
      this.#silence.described(from, description);
      const to = otherRelaySide(from);
      const other = this.#ends[to];
      const local =
        other.webrtc === undefined ? await this.#openPlain(other.plain, plans) : await other.webrtc.offer();
      return this.#write('offer', to, plans, local);
    });
  }

  answer(from: RelaySide, description: LazyDescription): Promise<LazyDescription> {
    return this.#inTurn(async () => {
      const to = otherRelaySide(from);
      const offer = this.#offers[to];
      const plans = this.#negotiation.answer(from, description);
      this.#silence.described(from, description);
      this.#connect(from, description);
      const end = this.#ends[to];
      let local: LocalTransport;
      if (end.webrtc !== undefined) local = await end.webrtc.answer(this.#readWebrtc(to, offer!));
      else {
        await end.plain.open(inUse(plans));
        this.#connectPlain(end.plain, to, offer!);
        local = end.plain.describe();
      }
      for (const line of this.#negotiation.lines) this.#router.route(line);
      return this.#write('answer', to, plans, local);
    });
  }

  candidates(from: RelaySide, candidates: readonly RelayCandidate[]): void {
    const { webrtc } = this.#ends[from];
    for (const { candidate } of candidates) if (candidate !== '') webrtc?.addCandidate(candidate);
  }

  statistics(): RelayStatistics {
    return {
      callerToCallee: this.#counts.caller.read(),
      calleeToCaller: this.#counts.callee.read(),
      protection: {
        caller: protectionOf(this.#profiles.caller),
        callee: protectionOf(this.#profiles.callee),
      },
    };
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    for (const side of RELAY_SIDES) {
      this.#ends[side].webrtc?.close();
      this.#ends[side].plain?.close();
    }
    this.#onClose();
  }

  /** Called each second. */
  tick(): void {
    this.#router.tick();
    for (const side of RELAY_SIDES) this.#ends[side].plain?.tick();
    const { caller, callee } = this.#counts;
    const silent = this.#silence.look(1000, { caller: caller.heard, callee: callee.heard });
    if (silent !== undefined) this.#died(silent);
  }

  async #openPlain(plain: PlainEnd, plans: readonly PlannedLine[]): Promise<LocalTransport> {
    await plain.open(inUse(plans));
    return plain.describe();
  }

  #connect(from: RelaySide, answer: LazyDescription): void {
    const end = this.#ends[from];
    if (end.webrtc !== undefined) end.webrtc.connect(this.#readWebrtc(from, answer));
    else this.#connectPlain(end.plain, from, answer);
  }

  #connectPlain(plain: PlainEnd, side: RelaySide, description: LazyDescription): void {
    for (const line of this.#negotiation.lines) {
      const index = line.at(side)?.index;
      if (index === undefined || index >= description.mediaCount) continue;
      plain.remote(line.id, line.agreed ? readRemotePlain(description, index) : undefined);
    }
  }

  /** The transport of a WebRTC description, which its m-sections must share. */
  #readWebrtc(side: RelaySide, description: LazyDescription): RemoteWebrtc {
    let first: number | undefined;
    for (let index = 0; index < description.mediaCount; index++) {
      const { media, port } = description.mediaLine(index);
      if (port === 0 || (media !== 'audio' && media !== 'video')) continue;
      first ??= index;
    }
    if (first === undefined) {
      const words = `the ${side}'s description has no audio or video in use`;
      throw new RelayError('no-common-codec', 'RFC 3264 section 6.1', words);
    }
    return readRemoteWebrtc(description, this.#carrier(description, first));
  }

  /** Where bundled, the first m-section in use has the transport, whatever it carries (RFC 9143 section 7.2). */
  #carrier(description: LazyDescription, index: number): number {
    const mid = description.first(index, 'mid');
    const groups = description.all(-1, 'group').filter(({ semantics }) => semantics === 'BUNDLE');
    const group = groups.find(({ mids }) => mid !== undefined && mids.includes(mid));
    for (let at = 0; group !== undefined && at < description.mediaCount; at++) {
      if (description.first(at, 'mid') === group.mids[0] && description.mediaLine(at).port !== 0) return at;
    }
    return index;
  }

  #write(
    type: 'offer' | 'answer',
    to: RelaySide,
    plans: readonly PlannedLine[],
    local: LocalTransport,
  ): LazyDescription {
    const described = this.#described[to];
    return described.write(descriptionLines(type, plans, local, described.started));
  }

  #died(words: string): void {
    if (!this.#closed) this.#fail(words);
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

const inUse = (plans: readonly PlannedLine[]): number[] =>
  plans.filter(({ use }) => use !== undefined).map(({ line }) => line.id);

function sender(end: End): Parameters<PacketRouter['attach']>[1] {
  const { webrtc, plain } = end;
  if (webrtc === undefined) {
    return {
      feedback: false,
      rtp: (line) => plain.sender(line),
      rtcp: (line, packet) => plain.sendRtcp(line, packet),
    };
  }
  return {
    feedback: true,
    rtp: () => (packet) => webrtc.send(packet),
    rtcp: (_line, packet) => webrtc.send(packet),
  };
}
