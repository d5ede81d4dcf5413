import type { Topology } from './topology.ts';

/** A browser calls a telephone; a PSTN gateway ends the media on a circuit. */
export const pstn: Topology = {
  id: 'pstn',
  title: 'PSTN',
  summary: 'A browser reaches a telephone: a PSTN gateway ends its media and puts the sound on a circuit.',
  nodes: [
    { id: 'server', label: 'Web server', kind: 'web-server', x: 31, y: 20 },
    { id: 'exchange', label: 'Exchange', kind: 'exchange', x: 73, y: 20 },
    { id: 'caller', label: 'Caller', kind: 'browser', x: 10, y: 80 },
    { id: 'gateway', label: 'PSTN gateway', kind: 'pstn-gateway', x: 54, y: 80 },
    { id: 'callee', label: 'Telephone', kind: 'telephone', x: 91, y: 80 },
  ],
  signaling: [
    { id: 'caller-server', from: 'caller', to: 'server', protocols: ['ws', 'http'] },
    { id: 'server-gateway', from: 'server', to: 'gateway', protocols: ['sip', 'mgcp'] },
    { id: 'gateway-exchange', from: 'gateway', to: 'exchange', protocols: ['pstn'] },
    { id: 'exchange-callee', from: 'exchange', to: 'callee', protocols: ['pstn'] },
  ],
  media: [
    {
      id: 'media',
      from: 'caller',
      to: 'gateway',
      protection: 'DTLS-SRTP to the gateway; the gateway holds the keys',
    },
    {
      id: 'circuit',
      from: 'gateway',
      to: 'callee',
      via: 'exchange',
      protection: 'a telephone circuit; not encrypted',
    },
  ],
};
