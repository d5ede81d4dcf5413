import {
  type Codec,
  type Direction,
  isRtp,
  type LazyDescription,
  lineText,
  type MediaLine,
} from '@crosspoint/sdp';
import { isMain, relayableCodecs } from './codec-key.ts';
import type { MediaProfile } from './media-profile.ts';
import { otherRelaySide, type RelayOptions, type RelaySide } from './relay.ts';
import { RelayError } from './relay-error.ts';
import { type LinePlace, type PlannedLine, RelayedLine } from './relayed-line.ts';
import { isNowhere } from './remote-transport.ts';

const DTLS = 'UDP/TLS/RTP/SAVPF';
const PROTOCOLS: Readonly<Record<MediaProfile, string>> = { webrtc: DTLS, rtp: 'RTP/AVP', srtp: 'RTP/SAVP' };
/** More m-lines than any call has. */
const MOST_LINES = 32;

/** Offer and answer of a relayed call: which m-line is which on either side, with which codecs and numbers. Pure. */
export class Negotiation {
  readonly lines: RelayedLine[] = [];
  readonly #profiles: Readonly<Record<RelaySide, MediaProfile>>;
  readonly #options: RelayOptions;
  readonly #transcodes: boolean;
  #offerer: RelaySide | undefined;
  /** What was offered to the answerer, by line. */
  #offered = new Set<RelayedLine>();

  /** With `transcodes` a side may answer what the other did not offer. */
  constructor(
    profiles: Readonly<Record<RelaySide, MediaProfile>>,
    options: RelayOptions = {},
    transcodes = false,
  ) {
    this.#profiles = profiles;
    this.#options = options;
    this.#transcodes = transcodes;
  }

  /** Whose offer was last taken. */
  get offerer(): RelaySide | undefined {
    return this.#offerer;
  }

  /** The line that a side has at m-section `index`. */
  lineAt(side: RelaySide, index: number): RelayedLine | undefined {
    return this.lines.find((line) => line.at(side)?.index === index);
  }

  /** Takes an offer: what the other side is to be offered. @throws RelayError, SdpError */
  offer(from: RelaySide, description: LazyDescription): PlannedLine[] {
    if (description.mediaCount > MOST_LINES) {
      const words = `${description.mediaCount} m-sections`;
      throw new RelayError('too-many', 'RFC 8866 section 5.14', words);
    }
    const to = otherRelaySide(from);
    const plans: PlannedLine[] = [];
    const offered = new Set<RelayedLine>();
    const codecs = new Map<number, Codec[]>();
    for (let index = 0; index < description.mediaCount; index++) {
      const media = description.mediaLine(index);
      this.#checkProfile(from, description, index, media);
      codecs.set(index, this.#relayable(from, description, index, media));
    }
    if (![...codecs.values()].some((each) => each.length > 0)) this.#nothingToOffer(from, description);
    for (const [index, each] of codecs) {
      const line = this.#lineOf(from, description, index);
      if (each.length === 0) continue;
      offered.add(line);
      const place = line.at(to) ?? this.#newPlace(to, line);
      line.place(to, place);
      const use = { codecs: line.types.offer(from, each), ...this.#use(from, description, index) };
      plans.push({ line, place, use });
    }
    for (const line of this.lines) {
      const place = line.at(to);
      if (place !== undefined && !offered.has(line)) plans.push({ line, place, use: undefined });
    }
    this.#offerer = from;
    this.#offered = offered;
    return inOrder(plans);
  }

  /** Takes an answer: what the offerer is to be answered. @throws RelayError, SdpError */
  answer(from: RelaySide, description: LazyDescription): PlannedLine[] {
    const to = otherRelaySide(from);
    if (this.#offerer !== to) {
      throw new RelayError('no-offer', 'RFC 3264 section 4', `nothing was offered to the ${from}`);
    }
    const plans: PlannedLine[] = [];
    let agreed = 0;
    for (const line of this.lines) {
      const place = line.at(to);
      const index = line.at(from)?.index;
      if (place === undefined) continue;
      const answered = this.#offered.has(line) && index !== undefined && index < description.mediaCount;
      const codecs = answered ? this.#answered(from, description, index, line) : [];
      line.agreed = codecs.length > 0;
      if (!line.agreed || index === undefined) {
        plans.push({ line, place, use: undefined });
        continue;
      }
      agreed++;
      plans.push({ line, place, use: { codecs, ...this.#use(from, description, index) } });
    }
    if (agreed === 0) {
      const words = `the ${from} answered with nothing that it was offered`;
      throw new RelayError('no-common-codec', 'RFC 3264 section 6.1', words);
    }
    return inOrder(plans);
  }

  #checkProfile(from: RelaySide, description: LazyDescription, index: number, media: MediaLine): void {
    if (!isInUse(description, index, media) || !isRtp(media)) return;
    const dtls =
      (description.first(index, 'fingerprint') ?? description.first(-1, 'fingerprint')) !== undefined;
    const crypto = description.first(index, 'crypto') !== undefined;
    const profile = this.#profiles[from];
    const right =
      profile === 'webrtc'
        ? dtls
        : profile === 'srtp'
          ? crypto
          : !dtls || media.protocol.startsWith('RTP/AVP');
    if (right) return;
    const words = `the ${from} speaks ${profile}, and this m-section is ${media.protocol}${dtls ? ' with a fingerprint' : ''}${crypto ? ' with a=crypto' : ''}`;
    throw new RelayError(
      profile === 'webrtc' ? 'dtls-missing' : 'profile-mismatch',
      'RFC 8827 section 6.5',
      words,
      index,
    );
  }

  #relayable(from: RelaySide, description: LazyDescription, index: number, media: MediaLine): Codec[] {
    if (!isInUse(description, index, media) || !isRtp(media)) return [];
    const { codecs: allowed, media: kinds = ['audio', 'video'] } = this.#options;
    const to = this.#profiles[otherRelaySide(from)];
    if (media.media !== 'audio' && media.media !== 'video') return [];
    const plain = to !== 'webrtc' || this.#profiles[from] !== 'webrtc';
    if (plain && !kinds.includes(media.media)) return [];
    const names =
      media.media === 'audio' && !this.#transcodes ? allowed?.map((name) => name.toLowerCase()) : undefined;
    const isAllowed = names && ((codec: Codec) => names.includes(codec.name.toLowerCase()));
    return relayableCodecs(description.codecs(index), to, isAllowed);
  }

  #answered(from: RelaySide, description: LazyDescription, index: number, line: RelayedLine): Codec[] {
    const media = description.mediaLine(index);
    if (media.port === 0 || !isRtp(media)) return [];
    this.#checkProfile(from, description, index, media);
    const place = line.at(from)!;
    line.place(from, { ...place, muxed: description.first(index, 'rtcp-mux') !== undefined });
    const said = description.codecs(index);
    const codecs = this.#transcodes ? said : line.types.answer(from, said);
    return codecs.some(isMain) ? codecs : [];
  }

  #lineOf(from: RelaySide, description: LazyDescription, index: number): RelayedLine {
    const { media, protocol, formats } = description.mediaLine(index);
    let line = this.lineAt(from, index);
    // RFC 3264 section 8: a place may be taken again by other media once it is refused.
    if (line === undefined || line.media !== media) {
      line = new RelayedLine(this.lines.length, media);
      this.lines.push(line);
    }
    const mid = description.first(index, 'mid');
    const muxed = description.first(index, 'rtcp-mux') !== undefined;
    line.place(from, { index, mid, protocol, formats, muxed });
    return line;
  }

  #newPlace(side: RelaySide, line: RelayedLine): LinePlace {
    const index = this.lines.filter((each) => each !== line && each.at(side) !== undefined).length;
    const profile = this.#profiles[side];
    const mid = profile === 'webrtc' ? String(index) : undefined;
    return { index, mid, protocol: PROTOCOLS[profile], formats: [], muxed: profile === 'webrtc' };
  }

  #use(
    from: RelaySide,
    description: LazyDescription,
    index: number,
  ): { direction: Direction; kept: string[] } {
    const kept: string[] = [];
    const keptBoth = this.#profiles.caller === this.#profiles.callee && this.#profiles.caller === 'webrtc';
    for (const line of description.typed().media[index]!.lines) {
      const { kind } = line;
      const always =
        kind === 'ptime' || kind === 'maxptime' || (kind === 'b' && isPlainBandwidth(line.value.type));
      if (always || (keptBoth && (kind === 'msid' || kind === 'ssrc'))) kept.push(lineText(line));
    }
    return { direction: this.#direction(from, description, index), kept };
  }

  #direction(from: RelaySide, description: LazyDescription, index: number): Direction {
    const said = description.direction(index);
    if (this.#profiles[from] === 'webrtc') return said;
    const { session, media } = description.typed();
    const line = [...media[index]!.lines, ...session.lines].find(({ kind }) => kind === 'c');
    const nowhere = line?.kind === 'c' && isNowhere(line.value.address);
    if (!nowhere) return said;
    // RFC 3264 section 8.4: who gives no address takes nothing.
    return said === 'sendrecv' || said === 'sendonly' ? 'sendonly' : 'inactive';
  }

  #nothingToOffer(from: RelaySide, description: LazyDescription): never {
    const names = new Set<string>();
    for (let index = 0; index < description.mediaCount; index++) {
      for (const { name } of description.codecs(index)) if (name !== '') names.add(name);
    }
    const { codecs } = this.#options;
    const allowed = codecs === undefined ? 'audio and video that a relay can pass on' : codecs.join(', ');
    const words = `the ${from} offers ${[...names].join(', ') || 'no codec'}, and the other side may have ${allowed}`;
    throw new RelayError('no-common-codec', 'RFC 3264 section 6.1', words);
  }
}

function isInUse(description: LazyDescription, index: number, { port }: MediaLine): boolean {
  return port !== 0 || description.first(index, 'bundle-only') !== undefined;
}

const isPlainBandwidth = (type: string): boolean => type === 'AS' || type === 'TIAS';

const inOrder = (plans: readonly PlannedLine[]): PlannedLine[] =>
  plans.toSorted((a, b) => a.place.index - b.place.index);
