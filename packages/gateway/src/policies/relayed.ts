import type { RelayCandidate, RelayedCall } from '@crosspoint/media';
import { type Signal, type TrickledCandidate, toWireCandidate } from '@crosspoint/signaling';
import type { CallPolicy } from '../policy.ts';
import { otherSide, type Side } from '../side.ts';

/** A description that the relay would not take. */
export interface RelayRefusal {
  readonly from: Side;
  readonly type: 'offer' | 'answer';
  /** A RelayError, or what else the relay threw. */
  readonly error: unknown;
}

export interface RelayedOptions {
  readonly call: RelayedCall;
  /**
   * The relay refused. Nothing is sent on; the host ends the call (`not-acceptable`), or refuses a re-offer where its
   * leg can. Must not throw.
   */
  readonly onRefused: (refusal: RelayRefusal) => void;
}

/** Media through a relay: each description goes through it, and neither side learns the other's candidates. */
export function relayed({ call, onRefused }: RelayedOptions): CallPolicy {
  const translate = (from: Side, signal: Signal): readonly Signal[] | Promise<readonly Signal[]> => {
    switch (signal.type) {
      case 'offer':
      case 'answer': {
        const { type } = signal;
        return call[type](from, signal.description).then(
          (description): readonly Signal[] => [{ type, description }],
          (error: unknown): readonly Signal[] => {
            onRefused({ from, type, error });
            return [];
          },
        );
      }
      case 'candidates':
        call.candidates(from, signal.candidates.map(toRelayCandidate));
        return [];
      default:
        return [signal];
    }
  };
  return {
    toCallee: (signal) => translate(otherSide('callee'), signal),
    toCaller: (signal) => translate(otherSide('caller'), signal),
  };
}

function toRelayCandidate(trickled: TrickledCandidate): RelayCandidate {
  const { candidate } = toWireCandidate(trickled);
  return trickled.mid === undefined ? { candidate } : { candidate, mid: trickled.mid };
}
