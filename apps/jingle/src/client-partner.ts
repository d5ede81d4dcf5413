import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Driver } from '@crosspoint/peers';
import { chromiumStanzaDriver, embeddedJingleDriver, firefoxStanzaDriver } from '@crosspoint/peers/node';
import { answerAll } from '@crosspoint/web-phone/node';
import type { JingleTopology } from './jingle.ts';

const CLIENTS: Readonly<Record<string, () => Driver>> = {
  'embedded-jingle': embeddedJingleDriver,
  'chromium-stanza': chromiumStanzaDriver,
  'firefox-stanza': firefoxStanzaDriver,
};

/** Jingle clients that `--callee` may start. */
export const CLIENT_PARTNERS = Object.keys(CLIENTS);

/** What each binds: who knows no proposals is called by its full address. */
export const PARTNER_RESOURCE = 'client';

/** Starts a real client that logs in at the other server under its own name and takes every call. @throws PeerError */
export async function startClient(name: string, topology: JingleTopology): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'crosspoint-client-'));
  const program = await CLIENTS[name]!().start({ folder });
  const endpoint = await program.endpoint(name);
  const { capabilities } = program.manifest;
  const transport = capabilities.includes('transport:tcp') ? 'tcp' : 'ws';
  await endpoint.ask('open-jingle', {
    server: transport === 'ws' ? topology.other.ws : topology.other.tcp,
    transport,
    domain: topology.otherDomain,
    ca: topology.ca,
    user: name,
    resource: PARTNER_RESOURCE,
    password: await topology.addClient(name),
    mediaAddress: topology.mediaAddress,
    pattern: 9,
    audio: true,
    video: capabilities.includes('video'),
    data: capabilities.includes('data'),
    audioCodecs: [],
    videoCodecs: [],
    trickle: true,
    url: topology.web.url,
  });
  void answerAll(endpoint);
  return async () => {
    await program.stop();
    await rm(folder, { recursive: true, force: true });
  };
}
