import type { IceCandidate } from '@crosspoint/ice';
import type { LazyDescription } from '@crosspoint/sdp';
import type { EndReason } from './end-reason.ts';

/** One trickled candidate (RFC 8838). Without `candidate` it is the end-of-candidates of its generation. */
export interface TrickledCandidate {
  readonly candidate: IceCandidate | undefined;
  /** The m-section by `a=mid` (RFC 5888), where the sender named it. */
  readonly mid?: string;
  /** The m-section by position, where the sender named it. */
  readonly mLineIndex?: number;
  /** The ICE generation the candidate belongs to (`a=ice-ufrag`). */
  readonly ufrag?: string;
}

/**
 * What one side tells the other about the call, in no protocol's words. A leg translates between these and
 * its own protocol and knows nothing else of the far side.
 *
 * - `offer`: the first one opens the call; later ones re-negotiate.
 * - `ask-offer`: the other side is to offer (RFC 3261 sections 13.2.1 and 14.1: an INVITE without an offer). The caller's
 *   first one opens the call. An offer of the other side that is out already is the one that was asked for.
 * - `answer`: to the offer outstanding; before `accepted` it is an early answer.
 * - `transfer`: the other side is to call `target` in place of us; `replaces` names the call there that it takes over, as
 *   SIP's header does (RFC 3891), and `with` one of our own that is up, by its name in the trace.
 * - `transferred`: how that went at who was asked; with a reason it came to nothing, and the call is as it was.
 * - `refuse`: the outstanding offer is refused or collided; the call stays as it was.
 */
export type Signal =
  | { readonly type: 'offer'; readonly description: LazyDescription }
  | { readonly type: 'ask-offer' }
  | { readonly type: 'answer'; readonly description: LazyDescription }
  | { readonly type: 'refuse'; readonly why: 'glare' | 'not-acceptable'; readonly text?: string }
  | { readonly type: 'candidates'; readonly candidates: readonly TrickledCandidate[] }
  | { readonly type: 'ringing' }
  | { readonly type: 'accepted' }
  | { readonly type: 'dtmf'; readonly digits: string; readonly durationMs: number }
  | {
      readonly type: 'transfer';
      readonly target: string;
      readonly replaces?: string;
      readonly with?: string;
    }
  | { readonly type: 'transferred'; readonly reason?: EndReason }
  | { readonly type: 'end'; readonly reason: EndReason };

export type SignalType = Signal['type'];
