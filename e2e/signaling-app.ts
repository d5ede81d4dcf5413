import type { AddressInfo } from 'node:net';
import { open } from '@crosspoint/sdp';
import type { Signal } from '@crosspoint/signaling';
import { openHttpDoor, openWsDoor, SignalingServer } from '@crosspoint/signaling/node';
import { fastify } from 'fastify';

export interface FixtureServer {
  readonly url: string;
  readonly signaling: SignalingServer;
  close(): Promise<void>;
}

/** The least web server that joins two web legs: what one says, the other hears. `change` may spoil an SDP. */
export async function startFixtureServer(
  change: (sdp: string) => string = (sdp) => sdp,
): Promise<FixtureServer> {
  const spoilt = (signal: Signal): Signal =>
    'description' in signal ? { ...signal, description: open(change(signal.description.text)) } : signal;
  const app = fastify({ forceCloseConnections: true });
  const signaling = new SignalingServer({
    onCall({ leg, from, to }) {
      const callee = signaling.ring(to, from, leg.traceCall);
      if (callee === undefined) {
        leg.send({ type: 'end', reason: { code: 'not-found' } });
        return;
      }
      leg.attach((signal) => callee.send(spoilt(signal)));
      callee.attach((signal) => leg.send(spoilt(signal)));
      leg.whenLost(() => callee.send({ type: 'end', reason: { code: 'unavailable' } }));
      callee.whenLost(() => leg.send({ type: 'end', reason: { code: 'unavailable' } }));
    },
  });
  openHttpDoor(app, signaling);
  const ws = openWsDoor(app.server, signaling);
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    signaling,
    async close() {
      signaling.close();
      ws.close();
      await app.close();
    },
  };
}
