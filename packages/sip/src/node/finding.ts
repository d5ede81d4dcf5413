/** Something a peer did that the specification forbids, or that went wrong and was survived. Never thrown. */
export interface SipFinding {
  readonly code:
    | 'malformed'
    | 'too-large'
    | 'flood'
    | 'too-many-connections'
    | 'connection-failed'
    | 'connection-idle'
    | 'unroutable'
    | 'stray-response'
    | 'wrong-via'
    | 'relay-refused'
    | 'loop'
    | 'authentication-failed'
    | 'untrusted-identity'
    | 'stranger-refused'
    | 'handler-failed';
  readonly text: string;
  /** `host:port` of the peer, where there is one. */
  readonly remote?: string;
  /** The violated clause, where one is: `RFC 3261 section 20.42`. */
  readonly clause?: string;
  readonly cause?: unknown;
}
