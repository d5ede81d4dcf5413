import { spawnSync } from 'node:child_process';
import type { Driver } from '../../driver.ts';
import { phoneDriver } from '../sip-phone/phone-driver.ts';
import { SippEndpoint } from './sipp-endpoint.ts';

export const SIPP_INSTALL = 'apt-get install sip-tester';

const CAPABILITIES = [
  'call',
  'answer',
  'decline',
  'one-call',
  'audio',
  'hold',
  'far-hold',
  'register',
  'dtmf',
  'far-dtmf',
  'transfer',
  'early-media',
  'late-offer',
  'transport:udp',
  'media:rtp',
  'codec:PCMU',
  'codec:PCMA',
];

/** Debian's SIPp as a phone for plain RTP: scenarios that wait for the driver's word, sound by the driver's own RTP. */
export function sippDriver(): Driver {
  return phoneDriver({
    id: 'sipp',
    name: 'SIPp',
    programs: ['sipp'],
    override: 'CROSSPOINT_SIPP',
    install: SIPP_INSTALL,
    capabilities: CAPABILITIES,
    version(program) {
      const { stdout } = spawnSync(program, ['-v'], { encoding: 'utf8', timeout: 5000 });
      return /SIPp v(\S+?)\.?\s/.exec(stdout ?? '')?.[1] ?? 'unknown';
    },
    endpoint: (place) => new SippEndpoint(place, CAPABILITIES),
  });
}
