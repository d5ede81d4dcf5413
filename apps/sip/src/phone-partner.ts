import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Driver } from '@crosspoint/peers';
import {
  baresipDriver,
  chromiumSipjsDriver,
  embeddedSipDriver,
  firefoxSipjsDriver,
} from '@crosspoint/peers/node';
import { answerAll } from '@crosspoint/web-phone/node';
import type { SipTopology } from './sip.ts';

const PHONES: Readonly<Record<string, () => Driver>> = {
  'embedded-sip': embeddedSipDriver,
  baresip: baresipDriver,
  'chromium-sipjs': chromiumSipjsDriver,
  'firefox-sipjs': firefoxSipjsDriver,
};

/** Phones that `--callee` may start. */
export const PHONE_PARTNERS = Object.keys(PHONES);

/** Starts a real phone that registers under its own name and takes every call. @throws PeerError */
export async function startPhone(name: string, topology: SipTopology): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'crosspoint-phone-'));
  const program = await PHONES[name]!().start({ folder });
  const endpoint = await program.endpoint(name);
  const { capabilities } = program.manifest;
  const transport = capabilities.includes('transport:udp') ? 'udp' : 'ws';
  await endpoint.ask('open-sip', {
    server: transport === 'ws' ? topology.registrar.ws : topology.registrar.server,
    transport,
    domain: topology.domain,
    user: name,
    password: await topology.addPhone(name),
    mediaAddress: topology.mediaAddress,
    pattern: 9,
    media: capabilities.includes('media:ice-dtls') ? 'ice-dtls' : 'rtp',
    audioCodecs: [],
    url: topology.web.url,
  });
  void answerAll(endpoint);
  return async () => {
    await program.stop();
    await rm(folder, { recursive: true, force: true });
  };
}
