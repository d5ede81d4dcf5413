import type { NodeKind } from '@crosspoint/topology';

/** The outline of each kind of node, in a square of 24, to be stroked. */
export const NODE_SYMBOLS: Readonly<Record<NodeKind, string>> = {
  browser: 'M3 5h18v14H3zM3 9h18M5.5 7h.01M7.5 7h.01',
  'web-server': 'M4 4h16v7H4zM4 13h16v7H4zM7 7.5h.01M7 16.5h.01M11 7.5h6M11 16.5h6',
  'sip-proxy': 'M4 9h15l-4-4M20 15H5l4 4',
  'sip-client': 'M5 15v-3a7 7 0 0 1 14 0v3M5 14h3v6H5zM16 14h3v6h-3z',
  'xmpp-server': 'M4 4h16v16H4zM10 9l-3 3 3 3M14 9l3 3-3 3',
  'jingle-client': 'M4 5h16v11h-9l-4 4v-4H4zM8 9h8M8 12h5',
  'pstn-gateway': 'M4 4h16v16H4zM7 12h2v-3h2v6h1c1.5 0 1-5 2.5-5s1 4 2.5 4',
  exchange: 'M4 8h16M4 16h16M8 4v16M16 4v16M14.5 8a1.5 1.5 0 1 0 3 0a1.5 1.5 0 1 0-3 0',
  telephone: 'M5 4h4l2 5-2.5 1.5a11 11 0 0 0 5 5L15 13l5 2v4a1 1 0 0 1-1 1A15 15 0 0 1 4 5a1 1 0 0 1 1-1z',
  'media-relay': 'M2 12h6M16 12h6M8 12a4 4 0 1 0 8 0a4 4 0 1 0-8 0',
  'turn-server': 'M6 20V10a6 6 0 0 1 12 0v7M14.500 14l3.500 3.500 3.500-3.500',
};

/** A closed and an open padlock in a square of 12, to be stroked. */
export const LOCK_CLOSED = 'M2 5.500h8v5H2zM3.500 5.500V4a2.500 2.500 0 0 1 5 0v1.500';
export const LOCK_OPEN = 'M2 5.500h8v5H2zM3.500 5.500V3.500a2.500 2.500 0 0 1 4.800-1';
