import type { PeerStats } from '@crosspoint/peers';
import { attributes, fingerprints, type SessionDescription, sameFingerprints } from '@crosspoint/sdp';
import type { Topology } from '@crosspoint/topology';
import { otherSide, SIDES, type Side } from '../evidence.ts';
import type { CarriedDescription } from './carried-descriptions.ts';

/** How one hop of the media is protected, by what was negotiated for it. */
export type Protection = 'DTLS-SRTP' | 'SRTP with keys in the description' | 'none' | 'unknown';

/** One hop of the media: from one place where it is decrypted to the next. */
export interface MediaHop {
  readonly from: string;
  readonly to: string;
  /** A node that passes packets on without their key, such as a TURN server. */
  readonly via?: string;
  /** The transport of the m-line: `UDP/TLS/RTP/SAVPF`. */
  readonly transport?: string;
  readonly protection: Protection;
  readonly encrypted: boolean;
  /** Who holds the key: nodes of the topology. */
  readonly keyHolders: readonly string[];
}

/** The way of the sound in one call, with what it was concluded from. */
export interface MediaPath {
  readonly kind: 'direct' | 'turn' | 'relay' | 'unknown';
  readonly hops: readonly MediaHop[];
  /** Candidate types or addresses of the pair in use, as each side tells them, local first; its codec. */
  readonly ends: Readonly<Record<Side, { readonly pair?: string; readonly codec?: string }>>;
  /** What the topology says of the edge that was used. */
  readonly words?: string;
}

/**
 * The way of the sound, from what the two ends sent and got. A side's fingerprint that reaches the other side
 * unchanged makes one hop of it: who has not the private key to that certificate cannot read it (RFC 5763). One
 * that does not reach it shows a node that ends the media and has keys of its own.
 */
export function mediaPathOf(
  topology: Topology,
  path: readonly string[],
  carried: readonly CarriedDescription[],
  stats: Readonly<Partial<Record<Side, PeerStats>>>,
): MediaPath {
  const ends = { caller: endOf(stats.caller), callee: endOf(stats.callee) };
  const sent = (side: Side) =>
    carried.find((each) => each.author === side && each.from === side)?.description;
  const got = (side: Side) =>
    carried.find((each) => each.author === otherSide(side) && each.to === side)?.description;
  const [callerSent, callerGot, calleeSent, calleeGot] = [
    sent('caller'),
    got('caller'),
    sent('callee'),
    got('callee'),
  ];
  if (!callerSent || !callerGot || !calleeSent || !calleeGot) return { kind: 'unknown', hops: [], ends };
  const relayEdge = topology.media.find((edge) => edge.id === 'relayed');
  const anchored = !sameKeys(callerSent, calleeGot) || !sameKeys(calleeSent, callerGot);
  if (anchored) {
    const relay = relayEdge?.via ?? 'relay';
    return {
      kind: 'relay',
      hops: [
        hop('caller', relay, callerSent, callerGot, path),
        hop(relay, 'callee', calleeGot, calleeSent, path),
      ],
      ends,
      ...wordsOf(relayEdge),
    };
  }
  const turn = SIDES.some((side) =>
    [stats[side]?.transport?.local, stats[side]?.transport?.remote].includes('relay'),
  );
  const direct = hop('caller', 'callee', callerSent, callerGot, path);
  const edge = turn ? relayEdge : topology.media.find((each) => each.id === 'media');
  return {
    kind: turn ? 'turn' : 'direct',
    hops: [turn ? { ...direct, via: relayEdge?.via ?? 'turn' } : direct],
    ends,
    ...wordsOf(edge),
  };
}

function endOf(stats: PeerStats | undefined): MediaPath['ends'][Side] {
  const { local, remote } = stats?.transport ?? {};
  const codec = stats?.audio?.received?.codec ?? stats?.audio?.sent?.codec;
  return {
    ...(local !== undefined && remote !== undefined ? { pair: `${local} - ${remote}` } : {}),
    ...(codec !== undefined ? { codec } : {}),
  };
}

function wordsOf(edge: Topology['media'][number] | undefined): { readonly words?: string } {
  return edge === undefined ? {} : { words: edge.protection };
}

function audioOf(description: SessionDescription): SessionDescription['media'][number] | undefined {
  return description.media.find((media) => media.media === 'audio');
}

function printsOf(description: SessionDescription): ReturnType<typeof fingerprints> {
  const audio = audioOf(description);
  return audio === undefined ? [] : fingerprints(description, audio);
}

function sameKeys(sent: SessionDescription, got: SessionDescription): boolean {
  return sameFingerprints(printsOf(sent), printsOf(got));
}

function hop(
  from: string,
  to: string,
  one: SessionDescription,
  other: SessionDescription,
  path: readonly string[],
): MediaHop {
  const transport = audioOf(other)?.protocol;
  const protection = protectionOf(one, other);
  const keyHolders =
    protection === 'DTLS-SRTP'
      ? [from, to]
      : protection === 'SRTP with keys in the description'
        ? // RFC 4568 section 7: the key is read by whoever carries the description.
          [...new Set([from, to, ...path])]
        : [];
  return {
    from,
    to,
    ...(transport !== undefined ? { transport } : {}),
    protection,
    encrypted: keyHolders.length > 0,
    keyHolders,
  };
}

/** What an offer and its answer agreed on for the sound, whichever of the two is which. */
function protectionOf(one: SessionDescription, other: SessionDescription): Protection {
  const sections = [audioOf(one), audioOf(other)];
  if (sections.some((section) => section === undefined || section.port === 0)) return 'unknown';
  if ([one, other].every((each) => printsOf(each).length > 0)) return 'DTLS-SRTP';
  if (sections.every((section) => attributes(section!, 'crypto').length > 0))
    return 'SRTP with keys in the description';
  return sections.some((section) => /SAVPF?$/.test(section!.protocol)) ? 'unknown' : 'none';
}
