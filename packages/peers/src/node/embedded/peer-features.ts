import { readFileSync } from 'node:fs';

/** What this peer does not do, and why: said where the lab asks for it. */
const REASONS: Readonly<Record<string, string>> = {
  video: 'no video encoder is on board',
  'change-video': 'no video encoder is on board',
  'impair:frozen-video': 'no video encoder is on board',
  'ice-restart': 'libdatachannel 0.24 cannot restart ICE on a connection',
  'far-ice-restart': 'libdatachannel 0.24 cannot restart ICE on a connection',
  relay: 'libjuice cannot be kept from direct pairs (libdatachannel issue 1587)',
};

/** The manifest is what is declared; there is no second list. */
const DECLARED: ReadonlySet<string> = new Set(
  (JSON.parse(readFileSync(new URL('peer.json', import.meta.url), 'utf8')) as { capabilities: string[] })
    .capabilities,
);

/** Why a feature is not there, or `undefined` where it is. */
export function lackOf(feature: string): string | undefined {
  if (DECLARED.has(feature)) return undefined;
  if (feature.startsWith('codec:')) return 'G.711 (PCMU, PCMA) is the only codec on board';
  return REASONS[feature] ?? `${feature} is not a feature of this peer`;
}
