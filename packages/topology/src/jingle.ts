import type { Topology } from './topology.ts';

/** A browser calls a Jingle client; the web server carries an XMPP server. */
export const jingle: Topology = {
  id: 'jingle',
  title: 'Jingle',
  summary: 'A browser reaches a Jingle client through a web server with a built-in XMPP server.',
  nodes: [
    { id: 'server', label: 'Web server', kind: 'web-server', x: 30, y: 20 },
    { id: 'xmpp', label: 'XMPP server', kind: 'xmpp-server', x: 70, y: 20 },
    { id: 'caller', label: 'Caller', kind: 'browser', x: 12, y: 80 },
    { id: 'callee', label: 'Jingle client', kind: 'jingle-client', x: 88, y: 80 },
  ],
  signaling: [
    { id: 'caller-server', from: 'caller', to: 'server', protocols: ['ws', 'http'] },
    { id: 'server-xmpp', from: 'server', to: 'xmpp', protocols: ['xmpp'] },
    { id: 'xmpp-callee', from: 'xmpp', to: 'callee', protocols: ['xmpp'] },
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
