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
export { NS } from './namespaces.ts';
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
