import { spawnSync } from 'node:child_process';
import type { Driver } from '../../driver.ts';
import { phoneDriver } from '../sip-phone/phone-driver.ts';
import { LinphoneEndpoint } from './linphone-endpoint.ts';

export const LINPHONE_INSTALL = 'apt-get install linphone-cli pulseaudio pulseaudio-utils';

const CAPABILITIES = [
  'call',
  'answer',
  'decline',
  'one-call',
  'audio',
  'full-gathering',
  'hold',
  'register',
  'dtmf',
  'far-dtmf',
  'transfer',
  'transport:udp',
  'media:ice-dtls',
  'media:rtp',
  'codec:opus',
  'codec:PCMU',
  'codec:PCMA',
];

/** Debian's linphone-daemon, heard through a sound server of its own. */
export function linphoneDriver(): Driver {
  return phoneDriver({
    id: 'linphone',
    name: 'linphone',
    programs: ['linphone-daemon'],
    override: 'CROSSPOINT_LINPHONE',
    install: LINPHONE_INSTALL,
    capabilities: CAPABILITIES,
    version() {
      const asked = spawnSync('dpkg-query', ['-W', '-f', `\${Version}`, 'linphone-cli'], {
        encoding: 'utf8',
      });
      return asked.status === 0 ? asked.stdout.trim() : 'unknown';
    },
    endpoint: (place) => new LinphoneEndpoint(place, CAPABILITIES),
  });
}
