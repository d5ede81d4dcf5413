import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Relay } from '@crosspoint/media';
import { EmbeddedRelay, RtpengineRelay } from '@crosspoint/media/node';
import { type RtpengineServer, startRtpengine } from '@crosspoint/peers/node';
import { keepUp } from '@crosspoint/web-phone/node';

/** The relay that is put into the media path where a phone cannot speak as browsers do, and how it is stopped. */
export interface RunningRelay {
  readonly relay: Relay & { readonly size: number };
  /** Its process, where it has one of its own. */
  readonly pid: number | undefined;
  stop(): Promise<void>;
}

export type RelayName = 'embedded' | 'rtpengine' | 'none';

/**
 * `silenceMs`: how long a side may send nothing before its call is given up.
 * @throws PeerError where rtpengine is wanted and is not there
 */
export async function startRelay(
  name: RelayName,
  mediaAddress: string,
  silenceMs: number,
): Promise<RunningRelay | undefined> {
  if (name === 'none') return undefined;
  if (name === 'embedded') {
    const relay = new EmbeddedRelay({ address: mediaAddress, silenceMs });
    return { relay, pid: undefined, stop: () => relay.close() };
  }
  const folder = await mkdtemp(join(tmpdir(), 'crosspoint-rtpengine-'));
  const kept = await keepUp('rtpengine', (ended: RtpengineServer | undefined) =>
    startRtpengine({ folder, mediaAddress, ...(ended === undefined ? {} : { ngPort: ended.port }) }),
  ).catch(async (error: unknown) => {
    await rm(folder, { recursive: true, force: true });
    throw error;
  });
  const { address, port } = kept.first;
  const checkMs = Math.min(5000, silenceMs / 2);
  const relay = new RtpengineRelay({ host: address, port, silenceMs, checkMs });
  return {
    relay,
    get pid() {
      return kept.pid;
    },
    async stop() {
      await relay.close();
      await kept.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
