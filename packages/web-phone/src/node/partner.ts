import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Driver, Endpoint } from '@crosspoint/peers';
import { PeerError } from '@crosspoint/peers';
import { chromiumDriver, embeddedDriver, firefoxDriver } from '@crosspoint/peers/node';

/** Who can answer by itself. */
export const PARTNERS = ['embedded', 'chromium', 'firefox'] as const;
export type PartnerName = (typeof PARTNERS)[number];

const DRIVERS: Readonly<Record<PartnerName, () => Driver>> = {
  embedded: embeddedDriver,
  chromium: chromiumDriver,
  firefox: firefoxDriver,
};
const PATTERN = 9;
const FOREVER_MS = 2 ** 31 - 1;

/**
 * Starts an automatic partner: it registers under its own name and takes every call. Returns how to stop it.
 * @throws PeerError where the program is not there or does not start
 */
export async function startPartner(
  name: PartnerName,
  url: string,
  transport: 'ws' | 'http',
): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'crosspoint-partner-'));
  const program = await DRIVERS[name]().start({ folder });
  const endpoint = await program.endpoint(name);
  await endpoint.ask('open', {
    url,
    transport,
    name,
    pattern: PATTERN,
    audio: true,
    video: program.manifest.capabilities.includes('video'),
    data: true,
    audioCodecs: [],
    videoCodecs: [],
    trickle: true,
    relayOnly: false,
  });
  void answerAll(endpoint);
  return async () => {
    await program.stop();
    await rm(folder, { recursive: true, force: true });
  };
}

/** Takes one call after another, until the endpoint is gone. */
export async function answerAll(endpoint: Endpoint): Promise<void> {
  for (let since = 0; ; ) {
    try {
      await endpoint.wait('a call', (event) => event.event === 'incoming', FOREVER_MS, since);
    } catch {
      // Nothing more comes of it: it was stopped, or died.
      return;
    }
    since = endpoint.events.findIndex((event, at) => at >= since && event.event === 'incoming') + 1;
    try {
      await endpoint.ask('accept', {});
    } catch (error) {
      // The caller gave up before the answer: the next one is waited for.
      if (!(error instanceof PeerError) || error.code === 'died') return;
    }
  }
}
