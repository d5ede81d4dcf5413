import {
  type Connection,
  type Direction,
  isRtp,
  type Line,
  type MediaDescription,
  type SessionDescription,
  transportMedia,
} from '@crosspoint/sdp';
import { NS } from '../namespaces.ts';
import { element, type XmlElement } from '../xml/element.ts';
import { defaultCandidate, isAnyAddress } from './default-address.ts';
import { type Dropped, DroppedLines } from './dropped.ts';
import type { JingleExtension } from './extensions.ts';
import { isRejected } from './rejected.ts';
import { RtpElement } from './rtp-element.ts';
import { type JingleRole, toSenders } from './senders.ts';
import { TransportElement } from './transport-element.ts';

export interface ToContentsOptions {
  /** The side that wrote the description: who sends is named by side. */
  readonly role: JingleRole;
  /** The name and the creator of the content that an m-section stands for; its mid and the initiator without it. */
  readonly contentOf?: (mid: string | undefined, index: number) => ContentKey | undefined;
  readonly extensions?: readonly JingleExtension[];
}

/** What a content is known by (XEP-0166 section 7.3). */
export interface ContentKey {
  readonly creator: JingleRole;
  readonly name: string;
}

export interface JingleContents {
  /** `<content/>`, one for each m-section that is in use, in order. */
  readonly contents: readonly XmlElement[];
  /** `<group/>` (XEP-0338). */
  readonly groups: readonly XmlElement[];
  /** M-sections refused by port 0: Jingle says that by actions. */
  readonly rejected: readonly number[];
  readonly dropped: readonly Dropped[];
}

/**
 * A description as Jingle contents. What has no mapping is in `dropped`, by name. What every description must have and Jingle
 * does not need (v=, o=, t=0 0, an address that is a candidate's or none) is made anew on the way back.
 */
export function toContents(description: SessionDescription, options: ToContentsOptions): JingleContents {
  const { session, media } = description;
  const drops = new DroppedLines();
  const shared = new SessionLines(session.lines, drops);
  const contents: XmlElement[] = [];
  const rejected: number[] = [];
  const names = new Map<string, string>();
  const makings = media.map((section) => (isRejected(section) ? undefined : new TransportElement(drops)));

  let line = session.lines.length;
  const readers = media.map((section, index) => {
    const transport = makings[index];
    drops.mediaIndex = index;
    drops.line = line + 1;
    const reader = transport === undefined ? undefined : new SectionLines(section, transport, options, drops);
    for (const each of section.lines) {
      line++;
      drops.line = line;
      reader?.take(each);
    }
    return { reader, end: line };
  });
  media.forEach((section, index) => {
    const { reader, end } = readers[index]!;
    if (reader === undefined) {
      rejected.push(index);
      return;
    }
    drops.mediaIndex = index;
    drops.line = end - section.lines.length + 1;
    const key = options.contentOf?.(reader.mid, index);
    const name = key?.name ?? reader.mid ?? String(index);
    if (reader.mid !== undefined) names.set(reader.mid, name);
    makings[index]!.inherit(shared.transport);
    if (!makings[index]!.isWhole) {
      const carrier = transportMedia(description, index);
      const carried = carrier === undefined ? undefined : makings[media.indexOf(carrier)];
      if (carried !== undefined) makings[index]!.inherit(carried);
    }
    const content = reader.content({ creator: key?.creator ?? 'initiator', name }, shared);
    if (content !== undefined) contents.push(content);
  });
  const groups = shared.groups.map(({ semantics, mids }) =>
    element(
      NS.grouping,
      'group',
      { semantics },
      mids.map((mid) => element(NS.grouping, 'content', { name: names.get(mid) ?? mid })),
    ),
  );
  const dropped = drops.list.sort((a, b) => a.line - b.line);
  return { contents, groups, rejected, dropped };
}

/** What the session part says for all m-sections. */
class SessionLines {
  readonly transport: TransportElement;
  readonly headers: Line[] = [];
  readonly groups: { readonly semantics: string; readonly mids: readonly string[] }[] = [];
  direction: Direction = 'sendrecv';
  mixed: Line | undefined;
  connection: { readonly value: Connection; readonly line: number } | undefined;

  constructor(lines: readonly Line[], drops: DroppedLines) {
    this.transport = new TransportElement(drops);
    lines.forEach((line, at) => {
      drops.line = at + 1;
      if (!this.#take(line, at + 1)) drops.whole(line);
    });
  }

  #take(line: Line, place: number): boolean {
    switch (line.kind) {
      case 'v':
      case 'o':
        return true;
      case 's':
        return line.value === '-' || line.value.trim() === '';
      case 't':
        return line.value.start === 0 && line.value.stop === 0;
      case 'c':
        this.connection = { value: line.value, line: place };
        return true;
      case 'group':
        this.groups.push(line.value);
        return true;
      case 'extmap':
        this.headers.push(line);
        return true;
      case 'extmap-allow-mixed':
        this.mixed = line;
        return true;
      case 'sendrecv':
      case 'sendonly':
      case 'recvonly':
      case 'inactive':
        this.direction = line.kind;
        return true;
      case 'candidate':
      case 'sctp-port':
      case 'sctpmap':
      case 'end-of-candidates':
        return false;
      default:
        return this.transport.take(line);
    }
  }
}

/** One m-section being read. */
class SectionLines {
  readonly #media: MediaDescription;
  readonly #transport: TransportElement;
  readonly #rtp: RtpElement | undefined;
  readonly #options: ToContentsOptions;
  readonly #drops: DroppedLines;
  #direction: Direction | undefined;
  #hasHeaders = false;
  #connection: { readonly value: Connection; readonly line: number } | undefined;
  #rtcp: { readonly line: Extract<Line, { kind: 'rtcp' }>; readonly at: number } | undefined;
  mid: string | undefined;

  constructor(
    media: MediaDescription,
    transport: TransportElement,
    options: ToContentsOptions,
    drops: DroppedLines,
  ) {
    this.#media = media;
    this.#transport = transport;
    this.#options = options;
    this.#drops = drops;
    this.#rtp = isRtp(media)
      ? new RtpElement(media, options.role, drops, options.extensions ?? [])
      : undefined;
  }

  take(line: Line): void {
    switch (line.kind) {
      case 'm':
        if (line.value.ports !== undefined) this.#drops.add('m= ports', String(line.value.ports));
        return;
      case 'c':
        this.#connection ??= { value: line.value, line: this.#drops.line };
        return;
      case 'mid':
        if (this.mid === undefined) this.mid = line.value;
        else this.#drops.whole(line);
        return;
      case 'rtcp':
        this.#rtcp = { line, at: this.#drops.line };
        return;
      case 'sendrecv':
      case 'sendonly':
      case 'recvonly':
      case 'inactive':
        if (this.#direction === undefined) this.#direction = line.kind;
        else this.#drops.whole(line);
        return;
      case 'extmap':
        this.#hasHeaders = true;
        break;
      case 'blank':
        return;
      default:
    }
    if (this.#rtp?.take(line) === true || this.#transport.take(line)) return;
    this.#drops.whole(line);
  }

  content(key: ContentKey, shared: SessionLines): XmlElement | undefined {
    const transport = this.#transport;
    const rtp = this.#rtp;
    const { media, port, protocol, formats } = this.#media;
    if (rtp === undefined && !isDataChannel(this.#media)) {
      this.#drops.add('m=', `${media} ${port} ${protocol} ${formats.join(' ')}`);
      return undefined;
    }
    this.#inheritLines(shared);
    const profile = rtp === undefined ? 'UDP/DTLS/SCTP' : profileOf(transport.fingerprints.length > 0, rtp);
    if (protocol !== profile) this.#drops.add('m= protocol', protocol);
    this.#address(shared);
    const senders = toSenders(this.#direction ?? shared.direction, this.#options.role);
    // XEP-0343 leaves the application open; a bare data channel has its own namespace for a description (ours).
    const description = rtp?.element() ?? element(NS.webrtcDataChannel, 'description');
    return element(NS.jingle, 'content', { creator: key.creator, name: key.name, senders }, [
      description,
      transport.element(),
    ]);
  }

  #inheritLines(shared: SessionLines): void {
    const rtp = this.#rtp;
    if (rtp === undefined) return;
    if (shared.mixed !== undefined && !rtp.hasMixed) rtp.take(shared.mixed);
    if (!this.#hasHeaders) for (const line of shared.headers) rtp.take(line);
  }

  /** An address is lost where it is no candidate's: then nobody could make it again. */
  #address(shared: SessionLines): void {
    const { port } = this.#media;
    const drops = this.#drops;
    const mLine = drops.line;
    const { candidates } = this.#transport;
    const connection = this.#connection ?? shared.connection;
    const address = connection?.value.address;
    let isKnown = address === undefined || isAnyAddress(address);
    let isPort = port === 9 || port === 0;
    for (let at = 0; at < candidates.length && !(isKnown && isPort); at++) {
      const { candidate } = candidates[at]!;
      if (candidate.component !== 1) continue;
      if (candidate.address === address) isKnown = true;
      if (candidate.port === port) isPort = true;
    }
    if (!isKnown) {
      drops.line = connection!.line;
      drops.add('c=', address!);
    }
    if (!isPort) {
      drops.line = mLine;
      drops.add('m= port', String(port));
    }
    if (this.#rtcp === undefined) return;
    const { value } = this.#rtcp.line;
    const second = defaultCandidate(
      candidates.map(({ candidate }) => candidate),
      2,
    );
    if (value.port === 9 || value.port === second?.port) return;
    drops.line = this.#rtcp.at;
    drops.whole(this.#rtcp.line);
  }
}

function isDataChannel({ media, protocol }: MediaDescription): boolean {
  return media === 'application' && protocol.includes('SCTP');
}

/** The profile that follows from what a description says (XEP-0167 section 4, 0293 section 3, RFC 5764 for a fingerprint). */
function profileOf(hasFingerprint: boolean, rtp: RtpElement): string {
  if (hasFingerprint) return 'UDP/TLS/RTP/SAVPF';
  const secure = rtp.hasCrypto ? 'SAVP' : 'AVP';
  return rtp.hasFeedback ? `RTP/${secure}F` : `RTP/${secure}`;
}
