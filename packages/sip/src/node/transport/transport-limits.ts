export interface TransportLimits {
  /** Longest message taken, in bytes. */
  readonly messageBytes: number;
  /** Connections open from one address, and in all. */
  readonly connectionsPerAddress: number;
  readonly connections: number;
  /** A connection on which nothing came for so long is closed; milliseconds. */
  readonly idle: number;
  /** So many bytes may wait to be written to one connection before it is given up. */
  readonly backlogBytes: number;
  /** So many malformed messages a second are looked at from one address and port; the rest is dropped unread. */
  readonly garbagePerSecond: number;
  /** A request longer than this goes by TCP where UDP was asked for (RFC 3261 section 18.1.1); bytes. */
  readonly datagramBytes: number;
}

export const DEFAULT_TRANSPORT_LIMITS: TransportLimits = {
  messageBytes: 65_535,
  connectionsPerAddress: 1000,
  connections: 10_000,
  idle: 30 * 60_000,
  backlogBytes: 8 * 1024 * 1024,
  garbagePerSecond: 20,
  datagramBytes: 1300,
};
