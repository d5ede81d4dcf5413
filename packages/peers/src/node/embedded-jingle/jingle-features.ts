import { readFileSync } from 'node:fs';

const NO_VIDEO = 'no video encoder is on board';
const NO_RESTART = 'libdatachannel 0.24 cannot restart ICE on a connection';
const NO_SIP = 'it speaks Jingle over XMPP, and no SIP';

/** What this client does not do, and why: said where the lab asks for it. */
const REASONS: Readonly<Record<string, string>> = {
  video: NO_VIDEO,
  'change-video': NO_VIDEO,
  'impair:frozen-video': NO_VIDEO,
  'ice-restart': NO_RESTART,
  'far-ice-restart': NO_RESTART,
  relay: 'libjuice cannot be kept from direct pairs (libdatachannel issue 1587)',
  transfer: 'no XEP that is in use transfers a session of Jingle',
  'far-transfer': 'no XEP that is in use transfers a session of Jingle',
  consult: 'Jingle knows no transfer to ask for',
  'make-offer': 'a session-initiate has its contents with it (Jingle, XEP-0166 section 6.2)',
  replaces: 'Replaces is a header of SIP (RFC 3891)',
  'early-candidates':
    'libdatachannel 0.24 may refuse the right certificate where an ICE check comes before the answer: candidates wait for it',
  'early-media': 'Jingle knows no media before session-accept',
  'far-early-media': 'Jingle knows no media before session-accept',
  'late-offer': 'a session-initiate of Jingle always carries the offer (XEP-0166 section 7.2.10)',
  reliable: 'reliable provisional responses are of SIP (RFC 3262); every IQ is answered',
  refuse: 'a status is of SIP; Jingle refuses with a reason (XEP-0166 section 7.4)',
  'transport:http': 'it speaks XMPP over TCP and WebSocket, not over BOSH',
  'transport:udp': NO_SIP,
  'transport:tls':
    'plain TCP and WebSocket on this machine; TLS comes by STARTTLS where the server offers it',
  'media:rtp': 'its media is ICE and DTLS-SRTP alone',
  'media:sdes': 'its media is ICE and DTLS-SRTP alone',
};

/** The manifest is what is declared; there is no second list. */
const DECLARED: ReadonlySet<string> = new Set(
  (JSON.parse(readFileSync(new URL('peer.json', import.meta.url), 'utf8')) as { capabilities: string[] })
    .capabilities,
);

/** Why a feature is not there, or `undefined` where it is. */
export function jingleLackOf(feature: string): string | undefined {
  if (DECLARED.has(feature)) return undefined;
  if (feature.startsWith('codec:')) return 'G.711 (PCMU, PCMA) is the only codec on board';
  return REASONS[feature] ?? `${feature} is not a feature of this client`;
}
