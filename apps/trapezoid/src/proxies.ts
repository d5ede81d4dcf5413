import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, type KamailioServer, startKamailio } from '@crosspoint/peers/node';
import type { Tap } from '@crosspoint/signaling';
import { SipProxy, sipTrace, type TrustedHop, TrustedHops } from '@crosspoint/sip/node';
import { type Identity, type KeptUp, keepUp } from '@crosspoint/web-phone/node';
import {
  type FederationTransport,
  LOCAL,
  LOOPBACK_LIMITS,
  type SipPlace,
  targetAt,
  trustIn,
  uriOf,
} from './federation-way.ts';

export type ProxyName = 'embedded' | 'kamailio';

/** One side of the trapezoid: its domain, its server, and the proxy that stands before it. */
export interface ProxiedSide {
  readonly domain: string;
  readonly server: SipPlace;
  /** `proxy-a`. */
  readonly node: string;
  /** The name in the proxy's certificate. */
  readonly name: string;
  readonly identity: Identity;
}

export interface ProxiesOptions {
  readonly proxy: ProxyName;
  /** TCP is not among them: a proxy there would have to take calls from whoever connects to it. */
  readonly transport: Exclude<FederationTransport, 'tcp'>;
  readonly sides: readonly [ProxiedSide, ProxiedSide];
  readonly ca: string;
  readonly tap: (node: string) => Tap;
}

/** A proxy before each server. */
export interface RunningProxies {
  /** In the order of the sides. */
  readonly places: readonly [SipPlace, SipPlace];
  /** Kamailio's processes, in the order of the sides; none where the proxies are embedded. */
  pids(): readonly number[];
  /** What the proxies still hold; zero where they do not tell. */
  transactions(): number;
  stop(): Promise<void>;
}

/** @throws PeerError where Kamailio is wanted and is not there */
export async function startProxies(options: ProxiesOptions): Promise<RunningProxies> {
  const [a, b] = options.sides;
  const places = await Promise.all([placeFor(a), placeFor(b)]);
  return options.proxy === 'kamailio' ? kamailioPair(options, places) : embeddedPair(options, places);
}

/** Each proxy must know the other's port before both are there. */
async function placeFor({ node, name }: ProxiedSide): Promise<SipPlace> {
  return { node, name, port: await freePort(LOCAL) };
}

type Places = readonly [SipPlace, SipPlace];

async function embeddedPair(options: ProxiesOptions, places: Places): Promise<RunningProxies> {
  const proxies = options.sides.map((side, index) =>
    embeddedProxy(options, side, options.sides[1 - index]!, places[1 - index]!),
  );
  const stop = async (): Promise<void> => {
    await Promise.all(proxies.map((proxy) => proxy.close()));
  };
  try {
    for (const [index, proxy] of proxies.entries())
      await proxy.listen({ transport: options.transport, host: LOCAL, port: places[index]!.port });
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    places,
    pids: () => [],
    transactions: () => proxies.reduce((sum, { counts }) => sum + counts.client + counts.server, 0),
    stop,
  };
}

/** It knows both domains and where they are: its own server, and the other side's proxy. */
function embeddedProxy(
  { transport, ca, tap }: ProxiesOptions,
  side: ProxiedSide,
  other: ProxiedSide,
  beyond: SipPlace,
): SipProxy {
  return new SipProxy({
    domains: [side.name],
    trusted: new TrustedHops([side.server, beyond].map((place) => trustIn(place, transport)!)),
    hosts: new Map([
      [side.domain, targetAt(side.server, transport)],
      [other.domain, targetAt(beyond, transport)],
    ]),
    limits: LOOPBACK_LIMITS,
    tls: { ...side.identity, ca, requestCert: true, rejectUnauthorized: true },
    tap: sipTrace({
      node: side.node,
      peerOf: ({ port }, _transport, _callId, names) =>
        port === side.server.port || names.includes(side.domain) ? side.server.node : beyond.node,
      callOf: (callId) => callId.split('@')[0],
      now: Date.now,
      tap: tap(side.node),
    }),
  });
}

async function kamailioPair(options: ProxiesOptions, places: Places): Promise<RunningProxies> {
  const folder = await mkdtemp(join(tmpdir(), 'crosspoint-proxies-'));
  const running: KeptUp[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(running.map((each) => each.stop()));
    await rm(folder, { recursive: true, force: true });
  };
  try {
    for (const [index, side] of options.sides.entries()) {
      const beyond = places[1 - index]!;
      running.push(
        await keepUp(`Kamailio (${side.node})`, (ended: KamailioServer | undefined) =>
          kamailioProxy(options, folder, places[index]!, [side, options.sides[1 - index]!], beyond, ended),
        ),
      );
    }
  } catch (error) {
    await stop();
    throw error;
  }
  return { places, pids: () => running.map(({ pid }) => pid), transactions: () => 0, stop };
}

async function kamailioProxy(
  { transport, ca }: ProxiesOptions,
  folder: string,
  own: SipPlace,
  [side, other]: readonly [ProxiedSide, ProxiedSide],
  beyond: SipPlace,
  ended: KamailioServer | undefined,
): Promise<KamailioServer> {
  const secret = async (name: string, text: string): Promise<string> => {
    const file = join(folder, `${side.node}-${name}.pem`);
    await writeFile(file, text, { mode: 0o600 });
    return file;
  };
  const trusted = [side.server, beyond].map((place): TrustedHop => trustIn(place, transport)!);
  return startKamailio({
    folder,
    address: LOCAL,
    domain: side.domain,
    trusted,
    neighboursOnly: true,
    ...(ended === undefined ? {} : { ports: ended.ports }),
    routes: [{ to: uriOf(side.server, transport) }, { domain: other.domain, to: uriOf(beyond, transport) }],
    ...(transport === 'udp'
      ? { port: own.port }
      : {
          tls: {
            certificate: await secret('certificate', side.identity.cert),
            key: await secret('key', side.identity.key),
            authority: await secret('authority', ca),
            port: own.port,
          },
        }),
  });
}
