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
import { writeEjabberdConfig, writeInetrc } from './ejabberd-config.ts';
import { LabNames } from './lab-names.ts';

const START_MS = 40_000;
/** Where Debian has its Erlang libraries. */
const LIBRARIES = process.arch === 'arm64' ? '/usr/lib/aarch64-linux-gnu' : '/usr/lib/x86_64-linux-gnu';
export const EJABBERD_INSTALL = 'apt-get install ejabberd';

/** Where the Erlang is that runs ejabberd, or `undefined`. */
export function findEjabberd(): string | undefined {
  return findProgram(['ejabberdctl']) === undefined ? undefined : findProgram(['erl']);
}

/**
 * Starts Debian's ejabberd on free ports and waits until it answers a stream. It runs as a plain Erlang, without a
 * node's name and so without a port mapper that would outlive it.
 * @throws PeerError where it is not there or does not answer; RangeError for what its configuration cannot hold
 */
export async function startEjabberd(options: XmppServerOptions): Promise<XmppServerPeer> {
  const program = findEjabberd();
  if (program === undefined) throw new PeerError('failed', 'ejabberd', 'ejabberd is not installed');
  const { address, domain, tls } = options;
  const servers = options.servers ?? {};
  const ports: XmppServerPorts = {
    client: await freePort(address),
    server: options.serverPort ?? (await freePort(address)),
    http: await freePort(address),
    component: await freePort(address),
  };
  const home = await mkdtemp(join(tmpdir(), 'crosspoint-ejabberd-'));
  const names = await LabNames.start(address, servers);
  await mkdir(join(home, 'spool'));
  const files: Readonly<Record<string, string>> = {
    'ejabberd.yml': writeEjabberdConfig(options, ports, home),
    inetrc: writeInetrc(address, names.port),
    'both.pem': tls.key + tls.cert,
    ...(tls.ca === undefined ? {} : { 'ca.pem': tls.ca }),
  };
  for (const [name, text] of Object.entries(files)) await writeFile(join(home, name), text, { mode: 0o600 });
  const log = join(options.folder, `ejabberd-${ports.client}.log`);
  const ownLogs = join(options.folder, `ejabberd-${ports.client}`);
  await mkdir(ownLogs, { recursive: true });
  const daemon = await Daemon.start({
    label: 'ejabberd',
    program,
    args: ['-noinput', '+K', 'true', '+S', '2:2', '-mnesia', 'dir', `"${home}/spool"`, '-s', 'ejabberd'],
    cwd: home,
    log,
    family: true,
    env: {
      HOME: home,
      ERL_LIBS: LIBRARIES,
      ERL_INETRC: join(home, 'inetrc'),
      ERL_CRASH_DUMP_SECONDS: '0',
      EJABBERD_CONFIG_PATH: join(home, 'ejabberd.yml'),
      // Its own file is the more talkative one; what Erlang itself says goes beside it.
      EJABBERD_LOG_PATH: join(ownLogs, 'ejabberd.log'),
      EJABBERD_PID_PATH: join(home, 'pid'),
    },
  });
  // Its children may write a moment longer than it lives.
  const cleared = daemon.exited.then(async () => {
    await names.stop();
    await rm(home, { recursive: true, force: true, maxRetries: 10 }).catch(() => {});
  });
  const ask = (command: string, body: unknown): Promise<void> => call(address, ports.http, command, body);
  const fail = async (why: string): Promise<never> => {
    await daemon.stop();
    await cleared;
    throw new PeerError('failed', 'ejabberd', `ejabberd did not start: ${why}; see ${log}`);
  };
  if (!(await answersStream(address, ports.client, domain, () => daemon.ended !== undefined, START_MS)))
    return fail(daemon.ended ?? `no answer on ${address}:${ports.client}`);
  const addUser = (name: string, password: string): Promise<void> =>
    ask('register', { user: plainName(name), host: domain, password });
  try {
    for (const [name, password] of Object.entries(options.users ?? {})) await addUser(name, password);
    for (const [name, contacts] of Object.entries(options.contacts ?? {})) {
      for (const contact of contacts) {
        const [user = '', host = ''] = contact.split('@');
        const who = { localuser: name, localhost: domain, user, host, nick: user, group: '', subs: 'both' };
        await ask('add_rosteritem', who);
      }
    }
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error));
  }
  return {
    domain,
    address,
    ports,
    wsUrl: `ws://${address}:${ports.http}/ws`,
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

/** One command of its HTTP interface. @throws PeerError */
async function call(address: string, port: number, command: string, body: unknown): Promise<void> {
  const reply = await fetch(`http://${address}:${port}/api/${command}`, {
    method: 'POST',
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(10_000),
  });
  if (!reply.ok)
    throw new PeerError('failed', 'ejabberd', `${command}: ${reply.status} ${await reply.text()}`);
}
