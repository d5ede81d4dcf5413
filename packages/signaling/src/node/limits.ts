/** What one server allows. Every limit has its refusal, and a test. */
export interface ServerLimits {
  /** Connections at once, over all addresses. */
  readonly connections: number;
  /** Connections at once from one address. */
  readonly connectionsPerAddress: number;
  /** Messages a second that one connection may send, over time ... */
  readonly messagesPerSecond: number;
  /** ... and at once. */
  readonly burst: number;
  /** Seconds in which a new connection must say hello or resume. */
  readonly helloSeconds: number;
  /** Seconds without any message after which a connection is closed. Pages ping every third of it. */
  readonly idleSeconds: number;
  /** Seconds for which a session outlives its connection. */
  readonly resumeSeconds: number;
  /** Calls that one session may have at once. */
  readonly callsPerSession: number;
}

export const DEFAULT_LIMITS: ServerLimits = {
  connections: 2000,
  connectionsPerAddress: 1000,
  messagesPerSecond: 100,
  burst: 300,
  helloSeconds: 5,
  idleSeconds: 60,
  resumeSeconds: 20,
  callsPerSession: 8,
};

/** A token bucket: `rate` a second, at most `burst` saved up. */
export class RateLimit {
  readonly #rate: number;
  readonly #burst: number;
  #saved: number;
  #at: number;
  constructor(rate: number, burst: number, nowMs: number) {
    this.#rate = rate / 1000;
    this.#burst = burst;
    this.#saved = burst;
    this.#at = nowMs;
  }

  /** Whether one more is allowed now. */
  take(nowMs: number): boolean {
    // The clock is read by the caller at each message; only refill when it moved, which on a busy server is rare.
    if (nowMs !== this.#at) {
      this.#saved = Math.min(this.#burst, this.#saved + (nowMs - this.#at) * this.#rate);
      this.#at = nowMs;
    }
    if (this.#saved < 1) return false;
    this.#saved -= 1;
    return true;
  }
}
