import type { Topology } from './topology.ts';

/** The browser itself is a SIP user agent: it speaks to the proxy over a WebSocket (RFC 7118), without a gateway. */
export const sipWs: Topology = {
  id: 'sip-ws',
  title: 'SIP over WebSocket',
  summary:
    'A browser is itself a SIP user agent: it registers over a WebSocket, and reaches other SIP clients by a proxy.',
  nodes: [
    { id: 'proxy', label: 'SIP proxy', kind: 'sip-proxy', x: 50, y: 20 },
    { id: 'caller', label: 'Caller', kind: 'browser', x: 12, y: 80 },
    { id: 'callee', label: 'SIP client', kind: 'sip-client', x: 88, y: 80 },
  ],
  signaling: [
    { id: 'caller-proxy', from: 'caller', to: 'proxy', protocols: ['sip/ws'] },
    { id: 'proxy-callee', from: 'proxy', to: 'callee', protocols: ['sip', 'sip/ws'] },
  ],
  media: [
    {
      id: 'media',
      from: 'caller',
      to: 'callee',
      protection: 'DTLS-SRTP; only the browser and the SIP client hold the keys',
    },
  ],
};
