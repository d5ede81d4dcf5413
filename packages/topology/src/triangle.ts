import type { Topology } from './topology.ts';

/** Two browsers on one web server: the server at the top, the browsers at the lower corners. */
export const triangle: Topology = {
  id: 'triangle',
  title: 'Triangle',
  summary: 'Two browsers signal through one web server and send media directly to each other.',
  nodes: [
    { id: 'server', label: 'Web server', kind: 'web-server', x: 50, y: 18 },
    { id: 'caller', label: 'Caller', kind: 'browser', x: 14, y: 78 },
    { id: 'callee', label: 'Callee', kind: 'browser', x: 86, y: 78 },
    { id: 'turn', label: 'TURN server', kind: 'turn-server', x: 50, y: 60, optional: true },
  ],
  signaling: [
    { id: 'caller-server', from: 'caller', to: 'server', protocols: ['ws', 'http'] },
    { id: 'server-callee', from: 'server', to: 'callee', protocols: ['ws', 'http'] },
  ],
  media: [
    {
      id: 'media',
      from: 'caller',
      to: 'callee',
      protection: 'DTLS-SRTP; only the two browsers hold the keys',
    },
    {
      id: 'relayed',
      from: 'caller',
      to: 'callee',
      via: 'turn',
      instead: 'media',
      protection: 'DTLS-SRTP through TURN; only the two browsers hold the keys',
      optional: true,
    },
  ],
};

/** The triangle again, with several audio, video and data streams on one bundled transport (RFC 9143). */
export const multistream: Topology = {
  ...triangle,
  id: 'multistream',
  title: 'Multiple streams',
  summary: 'A triangle whose two browsers send several audio, video and data streams on one transport.',
};
