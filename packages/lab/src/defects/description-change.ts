import { open, SdpError, type SessionDescription, write } from '@crosspoint/sdp';
import type { Signal } from '@crosspoint/signaling';
import type { Side } from '../evidence.ts';
import type { SeededChange } from './defect.ts';

/** Which descriptions of a call are changed. */
export interface Which {
  readonly type?: 'offer' | 'answer';
  readonly from?: Side;
  /** `first`: of the exchange that opens the call. `later`: of every exchange behind it. Without it: of all. */
  readonly exchange?: 'first' | 'later';
}

/** What an edit may want to know of the description beside its text. */
export interface Passing {
  readonly type: 'offer' | 'answer';
  readonly from: Side;
  /** 1 for the exchange that opens the call. */
  readonly exchange: number;
  /** What the same side sent last, before the change. */
  readonly previous: SessionDescription | undefined;
  /** The offer that this answers, before the change. */
  readonly offer: SessionDescription | undefined;
}

export type DescriptionEdit = (
  description: SessionDescription,
  passing: Passing,
) => SessionDescription | undefined;

/**
 * A change to the descriptions of a call. What the edit leaves as it is goes on byte for byte; `undefined` from the
 * edit loses the whole signal. A description that cannot be read goes on untouched.
 */
export function changeDescriptions(which: Which, edit: DescriptionEdit): () => SeededChange {
  return () => {
    let exchange = 0;
    let offer: SessionDescription | undefined;
    const previous: { -readonly [S in Side]?: SessionDescription } = {};
    return (signal, from) => {
      if (signal.type !== 'offer' && signal.type !== 'answer') return [signal];
      const typed = readable(signal);
      if (signal.type === 'offer') {
        exchange++;
        offer = typed;
      }
      if (typed === undefined) return [signal];
      const passing: Passing = { type: signal.type, from, exchange, previous: previous[from], offer };
      previous[from] = typed;
      if (!concerns(which, passing)) return [signal];
      const edited = edit(typed, passing);
      if (edited === undefined) return [];
      // Also where an edit made an equal description anew: what is not changed is not written again.
      if (edited === typed || write(edited) === signal.description.text) return [signal];
      return [{ type: signal.type, description: open(write(edited)) }];
    };
  };
}

function concerns(which: Which, passing: Passing): boolean {
  if (which.type !== undefined && which.type !== passing.type) return false;
  if (which.from !== undefined && which.from !== passing.from) return false;
  return which.exchange === undefined || (which.exchange === 'first') === (passing.exchange === 1);
}

function readable(signal: Extract<Signal, { type: 'offer' | 'answer' }>): SessionDescription | undefined {
  try {
    return signal.description.typed();
  } catch (error) {
    if (error instanceof SdpError) return undefined;
    throw error;
  }
}
