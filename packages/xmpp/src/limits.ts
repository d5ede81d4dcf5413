import { DEFAULT_XML_LIMITS, type XmlLimits } from './xml/limits.ts';

export interface XmppLimits {
  readonly xml: XmlLimits;
  /** What a stream may send before it has logged in: smaller, since anybody may. */
  readonly strangerXml: XmlLimits;
  /** Milliseconds until a connection must have logged in. */
  readonly loginMs: number;
  /** Connections open in all, and of those that have not logged in. */
  readonly connections: number;
  readonly strangers: number;
  /** UTF-16 units a second that are read from one connection, and what it may save up; more waits in the network. */
  readonly unitsPerSecond: number;
  readonly unitsBurst: number;
  /** So many bytes may wait to be written to one connection before it is given up. */
  readonly backlogBytes: number;
  /** Stanzas that a lost stream keeps (XEP-0198), and for how many milliseconds. */
  readonly unacked: number;
  readonly resumeMs: number;
  /** A stream on which nothing came for so long is asked whether it lives, and then has so long to answer. */
  readonly silenceMs: number;
  readonly answerMs: number;
  /** Resources bound by one user, and contacts in one roster. */
  readonly resources: number;
  readonly contacts: number;
  /** Stanzas that wait for one other server to be reached, and how many milliseconds. */
  readonly federationQueue: number;
  readonly federationMs: number;
  /** Other servers spoken to at once. */
  readonly federations: number;
}

export const DEFAULT_XMPP_LIMITS: XmppLimits = {
  xml: DEFAULT_XML_LIMITS,
  strangerXml: { stanza: 16_384, tag: 4096, depth: 8, attributes: 16 },
  loginMs: 30_000,
  connections: 5000,
  strangers: 500,
  unitsPerSecond: 1_000_000,
  unitsBurst: 4_000_000,
  backlogBytes: 4 * 1024 * 1024,
  unacked: 2000,
  resumeMs: 120_000,
  silenceMs: 300_000,
  answerMs: 30_000,
  resources: 20,
  contacts: 1000,
  federationQueue: 200,
  federationMs: 20_000,
  federations: 100,
};
