import type { Endpoint, OpenOptions } from '@crosspoint/peers';

/** Opens a page for sound alone, under a name of its own. */
export function openPage(
  endpoint: Endpoint,
  options: Pick<OpenOptions, 'url' | 'name' | 'pattern'> & Partial<OpenOptions>,
): Promise<unknown> {
  return endpoint.ask('open', {
    transport: 'ws',
    audio: true,
    video: false,
    data: false,
    audioCodecs: [],
    videoCodecs: [],
    trickle: false,
    relayOnly: false,
    ...options,
  });
}
