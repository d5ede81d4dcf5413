import type { LazyDescription } from '@crosspoint/sdp';
import type { MediaProfile } from './media-profile.ts';
import type { RelayStatistics } from './statistics.ts';

/** Who placed the call, and who was called. */
export type RelaySide = 'caller' | 'callee';

export const RELAY_SIDES: readonly RelaySide[] = ['caller', 'callee'];

export const otherRelaySide = (side: RelaySide): RelaySide => (side === 'caller' ? 'callee' : 'caller');

/** A candidate that came after its description (RFC 8838), as its attribute's text; '' ends them. */
export interface RelayCandidate {
  readonly candidate: string;
  readonly mid?: string;
}

/** The media of one call, anchored. Every method may be called again: re-offers, early answers, forks. */
export interface RelayedCall {
  /**
   * Takes an offer of a side and gives the one for the other side. An offer that is not answered is replaced by the
   * next one. Rejects with RelayError: the call's media stays as it was.
   */
  offer(from: RelaySide, description: LazyDescription): Promise<LazyDescription>;
  /**
   * Takes the answer to the last offer of the other side and gives the one for that side. May come again (183, then
   * 200, or another fork): where nothing changed for the other side, the same text is given. Rejects with RelayError.
   */
  answer(from: RelaySide, description: LazyDescription): Promise<LazyDescription>;
  /** Candidates that a side trickled. Those of another generation, `.local` ones and TCP are passed over. */
  candidates(from: RelaySide, candidates: readonly RelayCandidate[]): void;
  statistics(): RelayStatistics | Promise<RelayStatistics>;
  /** Resolves with words when the relay's part in this call is dead; never after `close`. */
  readonly failed: Promise<string>;
  /** Lets everything go. May be called again. */
  close(): Promise<void>;
}

export interface RelayOptions {
  /** Codecs by name to change into toward a side that does not speak what the other one does (`PCMU`, `opus`). */
  readonly transcodeTo?: readonly string[];
  /** The audio codecs by name that the side without WebRTC is offered; all that both may speak without it. */
  readonly codecs?: readonly string[];
  /** The kinds of media between a side with WebRTC and one without; audio and video without it, where the relay can. */
  readonly media?: readonly ('audio' | 'video')[];
}

/** A media anchor put into the path where the two sides cannot speak directly. */
export interface Relay {
  /** `embedded`, `rtpengine`. */
  readonly id: string;
  /** Rejects with RelayError. */
  open(
    callId: string,
    profiles: Readonly<Record<RelaySide, MediaProfile>>,
    options?: RelayOptions,
  ): Promise<RelayedCall>;
  /** Closes every call. May be called again. */
  close(): Promise<void>;
}
