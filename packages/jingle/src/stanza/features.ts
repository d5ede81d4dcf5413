import { NS } from '../namespaces.ts';

/** What an entity that speaks as this package does answers to disco#info (XEP-0030, 0115), in the order of `i;octet`. */
export const JINGLE_FEATURES: readonly string[] = [
  // XEP-0339 and XEP-0338 name the RFC that they carry.
  'urn:ietf:rfc:5576',
  'urn:ietf:rfc:5888',
  NS.messageInitiation,
  NS.jingle,
  NS.dtls,
  NS.rtp,
  `${NS.rtp.slice(0, -1)}audio`,
  NS.rtcpFeedback,
  NS.headerExtensions,
  `${NS.rtp.slice(0, -1)}video`,
  NS.dtlsSctp,
  NS.iceUdp,
];
