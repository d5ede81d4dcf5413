import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PeerError } from '../../peer-error.ts';
import { findProgram } from '../program-path.ts';
import { Daemon } from '../sip-phone/daemon.ts';
import { freePort } from '../sip-phone/free-port.ts';
import {
  plainName,
  type XmppServerOptions,
  type XmppServerPeer,
  type XmppServerPorts,
} from '../xmpp-server/server-options.ts';
import { answersStream } from '../xmpp-server/stream-probe.ts';
import { ROUTES_MODULE, storeName, writeAccount, writeProsodyConfig, writeRoster } from './prosody-config.ts';

const START_MS = 15_000;
export const PROSODY_INSTALL = 'apt-get install prosody';

/** Where Prosody is, or `undefined`. */
export function findProsody(): string | undefined {
  return process.env.CROSSPOINT_PROSODY ?? findProgram(['prosody']);
}

/**
 * Starts Debian's Prosody on free ports and waits until it answers a stream.
 * @throws PeerError where it is not there or does not answer; RangeError for what its configuration cannot hold
 */
export async function startProsody(options: XmppServerOptions): Promise<XmppServerPeer> {
  const program = findProsody();
  if (program === undefined) throw new PeerError('failed', 'prosody', 'Prosody is not installed');
  const { address, domain, tls } = options;
  const ports: XmppServerPorts = {
    client: await freePort(address),
    server: options.serverPort ?? (await freePort(address)),
    http: await freePort(address),
    component: await freePort(address),
  };
  // It holds the passwords and stays out of the evidence.
  const home = await mkdtemp(join(tmpdir(), 'crosspoint-prosody-'));
  const store = join(home, 'data', storeName(domain));
  const addUser = (name: string, password: string): Promise<void> =>
    writeFile(join(store, 'accounts', `${storeName(plainName(name))}.dat`), writeAccount(password), {
      mode: 0o600,
    });
  for (const folder of [join(store, 'accounts'), join(store, 'roster'), join(home, 'modules')])
    await mkdir(folder, { recursive: true });
  await writeFile(join(home, 'modules', 'mod_crosspoint_routes.lua'), ROUTES_MODULE);
  await writeFile(join(home, 'cert.pem'), tls.cert);
  await writeFile(join(home, 'key.pem'), tls.key, { mode: 0o600 });
  if (tls.ca !== undefined) await writeFile(join(home, 'ca.pem'), tls.ca);
  for (const [name, password] of Object.entries(options.users ?? {})) await addUser(name, password);
  for (const [name, contacts] of Object.entries(options.contacts ?? {}))
    await writeFile(join(store, 'roster', `${storeName(plainName(name))}.dat`), writeRoster(contacts));
  const configuration = join(home, 'prosody.cfg.lua');
  await writeFile(configuration, writeProsodyConfig(options, ports, home), { mode: 0o600 });
  const log = join(options.folder, `prosody-${ports.client}.log`);
  const daemon = await Daemon.start({
    label: 'prosody',
    program,
    args: ['--config', configuration, '-F'],
    cwd: home,
    log,
    family: true,
  });
  const cleared = daemon.exited.then(() =>
    rm(home, { recursive: true, force: true, maxRetries: 10 }).catch(() => {}),
  );
  if (!(await answersStream(address, ports.client, domain, () => daemon.ended !== undefined, START_MS))) {
    const { ended, lastWords } = daemon;
    await daemon.stop();
    await cleared;
    const why =
      ended === undefined ? `no answer on ${address}:${ports.client}` : `${ended}; ${lastWords ?? ''}`;
    throw new PeerError('failed', 'prosody', `Prosody did not start: ${why}; see ${log}`);
  }
  return {
    domain,
    address,
    ports,
    wsUrl: `ws://${address}:${ports.http}/xmpp-websocket`,
    pid: daemon.pid,
    log,
    exited: daemon.exited,
    get ended() {
      return daemon.ended;
    },
    addUser,
    async stop() {
      await daemon.stop();
      await cleared;
    },
  };
}
