import { fileURLToPath } from 'node:url';
import type { MediaChoice } from '@crosspoint/gateway';
import type { Tap } from '@crosspoint/signaling';
import type { TlsIdentity } from '@crosspoint/sip/node';
import {
  joinLegs,
  labCertificates,
  ownAddress,
  PageAccounts,
  type SeededChange,
  startWebServer,
  type WebCallIn,
  type WebServer,
  type WebServerOptions,
} from '@crosspoint/web-phone/node';
import { type RelayName, type RunningRelay, startRelay } from './media-relay.ts';
import { openPageDoor, SIP_PAGE_PATH } from './page-door.ts';
import { PhoneGateway } from './phone-gateway.ts';
import { embeddedRegistrar, kamailioRegistrar, type Registrar } from './registrar.ts';
import { traceCallOf } from './trace-call.ts';

export interface SipOptions {
  readonly web: Omit<WebServerOptions, 'topology' | 'node' | 'onCall'>;
  /** What pages speak: the web protocol to a gateway, or SIP to the registrar. */
  readonly signaling: 'web' | 'sip-ws';
  readonly registrar: 'embedded' | 'kamailio';
  /** The registrar's port; 0 takes a free one. */
  readonly sipPort: number;
  /** Where phones reach it. */
  readonly sipHost: string;
  readonly relay: RelayName;
  readonly transcodeTo?: readonly string[];
  readonly media: 'auto' | 'direct' | 'relay';
  /** Seconds after which a call that is not refreshed is over (RFC 4028). */
  readonly sessionExpires: number;
  /** How long a side may send no media through the relay before its call is given up. */
  readonly mediaTimeoutMs: number;
  readonly noAnswerMs?: number;
  readonly change: () => SeededChange | undefined;
  readonly onMedia?: (call: string, choice: MediaChoice) => void;
}

export interface SipTopology {
  readonly web: WebServer;
  readonly registrar: Registrar;
  readonly domain: string;
  readonly mediaAddress: string;
  /** Where the gateway takes calls from the registrar, where there is one: `127.0.0.2:5060`. */
  readonly gateway: string | undefined;
  /** Lets a phone register; gives its password. */
  addPhone(name: string): Promise<string>;
  /** Refreshes a call's session with its phone (RFC 4028), as its timer would. */
  refresh(call: string): Promise<object>;
  /** What is going on, all zero when nothing is, and the programs that run. */
  counts(): SipCounts;
  close(): Promise<void>;
}

export interface SipCounts {
  readonly calls: number;
  readonly dialogs: number;
  readonly transactions: number;
  readonly relayed: number;
  readonly pids: { readonly registrar?: number; readonly relay?: number };
}

const DOMAIN = 'sip.localhost';
/** The gateway has an address of its own, which tells its messages from those of phones on this machine. */
const GATEWAY_HOST = '127.0.0.2';
/** The name in its certificate, by which the registrar knows it. */
const GATEWAY = 'gateway.sip.localhost';
/** The page that is itself a SIP user agent, as it was built. */
const SIP_PAGE = fileURLToPath(new URL('../dist', import.meta.url));

/**
 * A registrar for phones, and a web server: with a SIP gateway for pages that speak the web protocol, and with a page that
 * is itself a phone of the registrar's. A relay is there for phones that do not speak as browsers do.
 */
export async function startSip(options: SipOptions): Promise<SipTopology> {
  const started: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const each of started.reverse()) await each();
  };
  try {
    return { ...(await startParts(options, started)), close: stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startParts(
  options: SipOptions,
  started: (() => Promise<void>)[],
): Promise<Omit<SipTopology, 'close'>> {
  const mediaAddress = ownAddress() ?? '127.0.0.1';
  const parts: {
    gateway?: PhoneGateway;
    relay?: RunningRelay;
    registrar?: Registrar;
    accounts?: PageAccounts;
    show?: Tap;
  } = {};
  const withGateway = options.signaling === 'web';
  const { ca, of } = await labCertificates([DOMAIN, GATEWAY]);
  const web = await startWebServer({
    ...options.web,
    ...(withGateway ? {} : { page: SIP_PAGE }),
    topology: 'sip',
    pages: [{ path: SIP_PAGE_PATH, folder: SIP_PAGE }],
    connectTo: () => (parts.registrar === undefined ? [] : [parts.registrar.ws]),
    extend: (app) => {
      parts.show = openPageDoor(app, {
        accounts: () => parts.accounts,
        registrar: () => ({ ws: parts.registrar!.ws, domain: DOMAIN }),
        iceServers: (user) => web.iceServers(user),
      });
    },
    onCall: (call) => called(call, parts.gateway, options),
  });
  started.push(() => web.close());
  if (withGateway) {
    const relay = await startRelay(options.relay, mediaAddress, options.mediaTimeoutMs);
    if (relay !== undefined) {
      parts.relay = relay;
      started.push(() => relay.stop());
    }
    parts.gateway = await startGateway(options, web, { ...of[GATEWAY]!, ca }, relay, started);
  }
  const { gateway, relay } = parts;
  const place = {
    host: options.sipHost,
    port: options.sipPort,
    domain: DOMAIN,
    ...(gateway === undefined
      ? {}
      : { gateway: { host: GATEWAY_HOST, port: gateway.port, certificate: GATEWAY } }),
    tls: { ...of[DOMAIN]!, ca },
  };
  const tap: Tap = (entry) => {
    web.tap(entry);
    parts.show?.(entry);
  };
  const registrar =
    options.registrar === 'embedded'
      ? await embeddedRegistrar(place, tap, traceCallOf, () => options.change()?.wire)
      : await kamailioRegistrar(place);
  started.push(() => registrar.stop());
  gateway?.through(registrar.next);
  const accounts = new PageAccounts(registrar, Date.now);
  Object.assign(parts, { registrar, accounts });
  return {
    web,
    registrar,
    domain: DOMAIN,
    mediaAddress,
    gateway: gateway === undefined ? undefined : `${GATEWAY_HOST}:${gateway.port}`,
    addPhone: (name) => accounts.addPhone(name),
    refresh: async (call) => {
      if (gateway === undefined) throw new Error('there is no gateway whose call it could be');
      return gateway.refresh(call);
    },
    counts() {
      const { calls, dialogs, transactions } = gateway?.counts ?? { calls: 0, dialogs: 0, transactions: 0 };
      return {
        calls,
        dialogs,
        transactions: transactions + registrar.transactions(),
        relayed: relay?.relay.size ?? 0,
        pids: {
          ...(registrar.pid === undefined ? {} : { registrar: registrar.pid }),
          ...(relay?.pid === undefined ? {} : { relay: relay.pid }),
        },
      };
    },
  };
}

/** A page calls over the web protocol: somebody of the web server's, or a phone. */
function called(
  { server, ...call }: WebCallIn,
  gateway: PhoneGateway | undefined,
  { noAnswerMs, change }: SipOptions,
): void {
  const { leg, from, to, replaces } = call;
  // What is to be taken over is a call that a phone has.
  const isPhone = to === from || to.includes('@') || replaces !== undefined;
  const callee = isPhone ? undefined : server.ring(to, from, leg.traceCall);
  if (callee !== undefined) {
    joinLegs({ caller: leg, callee, ...(noAnswerMs !== undefined ? { noAnswerMs } : {}), change: change() });
  } else if (gateway !== undefined) gateway.called(call);
  else leg.send({ type: 'end', reason: { code: 'not-found', text: 'pages speak SIP themselves here' } });
}

async function startGateway(
  options: SipOptions,
  web: WebServer,
  tls: Required<Pick<TlsIdentity, 'key' | 'cert'>> & { readonly ca: string },
  relay: RunningRelay | undefined,
  started: (() => Promise<void>)[],
): Promise<PhoneGateway> {
  const { media, noAnswerMs, change, transcodeTo } = options;
  const gateway = new PhoneGateway({
    host: GATEWAY_HOST,
    domain: DOMAIN,
    tls,
    registrar: DOMAIN,
    relay: relay?.relay,
    ...(transcodeTo === undefined ? {} : { transcodeTo }),
    media,
    sessionExpires: options.sessionExpires,
    ...(noAnswerMs !== undefined ? { noAnswerMs } : {}),
    change,
    tap: web.tap,
    signals: (entry) => options.web.tap?.(entry),
    ring: (to, from, call, replaces) => web.signaling.ring(to, from, call, replaces),
    onMedia: (call, choice) => options.onMedia?.(call, choice),
  });
  await gateway.listen();
  started.push(() => gateway.close());
  return gateway;
}
