import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Exit } from '../../driver.ts';
import { PeerError } from '../../peer-error.ts';
import { findProgram } from '../program-path.ts';
import { Daemon } from '../sip-phone/daemon.ts';
import { freePort } from '../sip-phone/free-port.ts';
import { answersOptions } from '../sip-phone/sip-probe.ts';
import { writeKamailioConfig } from './kamailio-config.ts';
import type { KamailioOptions, KamailioPorts } from './kamailio-options.ts';
import { askKamailio } from './kamailio-rpc.ts';

const START_MS = 15_000;
export const KAMAILIO_INSTALL =
  'apt-get install kamailio kamailio-websocket-modules kamailio-tls-modules kamailio-outbound-modules';

/** A running SIP registrar and proxy. */
export interface KamailioServer {
  readonly domain: string;
  /** Its SIP address for UDP and TCP: `127.0.0.1:5060`. */
  readonly server: string;
  readonly ports: KamailioPorts;
  /** Where a page's SIP user agent connects (RFC 7118). */
  readonly wsUrl: string;
  readonly pid: number;
  readonly log: string;
  /** How it ended, where it did so unasked. */
  readonly ended: string | undefined;
  readonly exited: Promise<Exit>;
  /** Lets one more user register, or gives one another password. @throws PeerError */
  addUser(name: string, password: string): Promise<void>;
  /** Takes a user's right to register, not the registrations. @throws PeerError */
  removeUser(name: string): Promise<void>;
  /** Whether a phone of this name is registered now. */
  isRegistered(name: string): Promise<boolean>;
  /** Asks by JSON-RPC: `core.uptime`, `ul.dump`, `tm.stats`, `pkg.stats`. @throws PeerError */
  ask(method: string, params?: readonly (string | number)[]): Promise<unknown>;
  stop(): Promise<void>;
}

/** Where Kamailio is, or `undefined`. */
export function findKamailio(): string | undefined {
  return process.env.CROSSPOINT_KAMAILIO ?? findProgram(['kamailio']);
}

/**
 * Starts Debian's Kamailio and waits until it answers OPTIONS over UDP.
 * @throws PeerError where it is not there, refuses its configuration or does not answer; RangeError for names and
 *   passwords that its configuration cannot hold
 */
export async function startKamailio(options: KamailioOptions): Promise<KamailioServer> {
  const program = findKamailio();
  if (program === undefined) throw new PeerError('failed', 'kamailio', 'Kamailio is not installed');
  const { address, domain } = options;
  const ports: KamailioPorts = options.ports ?? {
    sip: options.port ?? (await freePort(address)),
    ws: await freePort(address),
    rpc: await freePort(address),
    tls: options.tls === undefined ? undefined : (options.tls.port ?? (await freePort(address))),
  };
  // Its configuration holds the passwords and stays out of the evidence.
  const home = await mkdtemp(join(tmpdir(), 'crosspoint-kamailio-'));
  const configuration = join(home, 'kamailio.cfg');
  await writeFile(configuration, writeKamailioConfig(options, ports, home), { mode: 0o600 });
  const log = join(options.folder, `kamailio-${ports.sip}.log`);
  const allocator = options.fast === true ? ['-x', 'fm', '-X', 'fm', '-m', '2048'] : ['-m', '64'];
  const daemon = await Daemon.start({
    label: 'kamailio',
    program,
    args: ['-f', configuration, '-DD', '-E', ...allocator, '-M', '8', '-w', home, '-Y', home],
    cwd: home,
    log,
    family: true,
  });
  void daemon.exited.then(() => rm(home, { recursive: true, force: true }));
  const up = await answersOptions(address, ports.sip, () => daemon.ended !== undefined, START_MS);
  if (!up) {
    const { ended, lastWords } = daemon;
    await daemon.stop();
    const why = ended === undefined ? `no answer on ${address}:${ports.sip}` : `${ended}; ${lastWords ?? ''}`;
    throw new PeerError('failed', 'kamailio', `Kamailio did not start: ${why}; see ${log}`);
  }
  const ask = (method: string, params: readonly (string | number)[] = []): Promise<unknown> =>
    askKamailio(address, ports.rpc, method, params);
  return {
    domain,
    server: `${address}:${ports.sip}`,
    ports,
    wsUrl: `ws://${address}:${ports.ws}`,
    pid: daemon.pid,
    log,
    exited: daemon.exited,
    get ended() {
      return daemon.ended;
    },
    ask,
    async addUser(name, password) {
      await ask('htable.sets', ['users', name, password]);
    },
    async isRegistered(name) {
      // It answers an error where it knows no binding.
      return ask('ul.lookup', ['location', name]).then(
        () => true,
        () => false,
      );
    },
    async removeUser(name) {
      await ask('htable.delete', ['users', name]);
    },
    async stop() {
      await daemon.stop();
    },
  };
}
