// Messages (message/)

export { type AuthValue, parseChallenge, parseCredentials, writeAuth } from './message/challenge.ts';
export { type CSeq, parseCSeq } from './message/cseq.ts';
export type { Cursor } from './message/cursor.ts';
export type { HeaderField } from './message/field.ts';
export { judgeSipBytes, type SipJudgement } from './message/judge-bytes.ts';
export {
  DEFAULT_ABILITIES,
  judgeRequest,
  judgeResponse,
  type Refusal,
  type ServerAbilities,
} from './message/judge-request.ts';
export { DEFAULT_SIP_LIMITS, type SipLimits } from './message/limits.ts';
export { findingFromSipError, lint, type SipFinding, type SipSeverity } from './message/lint.ts';
export { splitList } from './message/list-value.ts';
export { makeRequest, makeResponse, type RequestPlan, type ResponsePlan } from './message/make-message.ts';
export type { MediaType } from './message/media-type.ts';
export { type SipMessage, SipRequest, SipResponse } from './message/message.ts';
export { type BodyPart, bodyOfType } from './message/multipart.ts';
export { NameAddr, parseNameAddr, writeNameAddr } from './message/name-addr.ts';
export { makeParams, NO_PARAMS, type Param, Params } from './message/params.ts';
export { parseMessage } from './message/parse-message.ts';
export { parseReason, type Reason, readReason, writeReason } from './message/reason.ts';
export { REASON_PHRASES } from './message/reason-phrases.ts';
export { sameUri } from './message/same-uri.ts';
export { quote, unquote } from './message/scan.ts';
export type { SeededBug } from './message/seeded-bug.ts';
export { type Place, type SipErrorCode, SipSyntaxError } from './message/sip-error.ts';
export { SipStream, type SipStreamOptions, type StreamEvent } from './message/sip-stream.ts';
export { parseSipfrag, type SipFragment, writeSipfrag } from './message/sipfrag.ts';
export {
  minSeOf,
  type RAck,
  type RetryAfter,
  rackOf,
  retryAfterOf,
  rseqOf,
  type SessionExpires,
  sessionExpiresOf,
} from './message/timing-headers.ts';
export { callIdIn, summarizeMessage, withoutSecrets } from './message/trace-words.ts';
export {
  parseReplaces,
  type Replaces,
  referredByOf,
  referToOf,
  replacesInUri,
  replacesOf,
  writeReplaces,
} from './message/transfer-headers.ts';
export {
  isSipUri,
  isTelUri,
  type OtherUri,
  parseUri,
  type SipUri,
  type TelUri,
  type Uri,
} from './message/uri.ts';
export { verifyMessage } from './message/verify-message.ts';
export { parseVia, Via, writeVia } from './message/via.ts';
export { parseWarning, readWarning, type Warning, writeWarning } from './message/warning.ts';
export { writeMessage } from './message/write-message.ts';
export { writeUri } from './message/write-uri.ts';
// End of messages

// Transactions, dialogs, digest, user agent rules
export { bodyHeaders, bodyOf, isDescription, type SipBody } from './agent/body.ts';
export { glareRetryRange, type OfferState, refuseOffer } from './agent/glare.ts';
export { ANSWERED_ELSEWHERE, reasonsOf } from './agent/reason.ts';
export { firstRetransmission, nextRetransmission, type Retransmission } from './agent/retransmission.ts';
export {
  acceptedSessionTimer,
  answerSessionTimer,
  parseSessionExpires,
  type SessionTimer,
  type SessionTimerAnswer,
  type SessionTimerRequest,
  type SessionTimerWish,
  SMALLEST_SESSION_EXPIRES,
  sessionTimerDelay,
  writeSessionExpires,
} from './agent/session-timer.ts';
export {
  DIGEST_ALGORITHMS,
  type DigestAlgorithm,
  type DigestHash,
  type DigestHashName,
  type DigestInput,
  digestAlgorithm,
  digestHashName,
  digestResponse,
  digestSecret,
} from './auth/digest.ts';
export {
  answerChallenge,
  chooseChallenge,
  type DigestChallenge,
  type DigestSession,
  type DigestUser,
  withNextNonce,
} from './auth/digest-client.ts';
export {
  challengeValues,
  type DigestCredentials,
  type DigestServerOptions,
  type DigestVerdict,
  judgeCredentials,
} from './auth/digest-server.ts';
export { NonceBook, type NonceBookOptions, type NonceVerdict } from './auth/nonce-book.ts';
export {
  confirmDialog,
  type Dialog,
  type DialogRequestParts,
  dialogFromRequest,
  dialogFromResponse,
  dialogKey,
  keyOf,
  nextRequest,
  receiveRequest,
  refreshTarget,
} from './dialog/dialog.ts';
// End of transactions, dialogs, digest, user agent rules
// Signal <-> SIP
export { fromReasons, fromRefusal, toReasons, toRefusal } from './leg/end-reasons.ts';
export { fromFragment, toFragment } from './leg/trickle.ts';
export {
  CLIENT_INVITE_INITIAL,
  type ClientInput,
  type ClientInviteState,
  stepClientInvite,
} from './transaction/client-invite.ts';
export {
  CLIENT_NON_INVITE_INITIAL,
  type ClientNonInviteState,
  stepClientNonInvite,
} from './transaction/client-non-invite.ts';
export {
  SERVER_INVITE_INITIAL,
  type ServerInput,
  type ServerInviteState,
  stepServerInvite,
} from './transaction/server-invite.ts';
export {
  SERVER_NON_INVITE_INITIAL,
  type ServerNonInviteState,
  stepServerNonInvite,
} from './transaction/server-non-invite.ts';
export {
  DEFAULT_TIMER_BASES,
  type TimerBases,
  type TransactionTimer,
  type TransactionTimers,
  transactionTimers,
} from './transaction/timers.ts';
export {
  BRANCH_COOKIE,
  clientTransactionKey,
  isCookieBranch,
  mergeKey,
  type OldTransactionFields,
  oldServerTransactionKey,
  serverTransactionKey,
  type TransactionFields,
} from './transaction/transaction-key.ts';
export type { TransactionEffect, TransactionStep } from './transaction/transaction-step.ts';
// End of Signal <-> SIP
