import { spawnSync } from 'node:child_process';
import type { Driver } from '../../driver.ts';
import { phoneDriver } from '../sip-phone/phone-driver.ts';
import { BaresipEndpoint } from './baresip-endpoint.ts';

export const BARESIP_INSTALL = 'apt-get install baresip-core';

const CAPABILITIES = [
  'call',
  'answer',
  'audio',
  'full-gathering',
  'hold',
  'far-hold',
  'register',
  'dtmf',
  'far-dtmf',
  'transfer',
  'far-transfer',
  // No `early-media`: in that answer mode 1.0 tells nobody who controls it that a call came in.
  'far-early-media',
  'transport:udp',
  'transport:tcp',
  'media:ice-dtls',
  'media:rtp',
  'media:sdes',
  'codec:opus',
  'codec:PCMU',
  'codec:PCMA',
];

/** Debian's baresip, controlled over TCP; it plays a pattern from a file and is heard through a sound card made of a pipe. */
export function baresipDriver(): Driver {
  return phoneDriver({
    id: 'baresip',
    name: 'baresip',
    programs: ['baresip'],
    override: 'CROSSPOINT_BARESIP',
    install: BARESIP_INSTALL,
    capabilities: CAPABILITIES,
    version(program) {
      const { stdout } = spawnSync(program, ['-h'], { encoding: 'utf8', timeout: 5000 });
      return /baresip v(\S+)/.exec(stdout ?? '')?.[1] ?? 'unknown';
    },
    endpoint: (place) => new BaresipEndpoint(place, CAPABILITIES),
  });
}
