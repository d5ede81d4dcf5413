import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { QUIET } from './set-up.mjs';

/** The real programs that the tests run, by the Debian packages that have them. */
const PROGRAMS = {
  chromium: 'chromium',
  'firefox-esr': 'firefox-esr',
  turnserver: 'coturn',
  ip: 'iproute2',
  python3: 'python3',
  kamailio: 'kamailio kamailio-websocket-modules kamailio-tls-modules kamailio-outbound-modules',
  baresip: 'baresip-core',
  sipp: 'sip-tester',
  'linphone-daemon': 'linphone-cli',
  pulseaudio: 'pulseaudio',
  parec: 'pulseaudio-utils',
  rtpengine: 'rtpengine-daemon',
  prosody: 'prosody',
  ejabberdctl: 'ejabberd',
};

function present(program) {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin'];
  return folders.some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** Installs what is missing, as root; otherwise prints the one command to run and stops. */
export function installPrograms() {
  const missing = Object.entries(PROGRAMS)
    .filter(([program]) => !present(program))
    .flatMap(([, names]) => names.split(' '));
  if (missing.length === 0) return;
  const command = `apt-get update && apt-get install -y --no-install-recommends ${missing.join(' ')}`;
  if (process.getuid?.() !== 0 || !present('apt-get')) {
    process.stderr.write(
      `error: the tests need real programs that are not here. Install them once:\n\n  sudo sh -c '${command}'\n\n`,
    );
    process.exit(3);
  }
  process.stderr.write(`Installing ${missing.join(', ')} ...\n`);
  const env = { ...process.env, ...QUIET, DEBIAN_FRONTEND: 'noninteractive' };
  for (const args of [
    ['update', '-q'],
    ['install', '-y', '-q', '--no-install-recommends', ...missing],
  ]) {
    // Another apt may be at work on this machine: wait for it, and try a fetch that broke once more.
    const done = spawnSync(
      'apt-get',
      ['-o', 'DPkg::Lock::Timeout=300', '-o', 'Acquire::Retries=3', ...args],
      { env, encoding: 'utf8' },
    );
    if (done.status !== 0) {
      process.stderr.write(`${done.stdout}${done.stderr}\nerror: apt-get ${args[0]} failed\n`);
      process.exit(3);
    }
  }
}
