import type { Topology } from './topology.ts';

/** A browser calls a SIP client; the web server carries the signaling gateway. */
export const sip: Topology = {
  id: 'sip',
  title: 'SIP',
  summary: 'A browser reaches a SIP client through a web server with a built-in SIP signaling gateway.',
  nodes: [
    { id: 'server', label: 'Web server', kind: 'web-server', x: 30, y: 20 },
    { id: 'proxy', label: 'SIP proxy', kind: 'sip-proxy', x: 70, y: 20 },
    { id: 'caller', label: 'Caller', kind: 'browser', x: 12, y: 80 },
    { id: 'callee', label: 'SIP client', kind: 'sip-client', x: 88, y: 80 },
    { id: 'relay', label: 'Media relay', kind: 'media-relay', x: 50, y: 56, optional: true },
  ],
  signaling: [
    { id: 'caller-server', from: 'caller', to: 'server', protocols: ['ws', 'http', 'sip'] },
    { id: 'server-proxy', from: 'server', to: 'proxy', protocols: ['sip'] },
    { id: 'proxy-callee', from: 'proxy', to: 'callee', protocols: ['sip'] },
  ],
  media: [
    {
      id: 'media',
      from: 'caller',
      to: 'callee',
      protection: 'DTLS-SRTP; only the browser and the SIP client hold the keys',
    },
    {
      id: 'relayed',
      from: 'caller',
      to: 'callee',
      via: 'relay',
      instead: 'media',
      protection: 'DTLS-SRTP to the relay; the relay holds the keys',
      optional: true,
    },
  ],
};
