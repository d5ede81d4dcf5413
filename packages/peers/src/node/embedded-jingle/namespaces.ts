/** The namespaces that this client speaks, by the document that defines each. */
export const NS = {
  /** XEP-0030. */
  discoInfo: 'http://jabber.org/protocol/disco#info',
  /** XEP-0115. */
  caps: 'http://jabber.org/protocol/caps',
  /** XEP-0166. */
  jingle: 'urn:xmpp:jingle:1',
  jingleErrors: 'urn:xmpp:jingle:errors:1',
  /** XEP-0167. */
  rtp: 'urn:xmpp:jingle:apps:rtp:1',
  rtpAudio: 'urn:xmpp:jingle:apps:rtp:audio',
  rtpInfo: 'urn:xmpp:jingle:apps:rtp:info:1',
  /** XEP-0176. */
  ice: 'urn:xmpp:jingle:transports:ice-udp:1',
  /** XEP-0198. */
  management: 'urn:xmpp:sm:3',
  /** XEP-0280, and XEP-0297 in it. */
  carbons: 'urn:xmpp:carbons:2',
  forward: 'urn:xmpp:forward:0',
  /** XEP-0320. */
  dtls: 'urn:xmpp:jingle:apps:dtls:0',
  /** XEP-0334. */
  hints: 'urn:xmpp:hints',
  /** XEP-0338. */
  grouping: 'urn:xmpp:jingle:apps:grouping:0',
  /** XEP-0339. */
  sources: 'urn:xmpp:jingle:apps:rtp:ssma:0',
  /** XEP-0343. */
  sctp: 'urn:xmpp:jingle:transports:dtls-sctp:1',
  dataChannel: 'urn:xmpp:jingle:transports:webrtc-datachannel:0',
  /** XEP-0353. */
  message: 'urn:xmpp:jingle-message:0',
  /** RFC 6120 section 8.3.3. */
  stanzas: 'urn:ietf:params:xml:ns:xmpp-stanzas',
  ping: 'urn:xmpp:ping',
} as const;
