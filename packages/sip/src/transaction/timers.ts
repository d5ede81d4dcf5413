/** The base values of RFC 3261 section 17.1.1.1, table 4, in milliseconds. */
export interface TimerBases {
  /** Estimate of the round trip; first retransmission interval. */
  readonly t1: number;
  /** Longest interval between retransmissions of non-INVITE requests and INVITE responses. */
  readonly t2: number;
  /** Longest time a message stays in the network. */
  readonly t4: number;
}

export const DEFAULT_TIMER_BASES: TimerBases = { t1: 500, t2: 4000, t4: 5000 };

export type TransactionTimer =
  | 'A'
  | 'B'
  | 'D'
  | 'E'
  | 'F'
  | 'G'
  | 'H'
  | 'I'
  | 'J'
  | 'K'
  | 'L'
  | 'M'
  | 'trying';

/** Every timer of a transaction, in milliseconds, for one kind of transport. */
export interface TransactionTimers {
  readonly t1: number;
  readonly t2: number;
  /** True on TCP, TLS and WebSocket: nothing is sent again and nothing is waited for. */
  readonly reliable: boolean;
  /** 64*T1: timers B, F, H, and (RFC 6026 section 7.2) L and M. */
  readonly transactionTimeout: number;
  /** Timer D: at least 32 s on UDP, 0 where the transport is reliable. */
  readonly waitInviteResponse: number;
  /** Timer I and K: T4 on UDP, 0 where the transport is reliable. */
  readonly waitQuiet: number;
  /** Timer J: 64*T1 on UDP, 0 where the transport is reliable. */
  readonly waitNonInviteRequest: number;
  /** After how long a server transaction says 100 by itself (section 17.2.1); undefined where its user does so. */
  readonly trying: number | undefined;
}

/** The table of RFC 3261 section 17 with the corrections of RFC 6026, for given bases (milliseconds). */
export function transactionTimers(
  bases: TimerBases,
  reliable: boolean,
  trying: number | undefined = 200,
): TransactionTimers {
  const transactionTimeout = 64 * bases.t1;
  return {
    t1: bases.t1,
    t2: bases.t2,
    reliable,
    transactionTimeout,
    waitInviteResponse: reliable ? 0 : Math.max(transactionTimeout, 0),
    waitQuiet: reliable ? 0 : bases.t4,
    waitNonInviteRequest: reliable ? 0 : transactionTimeout,
    trying,
  };
}
