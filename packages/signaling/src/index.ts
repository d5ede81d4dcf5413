export {
  describeEndReason,
  END_REASON_CODES,
  type EndReason,
  type EndReasonCode,
  type ReasonOrigin,
} from './end-reason.ts';
export { ACKNOWLEDGE_EVERY, Inbox } from './inbox.ts';
export type { Leg } from './leg.ts';
export { MAX_UNACKNOWLEDGED, Outbox } from './outbox.ts';
export {
  type ClientMessage,
  clientMessageSchema,
  ERROR_CODES,
  type IceServer,
  MAX_MESSAGE_LENGTH,
  type ServerMessage,
  serverMessageSchema,
  WEB_PROTOCOL_VERSION,
  type WebErrorCode,
  WITH_DESCRIPTION,
  type WireCandidate,
} from './protocol.ts';
export { redact } from './redact.ts';
export type { Signal, SignalType, TrickledCandidate } from './signal.ts';
export { NO_TAP, type Tap, type TraceEntry } from './trace.ts';
export { fromSignal, fromWireCandidate, toSignal, toWireCandidate } from './web-signal.ts';
export {
  type MessageHead,
  parseMessage,
  WebProtocolError,
  type WireMessage,
  type WrittenMessage,
  wholeText,
  writeMessage,
} from './wire.ts';
