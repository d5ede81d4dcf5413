export { type ContentCandidates, candidatesContent, readCandidates } from './description/candidates.ts';
export type { Dropped } from './description/dropped.ts';
export { JINGLE_EXTENSIONS, type JingleExtension } from './description/extensions.ts';
export type { JingleFinding } from './description/finding.ts';
export { fromSenders, type JingleRole, otherRole, type Senders, toSenders } from './description/senders.ts';
export {
  type ContentKey,
  type JingleContents,
  type ToContentsOptions,
  toContents,
} from './description/to-contents.ts';
export {
  type JingleDescription,
  type ToDescriptionOptions,
  toDescription,
} from './description/to-description.ts';
export type { JingleClock } from './leg/clock.ts';
export { fromIqError, fromReason, toReason } from './leg/end-reasons.ts';
export { IncomingJingleLeg } from './leg/incoming-leg.ts';
export type { JingleCall } from './leg/jingle-call.ts';
export {
  type InitiationHandlers,
  JingleEndpoint,
  type JingleEndpointOptions,
  type OwnProposal,
  type Proposal,
} from './leg/jingle-endpoint.ts';
export { JingleLeg, type JingleLegOptions } from './leg/jingle-leg.ts';
export { OutgoingJingleLeg, type OutgoingJingleLegOptions } from './leg/outgoing-leg.ts';
export { NS } from './namespaces.ts';
export {
  bareJid,
  type Initiation,
  type InitiationEffect,
  type InitiationInput,
  type InitiationPhase,
  type InitiationReply,
  type InitiationStep,
  propose,
  proposed,
  stepInitiation,
} from './session/initiation-step.ts';
export {
  findContent,
  type JingleSession,
  type OutstandingAction,
  type SessionContent,
  type SessionPhase,
  startSession,
  winsInitiation,
} from './session/session.ts';
export {
  type OwnAction,
  type SessionEffect,
  type SessionInput,
  type SessionStep,
  step,
} from './session/step.ts';
export { JINGLE_FEATURES } from './stanza/features.ts';
export {
  INITIATION_NAMES,
  type InitiationMessage,
  type InitiationName,
  parseInitiation,
  writeInitiation,
} from './stanza/initiation.ts';
export { type IqError, type JingleErrorName, readIqError, writeIqError } from './stanza/iq-error.ts';
export { type JingleContent, parseContent } from './stanza/jingle-content.ts';
export { JingleError, type JingleErrorCode } from './stanza/jingle-error.ts';
export {
  JINGLE_ACTIONS,
  type JingleActionName,
  type JinglePlan,
  type JingleStanza,
  parseJingle,
  writeJingle,
} from './stanza/jingle-stanza.ts';
export {
  JINGLE_REASONS,
  type JingleCondition,
  type JingleReason,
  parseReason,
  writeReason,
} from './stanza/reason.ts';
export { readSessionInfo, SESSION_INFOS, type SessionInfo, writeSessionInfo } from './stanza/session-info.ts';
export {
  childOf,
  childrenOf,
  element,
  elementsOf,
  textOf,
  type XmlElement,
  type XmlNode,
} from './xml/element.ts';
export { DEFAULT_XML_LIMITS, type XmlLimits } from './xml/limits.ts';
export { type ParsedXml, parseXml } from './xml/parse-xml.ts';
export { writeXml } from './xml/write-xml.ts';
export { XmlError, type XmlErrorCode, type XmlPlace } from './xml/xml-error.ts';
