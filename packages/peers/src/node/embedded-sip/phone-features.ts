import { readFileSync } from 'node:fs';

/** What this phone does not do, and why: said where the lab asks for it. */
const REASONS: Readonly<Record<string, string>> = {
  video: 'no video encoder is on board',
  data: 'a SIP phone has no data channels',
  trickle: 'its descriptions carry all candidates; SIP.js knows no trickle (RFC 8840)',
  'ice-restart': 'libdatachannel 0.24 cannot restart ICE on a connection',
  'far-ice-restart': 'libdatachannel 0.24 cannot restart ICE on a connection',
  'transport:udp': 'SIP.js speaks SIP over WebSocket alone',
  'transport:tcp': 'SIP.js speaks SIP over WebSocket alone',
  'transport:tls': 'SIP.js speaks SIP over WebSocket alone',
  'media:rtp': 'its media is ICE and DTLS-SRTP alone',
  'media:sdes': 'its media is ICE and DTLS-SRTP alone',
};

/** The manifest is what is declared; there is no second list. */
const DECLARED: ReadonlySet<string> = new Set(
  (JSON.parse(readFileSync(new URL('peer.json', import.meta.url), 'utf8')) as { capabilities: string[] })
    .capabilities,
);

/** Why a feature is not there, or `undefined` where it is. */
export function phoneLackOf(feature: string): string | undefined {
  if (DECLARED.has(feature)) return undefined;
  if (feature.startsWith('codec:')) return 'G.711 (PCMU, PCMA) is the only codec on board';
  return REASONS[feature] ?? `${feature} is not a feature of this phone`;
}
