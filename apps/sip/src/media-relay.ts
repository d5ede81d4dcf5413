import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Relay } from '@crosspoint/media';
import { EmbeddedRelay, RtpengineRelay } from '@crosspoint/media/node';
import { startRtpengine } from '@crosspoint/peers/node';

/** The relay that is put into the media path where a phone cannot speak as browsers do, and how it is stopped. */
export interface RunningRelay {
  readonly relay: Relay;
  stop(): Promise<void>;
}

export type RelayName = 'embedded' | 'rtpengine' | 'none';

/** @throws PeerError where rtpengine is wanted and is not there */
export async function startRelay(name: RelayName, mediaAddress: string): Promise<RunningRelay | undefined> {
  if (name === 'none') return undefined;
  if (name === 'embedded') {
    const relay = new EmbeddedRelay({ address: mediaAddress });
    return { relay, stop: () => relay.close() };
  }
  const folder = await mkdtemp(join(tmpdir(), 'crosspoint-rtpengine-'));
  const server = await startRtpengine({ folder, mediaAddress }).catch(async (error: unknown) => {
    await rm(folder, { recursive: true, force: true });
    throw error;
  });
  const relay = new RtpengineRelay({ host: server.address, port: server.port });
  return {
    relay,
    async stop() {
      await relay.close();
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
