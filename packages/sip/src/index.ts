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
