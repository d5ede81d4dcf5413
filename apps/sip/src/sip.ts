import { randomBytes } from 'node:crypto';
import type { MediaChoice } from '@crosspoint/gateway';
import {
  joinLegs,
  labCertificates,
  ownAddress,
  type SeededChange,
  startWebServer,
  type WebServer,
  type WebServerOptions,
} from '@crosspoint/web-phone/node';
import { type RelayName, startRelay } from './media-relay.ts';
import { PhoneGateway } from './phone-gateway.ts';
import { embeddedRegistrar, kamailioRegistrar, type Registrar } from './registrar.ts';

export interface SipOptions {
  readonly web: Omit<WebServerOptions, 'topology' | 'node' | 'onCall'>;
  readonly registrar: 'embedded' | 'kamailio';
  /** The registrar's port; 0 takes a free one. */
  readonly sipPort: number;
  /** Where phones reach it. */
  readonly sipHost: string;
  readonly relay: RelayName;
  readonly transcodeTo?: readonly string[];
  readonly media: 'auto' | 'direct' | 'relay';
  readonly noAnswerMs?: number;
  readonly change: () => SeededChange | undefined;
  readonly onMedia?: (call: string, choice: MediaChoice) => void;
}

export interface SipTopology {
  readonly web: WebServer;
  readonly registrar: Registrar;
  readonly domain: string;
  readonly mediaAddress: string;
  /** Where the gateway takes calls from the registrar: `127.0.0.2:5060`. */
  readonly gateway: string;
  /** Lets a phone register; gives its password. */
  addPhone(name: string): Promise<string>;
  /** Refreshes a call's session with its phone (RFC 4028), as its timer would. */
  refresh(call: string): Promise<object>;
  close(): Promise<void>;
}

const DOMAIN = 'sip.localhost';
/** The gateway has an address of its own, which tells its messages from those of phones on this machine. */
const GATEWAY_HOST = '127.0.0.2';
/** The name in its certificate, by which the registrar knows it. */
const GATEWAY = 'gateway.sip.localhost';

/** A web server with a SIP gateway, a registrar for phones, and a relay for those that do not speak as browsers do. */
export async function startSip(options: SipOptions): Promise<SipTopology> {
  const { web: webOptions, media, noAnswerMs, change, transcodeTo } = options;
  const mediaAddress = ownAddress() ?? '127.0.0.1';
  const started: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const each of started.reverse()) await each();
  };
  try {
    const relay = await startRelay(options.relay, mediaAddress);
    if (relay !== undefined) started.push(() => relay.stop());
    const { ca, of } = await labCertificates([DOMAIN, GATEWAY]);
    const parts: { gateway?: PhoneGateway } = {};
    const web = await startWebServer({
      ...webOptions,
      topology: 'sip',
      onCall: (call) => {
        const { leg, from, to, server } = call;
        const callee = to === from || to.includes('@') ? undefined : server.ring(to, from, leg.traceCall);
        if (callee === undefined) parts.gateway?.called(call);
        else
          joinLegs({
            caller: leg,
            callee,
            ...(noAnswerMs !== undefined ? { noAnswerMs } : {}),
            change: change(),
          });
      },
    });
    started.push(() => web.close());
    const gateway = new PhoneGateway({
      host: GATEWAY_HOST,
      domain: DOMAIN,
      tls: { ...of[GATEWAY], ca },
      registrar: DOMAIN,
      relay: relay?.relay,
      ...(transcodeTo === undefined ? {} : { transcodeTo }),
      media,
      ...(noAnswerMs !== undefined ? { noAnswerMs } : {}),
      change,
      tap: web.tap,
      signals: (entry) => webOptions.tap?.(entry),
      ring: (to, from, call) => web.signaling.ring(to, from, call),
      onMedia: (call, choice) => options.onMedia?.(call, choice),
    });
    parts.gateway = gateway;
    await gateway.listen();
    started.push(() => gateway.close());
    const place = {
      host: options.sipHost,
      port: options.sipPort,
      domain: DOMAIN,
      gateway: { host: GATEWAY_HOST, port: gateway.port, certificate: GATEWAY },
      tls: { ...of[DOMAIN], ca },
    };
    const registrar =
      options.registrar === 'embedded'
        ? await embeddedRegistrar(place, web.tap, (callId) => gateway.callOf(callId))
        : await kamailioRegistrar(place);
    started.push(() => registrar.stop());
    gateway.through(registrar.next);
    return {
      web,
      registrar,
      domain: DOMAIN,
      mediaAddress,
      gateway: `${GATEWAY_HOST}:${gateway.port}`,
      async addPhone(name) {
        const password = randomBytes(9).toString('base64url');
        await registrar.addUser(name, password);
        return password;
      },
      refresh: async (call) => gateway.refresh(call),
      close: stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
