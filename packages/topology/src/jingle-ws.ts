import type { Topology } from './topology.ts';

/** The browser itself is an XMPP client: it speaks to the XMPP server over a WebSocket (RFC 7395), without a gateway. */
export const jingleWs: Topology = {
  id: 'jingle-ws',
  title: 'Jingle over WebSocket',
  summary:
    'A browser is itself a Jingle client: it logs in over a WebSocket, and reaches other clients by an XMPP server.',
  nodes: [
    { id: 'xmpp', label: 'XMPP server', kind: 'xmpp-server', x: 50, y: 20 },
    { id: 'caller', label: 'Caller', kind: 'browser', x: 12, y: 80 },
    { id: 'callee', label: 'Jingle client', kind: 'jingle-client', x: 88, y: 80 },
  ],
  signaling: [
    { id: 'caller-xmpp', from: 'caller', to: 'xmpp', protocols: ['xmpp/ws'] },
    { id: 'xmpp-callee', from: 'xmpp', to: 'callee', protocols: ['xmpp', 'xmpp/ws'] },
  ],
  media: [
    {
      id: 'media',
      from: 'caller',
      to: 'callee',
      protection: 'DTLS-SRTP; only the browser and the Jingle client hold the keys',
    },
  ],
};
