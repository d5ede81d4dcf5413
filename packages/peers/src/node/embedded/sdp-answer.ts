import {
  type Direction,
  isOffered,
  type RemoteDescription,
  type RemoteSection,
  type RemoteTransport,
  Unacceptable,
} from './sdp-read.ts';
import type { LocalAudio, LocalSection } from './sdp-write.ts';
import { eventTypeOf } from './telephone-events.ts';

export type CodecName = 'PCMU' | 'PCMA';
export const CODECS: readonly CodecName[] = ['PCMU', 'PCMA'];

/** What we want of a call. */
export interface Wishes {
  /** In this order. */
  readonly codecs: readonly CodecName[];
  /** Ours, as if the far side wanted everything. */
  readonly direction: Direction;
  readonly ssrc: number;
  /** Data channels are refused. */
  readonly noData?: boolean;
}

/** What a description of the far side comes to for us. */
export interface Agreement {
  /** Our sections, in the order of the far side's. */
  readonly sections: readonly LocalSection[];
  readonly audio: RemoteSection | undefined;
  readonly data: boolean;
  readonly transport: RemoteTransport;
  /** The far side's candidates that stood in its description. */
  readonly candidates: readonly string[];
}

/**
 * Answers an offer: the first audio section with G.711 and the first data section, bundled on one transport; all else
 * is refused.
 * @throws Unacceptable where nothing is left, or the transport is not described
 */
export function answerOffer(offer: RemoteDescription, wishes: Wishes): Agreement {
  const usable = offer.sections.filter((section) => isUsable(section, wishes));
  const first = usable[0];
  if (first === undefined) throw new Unacceptable('neither G.711 audio nor a data channel is offered');
  const together = offer.bundles.find((mids) => first.mid !== undefined && mids.includes(first.mid)) ?? [];
  // There is one transport: what the offer does not bundle with the first section has none.
  const reachable = usable.filter(
    (section) => section === first || (section.mid !== undefined && together.includes(section.mid)),
  );
  const audio = reachable.find((section) => section.kind === 'audio');
  const data = reachable.find((section) => section.kind === 'application');
  const sections = offer.sections.map((section): LocalSection => {
    if (section === audio) {
      const direction = intersect(wishes.direction, reverse(section.direction));
      const codecs = matchCodecs(section, wishes);
      const eventType = eventTypeOf(section);
      return { use: 'audio', mid: section.mid, codecs, direction, ssrc: wishes.ssrc, eventType };
    }
    if (section === data) return { use: 'data', mid: section.mid };
    const { kind, protocol, formats, mid } = section;
    return { use: 'refused', kind, protocol, formats, mid };
  });
  return {
    sections,
    audio,
    data: data !== undefined,
    ...transportOf(offer, [first, ...reachable], together),
  };
}

/**
 * What the far side's answer makes of our offer.
 * @throws Unacceptable where it does not fit the offer, or refuses all of it
 */
export function takeAnswer(offered: readonly LocalSection[], answer: RemoteDescription): Agreement {
  if (answer.sections.length !== offered.length) {
    throw new Unacceptable(
      `an answer with ${answer.sections.length} m-sections to ${offered.length} offered`,
    );
  }
  const taken: RemoteSection[] = [];
  let audio: RemoteSection | undefined;
  let data = false;
  const sections = offered.map((ours, index): LocalSection => {
    const theirs = answer.sections[index]!;
    if (ours.use === 'refused') return ours;
    const { kind, protocol, formats } = theirs;
    const refused: LocalSection = { use: 'refused', kind, protocol, formats, mid: ours.mid };
    if (!isOffered(theirs)) return refused;
    if (ours.use === 'data') {
      data = true;
      taken.push(theirs);
      return ours;
    }
    const codecs = theirs.codecs.flatMap((codec) =>
      ours.codecs.filter((own) => own.payloadType === codec.payloadType),
    );
    if (codecs.length === 0) throw new Unacceptable('an answer without any of the codecs offered');
    audio = theirs;
    taken.push(theirs);
    const eventType = eventTypeOf(theirs) === undefined ? undefined : ours.eventType;
    return { ...ours, codecs, eventType, direction: intersect(ours.direction, reverse(theirs.direction)) };
  });
  if (taken.length === 0) throw new Unacceptable('an answer that refuses everything');
  const together = answer.bundles[0] ?? [];
  return { sections, audio, data, ...transportOf(answer, taken, together) };
}

/** The transport is described by the first section of the bundle; candidates may stand in any of it. */
function transportOf(
  description: RemoteDescription,
  taken: readonly RemoteSection[],
  together: readonly string[],
): Pick<Agreement, 'transport' | 'candidates'> {
  const bundled = description.sections.filter(
    (section) => section.mid !== undefined && together.includes(section.mid),
  );
  const all = [...bundled, ...taken];
  const transport = all.find((section) => section.transport !== undefined)?.transport;
  if (transport === undefined) {
    throw new Unacceptable('no ICE credentials or no DTLS fingerprint (RFC 8827 section 6.5)');
  }
  return { transport, candidates: [...new Set(all.flatMap((section) => section.candidates))] };
}

function isUsable(section: RemoteSection, wishes: Wishes): boolean {
  if (!isOffered(section)) return false;
  if (section.kind === 'audio') {
    return /^(UDP|TCP)\/TLS\/RTP\/SAVPF?$/.test(section.protocol) && matchCodecs(section, wishes).length > 0;
  }
  return (
    section.kind === 'application' &&
    wishes.noData !== true &&
    /\/DTLS\/SCTP$/.test(section.protocol) &&
    section.formats[0] === 'webrtc-datachannel'
  );
}

function matchCodecs(section: RemoteSection, wishes: Wishes): LocalAudio[] {
  return wishes.codecs.flatMap((name) => {
    const theirs = section.codecs.find(
      (codec) => codec.name.toUpperCase() === name && codec.clockRate === 8000,
    );
    return theirs === undefined ? [] : [{ payloadType: theirs.payloadType, name }];
  });
}

export const sends = (direction: Direction): boolean => direction === 'sendrecv' || direction === 'sendonly';
export const receives = (direction: Direction): boolean =>
  direction === 'sendrecv' || direction === 'recvonly';

function fromFlags(send: boolean, receive: boolean): Direction {
  if (send) return receive ? 'sendrecv' : 'sendonly';
  return receive ? 'recvonly' : 'inactive';
}

/** The direction as seen from the other end. */
export const reverse = (direction: Direction): Direction => fromFlags(receives(direction), sends(direction));

/** What two wishes leave (RFC 3264 section 6.1). */
export const intersect = (a: Direction, b: Direction): Direction =>
  fromFlags(sends(a) && sends(b), receives(a) && receives(b));
