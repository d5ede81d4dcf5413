export type {
  Fmtp,
  FormatParameter,
  ImageAttribute,
  RtcpFeedback,
  Rtpmap,
} from './attributes/codec-attributes.ts';
export { ATTRIBUTES, type AttributeName, type AttributeValues } from './attributes/grammar.ts';
export type { AttributeLevel, AttributeRow } from './attributes/row.ts';
export type {
  Direction,
  Extmap,
  Group,
  Msid,
  MsidSemantic,
  Rid,
  Simulcast,
  SimulcastStream,
  SsrcAttribute,
  SsrcGroup,
} from './attributes/stream-attributes.ts';
export type {
  Crypto,
  Fingerprint,
  RemoteCandidate,
  RtcpAddress,
  Sctpmap,
  Setup,
} from './attributes/transport-attributes.ts';
export type { MediaDescription, Section, SessionDescription, SessionSection } from './description.ts';
export { type Judgement, judge, parseOrFinding } from './judge.ts';
export { LazyDescription, open } from './lazy-description.ts';
export {
  addAttribute,
  appendLines,
  attribute,
  attributes,
  hasAttribute,
  lineText,
  mapMedia,
  replaceLine,
  unknownAttribute,
  withAttribute,
  withMedia,
  withoutAttribute,
  withoutLines,
  withoutUnknownAttribute,
  withSession,
} from './lenses/attributes.ts';
export { bundleGroups, mediaByMid, mediaIndexOf, transportMedia } from './lenses/bundle.ts';
export { type Codec, codecParameter, codecs, isRtp, isSameCodec, redundantTypes } from './lenses/codecs.ts';
export { direction, receives, reverseDirection, sends, setDirection } from './lenses/direction.ts';
export { dtlsRole, fingerprints, sameFingerprints } from './lenses/dtls.ts';
export {
  addCandidates,
  candidates,
  canTrickle,
  type IceCredentials,
  iceCredentials,
  isIceLite,
  removeCandidates,
} from './lenses/ice.ts';
export {
  connectionOf,
  effectiveConnection,
  mediaLineOf,
  origin,
  rejectMedia,
  withConnection,
  withMediaLine,
  withOrigin,
} from './lenses/media-line.ts';
export { isRepair, restrictCodecs } from './lenses/restrict-codecs.ts';
export { DEFAULT_LIMITS, type SdpLimits } from './limits.ts';
export type {
  AttributeLine,
  Bandwidth,
  Connection,
  Line,
  LineKind,
  LineValues,
  MalformedLine,
  MediaLine,
  Origin,
  Timing,
  UnknownAttribute,
} from './line.ts';
export { type Finding, findingFromError, type Profile, type Severity } from './lint/finding.ts';
export { type LintOptions, lint } from './lint/lint.ts';
export { attributeLine, connectionLine, lineFrom, mediaLine, originLine } from './make-line.ts';
export { type AnswerOptions, checkAnswer } from './negotiation/check-answer.ts';
export { checkReoffer } from './negotiation/check-reoffer.ts';
export { type Change, type ChangeSubject, diff } from './negotiation/diff.ts';
export { explain } from './negotiation/explain.ts';
export type { Negotiated } from './negotiation/role-flip.ts';
export { parse } from './parse.ts';
export { SdpError, type SdpErrorCode } from './sdp-error.ts';
export { mediaSection, sessionSection } from './section.ts';
export { write, writeAttribute, writeCanonical, writeLine } from './write.ts';
