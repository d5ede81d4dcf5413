import type { Topology } from './topology.ts';

/** Two browsers, each on its own web server; the servers federate. */
export const trapezoid: Topology = {
  id: 'trapezoid',
  title: 'Trapezoid',
  summary: 'Each browser signals through its own web server; the two servers federate by SIP or Jingle.',
  nodes: [
    { id: 'server-a', label: 'Web server A', kind: 'web-server', x: 28, y: 26 },
    { id: 'server-b', label: 'Web server B', kind: 'web-server', x: 72, y: 26 },
    { id: 'caller', label: 'Caller', kind: 'browser', x: 12, y: 80 },
    { id: 'callee', label: 'Callee', kind: 'browser', x: 88, y: 80 },
    { id: 'proxy-a', label: 'SIP proxy A', kind: 'sip-proxy', x: 38, y: 4, optional: true },
    { id: 'proxy-b', label: 'SIP proxy B', kind: 'sip-proxy', x: 62, y: 4, optional: true },
  ],
  signaling: [
    { id: 'caller-server-a', from: 'caller', to: 'server-a', protocols: ['ws', 'http'] },
    { id: 'server-a-server-b', from: 'server-a', to: 'server-b', protocols: ['sip', 'xmpp'] },
    { id: 'server-b-callee', from: 'server-b', to: 'callee', protocols: ['ws', 'http'] },
    {
      id: 'server-a-proxy-a',
      from: 'server-a',
      to: 'proxy-a',
      protocols: ['sip'],
      optional: true,
      instead: 'server-a-server-b',
    },
    {
      id: 'proxy-a-proxy-b',
      from: 'proxy-a',
      to: 'proxy-b',
      protocols: ['sip'],
      optional: true,
      instead: 'server-a-server-b',
    },
    {
      id: 'proxy-b-server-b',
      from: 'proxy-b',
      to: 'server-b',
      protocols: ['sip'],
      optional: true,
      instead: 'server-a-server-b',
    },
  ],
  media: [
    {
      id: 'media',
      from: 'caller',
      to: 'callee',
      protection: 'DTLS-SRTP; only the two browsers hold the keys',
    },
  ],
};
