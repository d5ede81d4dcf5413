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
  features: ['data', 'trickle', 'early-candidates', 'relay', 'resume', 'transport:ws', 'transport:http'],
  lacks: {},
};
