import type { TimerBases } from '../transaction/timers.ts';

/**
 * What the user agent repeats itself until it is acknowledged: 2xx to INVITE (RFC 3261 section 13.3.1.4) and
 * reliable provisional responses (RFC 3262 section 3). Intervals double; 2xx stop growing at T2.
 */
export interface Retransmission {
  /** Milliseconds until the next one. */
  readonly interval: number;
  /** Milliseconds since the first one, when the next is due. */
  readonly elapsed: number;
}

export function firstRetransmission(bases: TimerBases): Retransmission {
  return { interval: bases.t1, elapsed: bases.t1 };
}

/** The next one; undefined when 64*T1 are over and the acknowledgement is given up. */
export function nextRetransmission(
  last: Retransmission,
  bases: TimerBases,
  kind: 'accepted' | 'reliable-provisional',
): Retransmission | undefined {
  const most = kind === 'accepted' ? bases.t2 : Number.POSITIVE_INFINITY;
  const left = 64 * bases.t1 - last.elapsed;
  if (left <= 0) return undefined;
  const interval = Math.min(last.interval * 2, most, left);
  return { interval, elapsed: last.elapsed + interval };
}
