import { SignalingClient } from '@crosspoint/signaling/browser';
import { connectToOwnServer } from './own-server.ts';
import type { PageSignaling } from './page-signaling.ts';
import { TraceReader } from './trace-reader.ts';

/** The web protocol to the server that this page came from. */
export const webSignaling: PageSignaling = {
  makeLine: ({ transport, ...settings }, events) =>
    new SignalingClient(
      { ...settings, connect: connectToOwnServer(transport), client: 'crosspoint page' },
      events,
    ),
  makeTrace: (transport, events) => new TraceReader(transport, events),
  link: (transport) => (transport === 'http' ? 'over HTTP' : 'over WebSocket'),
  features: [
    'data',
    'trickle',
    'early-candidates',
    'relay',
    'resume',
    'make-offer',
    'far-transfer',
    'consult',
    'transport:ws',
    'transport:http',
  ],
  lacks: {
    'far-dtmf': 'browsers play received telephone-events and tell a page nothing of them',
    'early-media': 'the page has no media of its own before a person answers',
    'late-offer': 'a page that calls sends its offer with the call',
    refuse: 'a person accepts or declines, and a status of SIP is none of the page',
    reliable: 'the page speaks the web protocol, whose connection loses nothing',
    register: 'a page takes a name with a token, and registers nowhere by SIP',
    'impair:long-digits': 'a browser counts the durations of its digits by itself (RFC 4733 section 2.5.1)',
  },
};
