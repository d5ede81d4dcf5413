import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type KamailioServer, startKamailio } from '@crosspoint/peers/node';
import type { Tap } from '@crosspoint/signaling';
import type { SeededBug } from '@crosspoint/sip';
import { SipProxy, sipTrace, type TlsIdentity, TrustedHops } from '@crosspoint/sip/node';
import { keepUp } from '@crosspoint/web-phone/node';

/** Calls whose caller is remembered. */
const KEPT_CALLS = 1000;

/** Where SIP phones register, and through which they call and are called. */
export interface Registrar {
  readonly id: 'embedded' | 'kamailio';
  /** For UDP and TCP: `127.0.0.1:5060`. */
  readonly server: string;
  /** For WebSocket (RFC 7118): `ws://127.0.0.1:5066`. */
  readonly ws: string;
  /** For the gateway, over TLS: `127.0.0.1:5061`. */
  readonly next: string;
  /** Lets a phone of this name register with this password. */
  addUser(name: string, password: string): Promise<void>;
  isRegistered(name: string): Promise<boolean>;
  /** Its process, where it has one of its own. */
  readonly pid: number | undefined;
  /** Requests that it still carries; zero where it does not tell. */
  transactions(): number;
  stop(): Promise<void>;
}

export interface RegistrarPlace {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  readonly domain: string;
  /** Where calls for people without a registration go: the gateway, which may call without a password. */
  readonly gateway?: {
    readonly host: string;
    readonly port: number;
    /** The name in its certificate, by which it is known. */
    readonly certificate: string;
  };
  readonly tls: Required<Pick<TlsIdentity, 'key' | 'cert'>> & { readonly ca: string };
}

/**
 * The embedded registrar and proxy: nothing to install. `callOf` names the call in the trace by its Call-ID; `seeded` is a
 * bug put into it, as every middlebox may have one.
 */
export async function embeddedRegistrar(
  place: RegistrarPlace,
  tap: Tap,
  callOf: (callId: string) => string,
  seeded: () => SeededBug | undefined,
): Promise<Registrar> {
  const { host, domain, gateway } = place;
  const passwords = new Map<string, string>();
  const proxy = new SipProxy({
    domains: [domain, host],
    // baresip 1.0 does not pass over a SHA-256 challenge that it cannot answer (RFC 8760 section 2.4): it gives up.
    gate: { realm: domain, passwordOf: (user) => passwords.get(user), algorithms: ['MD5'] },
    trusted: new TrustedHops(gateway === undefined ? [] : [{ certificate: gateway.certificate }]),
    tls: { ...place.tls, requestCert: true, rejectUnauthorized: false },
    guests: false,
    seeded,
    // Who has no password here is a person of the web server's.
    route: (uri) =>
      gateway === undefined || uri.user === undefined || passwords.has(uri.user)
        ? undefined
        : `sip:${uri.user}@${gateway.host}:${gateway.port};transport=tls`,
    tap: sipTrace({
      node: 'proxy',
      peerOf:
        gateway === undefined ? sides() : ({ host: from }) => (from === gateway.host ? 'server' : 'callee'),
      callOf,
      tap,
      now: Date.now,
    }),
  });
  // TCP first: a port that is free for it is hardly ever taken for UDP, which connections going out do not use.
  const { port } = await proxy.listen({ transport: 'tcp', host, port: place.port });
  await proxy.listen({ transport: 'udp', host, port });
  const ws = await proxy.listen({ transport: 'ws', host, port: 0 });
  const tls = await proxy.listen({ transport: 'tls', host, port: 0 });
  return {
    id: 'embedded',
    server: `${host}:${port}`,
    ws: `ws://${host}:${ws.port}`,
    next: `${host}:${tls.port}`,
    async addUser(name, password) {
      passwords.set(name, password);
    },
    async isRegistered(name) {
      return proxy.location.find(name, proxy.endpoint.clock.now()).length > 0;
    },
    pid: undefined,
    transactions: () => proxy.counts.client + proxy.counts.server,
    stop: () => proxy.close(),
  };
}

/** Without a gateway between them: who is first heard of in a call is its caller. */
function sides(): (remote: { host: string; port: number }, transport: string, callId?: string) => string {
  const callers = new Map<string, string>();
  return ({ host, port }, transport, callId = '') => {
    const place = `${transport} ${host}:${port}`;
    if (!callers.has(callId)) callers.set(callId, place);
    if (callers.size > KEPT_CALLS) callers.delete(callers.keys().next().value!);
    return callers.get(callId) === place ? 'caller' : 'callee';
  };
}

/** Debian's Kamailio, kept up. @throws PeerError where it is not there */
export async function kamailioRegistrar(place: RegistrarPlace): Promise<Registrar> {
  const { host, domain, gateway } = place;
  const folder = await mkdtemp(join(tmpdir(), 'crosspoint-kamailio-'));
  const pem = async (name: string, text: string): Promise<string> => {
    const file = join(folder, `${name}.pem`);
    await writeFile(file, text, { mode: 0o600 });
    return file;
  };
  const start = async (ended: KamailioServer | undefined): Promise<KamailioServer> =>
    startKamailio({
      folder,
      address: host,
      domain,
      users,
      trusted: gateway === undefined ? [] : [{ certificate: gateway.certificate }],
      routes: gateway === undefined ? [] : [{ to: `sip:${gateway.host}:${gateway.port};transport=tls` }],
      tls: {
        certificate: await pem('certificate', place.tls.cert),
        key: await pem('key', place.tls.key),
        authority: await pem('authority', place.tls.ca),
      },
      ...(place.port === 0 ? {} : { port: place.port }),
      ...(ended === undefined ? {} : { ports: ended.ports }),
    });
  const users: Record<string, string> = {};
  let current: KamailioServer | undefined;
  const kept = await keepUp('Kamailio', async (ended: KamailioServer | undefined) => {
    current = await start(ended);
    return current;
  }).catch(async (error: unknown) => {
    await rm(folder, { recursive: true, force: true });
    throw error;
  });
  const { first } = kept;
  return {
    id: 'kamailio',
    server: first.server,
    ws: first.wsUrl,
    next: `${host}:${first.ports.tls}`,
    get pid() {
      return kept.pid;
    },
    transactions: () => 0,
    async addUser(name, password) {
      users[name] = password;
      await current?.addUser(name, password);
    },
    isRegistered: async (name) => (await current?.isRegistered(name)) ?? false,
    async stop() {
      await kept.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
