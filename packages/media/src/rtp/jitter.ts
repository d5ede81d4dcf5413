/** One packet's arrival: its RTP timestamp (unwrapped or not) and the time it came, in milliseconds. */
export interface Arrival {
  readonly timestamp: number;
  readonly arrivedAtMs: number;
}

/**
 * Interarrival jitter in milliseconds: J += (|D| - J) / 16 (RFC 3550 section 6.4.1, appendix A.8).
 * `clockRate` is the payload's RTP clock in Hz.
 */
export function interarrivalJitterMs(arrivals: Iterable<Arrival>, clockRate: number): number {
  let jitter = 0;
  let last: Arrival | undefined;
  for (const arrival of arrivals) {
    if (last) {
      const step = (arrival.timestamp - last.timestamp) | 0;
      const deviation = arrival.arrivedAtMs - last.arrivedAtMs - (step * 1000) / clockRate;
      jitter += (Math.abs(deviation) - jitter) / 16;
    }
    last = arrival;
  }
  return jitter;
}
