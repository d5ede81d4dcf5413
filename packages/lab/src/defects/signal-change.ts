import type { EndReasonCode, Signal } from '@crosspoint/signaling';
import type { Side } from '../evidence.ts';
import type { SeededChange } from './defect.ts';

/** Loses the signals that `lost` says yes to. */
export function lose(lost: (signal: Signal, from: Side) => boolean): () => SeededChange {
  return () => (signal, from) => (lost(signal, from) ? [] : [signal]);
}

/** Every end with such a reason goes on with another. */
export function misread(from: (code: EndReasonCode) => boolean, to: EndReasonCode): () => SeededChange {
  return () => (signal) =>
    signal.type === 'end' && from(signal.reason.code)
      ? [{ type: 'end', reason: { ...signal.reason, code: to } }]
      : [signal];
}
