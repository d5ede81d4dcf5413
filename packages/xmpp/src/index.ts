// Addresses
export {
  bareJid,
  type Jid,
  parseDomain,
  parseJid,
  parseLocal,
  parseResource,
  writeJid,
} from './address/jid.ts';
// The server without its sockets
export type { XmppClock } from './clock.ts';
export type { FederatedWay, ServerConnector } from './federation/federation.ts';
export type { FederationTls } from './federation/federation-host.ts';
export type { XmppFinding } from './finding.ts';
export { DEFAULT_XMPP_LIMITS, type XmppLimits } from './limits.ts';
export { NS } from './namespaces.ts';
export type { SessionUser } from './routing/session.ts';
export type { HashName, XmppCrypto } from './sasl/crypto.ts';
export type { LocalPort } from './server/local-port.ts';
export { XmppCore, type XmppCoreOptions } from './server/xmpp-core.ts';
export { capsVersion, type Identity } from './services/disco.ts';
export type { ExternalService } from './services/external-services.ts';
// Stanzas
export { isStanza, type StanzaName, stanzaFault } from './stanza/stanza.ts';
export { errorReply, resultReply, type StanzaCondition } from './stanza/stanza-error.ts';
export type { StreamHeader, Wire, WireHandler } from './stream/wire.ts';
// XML
export { checkElement } from './xml/check-element.ts';
export { childOf, elementsOf, textOf, withAttrs, type XmlElement, type XmlNode, xml } from './xml/element.ts';
export { DEFAULT_XML_LIMITS, type XmlLimits } from './xml/limits.ts';
export { parseElement } from './xml/parse-element.ts';
export { writeElement } from './xml/write.ts';
export { type XmlCondition, XmlError, type XmlErrorCode } from './xml/xml-error.ts';
export { type XmlEvent, XmlStream } from './xml/xml-stream.ts';
