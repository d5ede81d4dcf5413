/** The namespaces of Jingle and of what travels in it, by the document that defines each. */
export const NS = {
  /** RFC 6120 section 8.3.3. */
  stanzas: 'urn:ietf:params:xml:ns:xmpp-stanzas',
  client: 'jabber:client',
  /** XEP-0030. */
  discoInfo: 'http://jabber.org/protocol/disco#info',
  /** XEP-0115. */
  caps: 'http://jabber.org/protocol/caps',
  /** XEP-0199. */
  ping: 'urn:xmpp:ping',
  /** XEP-0280. */
  carbons: 'urn:xmpp:carbons:2',
  /** XEP-0297. */
  forward: 'urn:xmpp:forward:0',
  /** XEP-0166. */
  jingle: 'urn:xmpp:jingle:1',
  jingleErrors: 'urn:xmpp:jingle:errors:1',
  /** XEP-0167. */
  rtp: 'urn:xmpp:jingle:apps:rtp:1',
  rtpErrors: 'urn:xmpp:jingle:apps:rtp:errors:1',
  rtpInfo: 'urn:xmpp:jingle:apps:rtp:info:1',
  /** XEP-0176. */
  iceUdp: 'urn:xmpp:jingle:transports:ice-udp:1',
  /** XEP-0371. */
  ice: 'urn:xmpp:jingle:transports:ice:0',
  /** XEP-0293. */
  rtcpFeedback: 'urn:xmpp:jingle:apps:rtp:rtcp-fb:0',
  /** XEP-0294. */
  headerExtensions: 'urn:xmpp:jingle:apps:rtp:rtp-hdrext:0',
  /** XEP-0320. */
  dtls: 'urn:xmpp:jingle:apps:dtls:0',
  /** XEP-0338. */
  grouping: 'urn:xmpp:jingle:apps:grouping:0',
  /** XEP-0339. */
  sources: 'urn:xmpp:jingle:apps:rtp:ssma:0',
  /** XEP-0343. */
  dtlsSctp: 'urn:xmpp:jingle:transports:dtls-sctp:1',
  webrtcDataChannel: 'urn:xmpp:jingle:transports:webrtc-datachannel:0',
  /** XEP-0353. */
  messageInitiation: 'urn:xmpp:jingle-message:0',
  /** XEP-0334. */
  hints: 'urn:xmpp:hints',
  /** Ours: what a reason of Jingle cannot say. */
  crosspointEnd: 'urn:x-crosspoint:end:0',
  /** No XEP: how stanza (npm) writes `a=msid`. */
  msid: 'urn:xmpp:jingle:apps:rtp:msid:0',
} as const;
