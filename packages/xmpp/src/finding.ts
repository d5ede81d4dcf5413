/** Something a peer did that the specification forbids, or that went wrong and was survived. Never thrown. */
export interface XmppFinding {
  readonly code:
    | 'malformed'
    | 'login-refused'
    | 'forged-from'
    | 'stream-failed'
    | 'too-many-connections'
    | 'too-slow'
    | 'backlog'
    | 'connection-failed'
    | 'federation-failed'
    | 'dialback-refused'
    | 'component-refused'
    | 'handler-failed';
  readonly text: string;
  /** `host:port` of the peer, or its domain, where there is one. */
  readonly remote?: string;
  /** The violated clause, where one is: `RFC 6120 section 8.1.2`. */
  readonly clause?: string;
}
