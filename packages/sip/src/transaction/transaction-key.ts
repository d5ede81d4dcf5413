/** Begins every branch made by RFC 3261 (section 8.1.1.7); without it the branch says nothing. */
export const BRANCH_COOKIE = 'z9hG4bK';

/** The fields of a request that say which transaction it belongs to. Absent header fields are undefined. */
export interface TransactionFields {
  readonly method: string;
  /** `branch` of the topmost Via. */
  readonly branch: string | undefined;
  /** Host and port of the topmost Via as written, `host:port` in lower case. */
  readonly sentBy: string;
}

/** What RFC 2543 clients are matched by instead (RFC 3261 section 17.2.3). */
export interface OldTransactionFields {
  readonly method: string;
  readonly requestUri: string;
  readonly fromTag: string | undefined;
  readonly callId: string;
  readonly cseqNumber: number;
  /** The topmost Via, whole. */
  readonly via: string;
}

/** The key under which a client transaction waits for its responses: branch and method of CSeq (section 17.1.3). */
export function clientTransactionKey(branch: string, method: string): string {
  return `${method} ${branch}`;
}

/** Whether the branch was made by RFC 3261 and so identifies its transaction. */
export function isCookieBranch(branch: string | undefined): branch is string {
  return branch !== undefined && branch.length > BRANCH_COOKIE.length && branch.startsWith(BRANCH_COOKIE);
}

/**
 * The key of the server transaction of a request with a cookie branch (section 17.2.3). ACK has its INVITE's key;
 * CANCEL has its own, and `method` says INVITE to find what it cancels (section 9.2).
 */
export function serverTransactionKey(fields: TransactionFields): string {
  return `${fields.method === 'ACK' ? 'INVITE' : fields.method} ${fields.branch ?? ''} ${fields.sentBy}`;
}

/**
 * The key of the server transaction of a request without a cookie branch. To is left out, so that the ACK (whose
 * To has got a tag) finds its INVITE.
 */
export function oldServerTransactionKey(fields: OldTransactionFields): string {
  const method = fields.method === 'ACK' ? 'INVITE' : fields.method;
  return `${method} ${fields.callId} ${fields.cseqNumber} ${fields.fromTag ?? ''} ${fields.requestUri} ${fields.via}`;
}

/**
 * Two requests with the same value here and different transaction keys are one request that came by two ways: the
 * later one is answered 482 by a user agent (section 8.2.2.2). Only requests without a To-tag are compared.
 */
export function mergeKey(
  callId: string,
  fromTag: string | undefined,
  cseqNumber: number,
  method: string,
): string {
  return `${callId} ${fromTag ?? ''} ${cseqNumber} ${method}`;
}
