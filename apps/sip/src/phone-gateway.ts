import { AdaptiveLeg, type LosableLeg, type MediaChoice, webrtcToWebrtcSip } from '@crosspoint/gateway';
import type { MediaProfile, Relay } from '@crosspoint/media';
import type { Tap } from '@crosspoint/signaling';
import { parseReplaces, SMALLEST_SESSION_EXPIRES, writeReplaces } from '@crosspoint/sip';
import {
  type Call,
  type IncomingCall,
  IncomingSipLeg,
  OutgoingSipLeg,
  SipAgent,
  type SipLeg,
  type SipLegOptions,
  sipTrace,
  systemClock,
  type TlsIdentity,
  TrustedHops,
} from '@crosspoint/sip/node';
import {
  joinLegs,
  processTimers,
  type SeededChange,
  tracedLeg,
  type WebCallIn,
} from '@crosspoint/web-phone/node';
import { traceCallOf } from './trace-call.ts';

export interface PhoneGatewayOptions {
  readonly host: string;
  readonly domain: string;
  /** Its own certificate, and the authority by which the registrar is known. */
  readonly tls: TlsIdentity;
  /** The name in the registrar's certificate: calls come from nobody else. */
  readonly registrar: string;
  readonly relay: Relay | undefined;
  readonly transcodeTo?: readonly string[];
  readonly media: 'auto' | 'direct' | 'relay';
  readonly noAnswerMs?: number;
  /** Seconds after which a call that is not refreshed is over (RFC 4028). */
  readonly sessionExpires: number;
  readonly change: () => SeededChange | undefined;
  /** Into the trace, and to the pages of the call. */
  readonly tap: Tap;
  /** Into the trace alone: what the leg to the phone gave and took, in no protocol's words. */
  readonly signals: Tap;
  /** Rings a person of the web server's, perhaps in place of another call of its; undefined where there is none. */
  readonly ring: (to: string, from: string, call: string, replaces?: string) => LosableLeg | undefined;
  readonly onMedia: (call: string, choice: MediaChoice) => void;
}

/** The web server's SIP side: people of the web server call phones, and phones call them. */
export class PhoneGateway {
  readonly #agent: SipAgent;
  readonly #options: PhoneGatewayOptions;
  /** What each phone was seen to speak, so that the next call to it needs no second attempt. */
  readonly #speaks = new Map<string, MediaProfile>();
  /** The legs to phones of the calls that are up. */
  readonly #phones = new Map<string, SipLeg>();
  #proxy = '';
  #calls = 0;
  port = 0;

  constructor(options: PhoneGatewayOptions) {
    this.#options = options;
    this.#agent = new SipAgent({
      user: 'gateway',
      tls: { ...options.tls, requestCert: true, rejectUnauthorized: false },
      // Only what comes through the registrar, that asked the phone for its password.
      trusted: new TrustedHops([{ certificate: options.registrar }]),
      strangers: 'refuse',
      sessionTimer: {
        expires: options.sessionExpires,
        minimum: Math.min(options.sessionExpires, SMALLEST_SESSION_EXPIRES),
      },
      tap: sipTrace({
        node: 'server',
        peerOf: () => 'proxy',
        callOf: traceCallOf,
        tap: options.tap,
        now: Date.now,
      }),
      onInvite: (call) => this.#invited(call),
    });
  }

  /** What is going on: all zero when nothing is. */
  get counts(): { readonly calls: number; readonly dialogs: number; readonly transactions: number } {
    const { dialogs, client, server } = this.#agent.counts;
    return { calls: this.#calls, dialogs, transactions: client + server };
  }

  async listen(): Promise<void> {
    const { host } = this.#options;
    const point = await this.#agent.listen({ transport: 'tls', host, port: 0 });
    this.port = point.port;
  }

  /** Every call to a phone goes through this proxy, over TLS. */
  through(server: string): void {
    this.#proxy = server;
  }

  /** A page calls a phone. */
  called({ leg, from, to, replaces }: Omit<WebCallIn, 'server'>): void {
    const { domain } = this.#options;
    const target = /^(?:sip:)?([^@\s<>;?]{1,64})(?:@([a-z0-9.-]{1,253}))?$/i.exec(to);
    // No open relay: phones of this domain, and nobody else's.
    if (target === null || (target[2] !== undefined && target[2] !== domain)) {
      leg.send({ type: 'end', reason: { code: 'not-found', text: `there is no way to ${to}` } });
      return;
    }
    const user = target[1]!;
    const taken = replaces === undefined ? undefined : readReplaces(replaces);
    if (replaces !== undefined && taken === undefined) {
      leg.send({ type: 'end', reason: { code: 'protocol-error', text: 'not a call to be taken over' } });
      return;
    }
    const makeLeg = (attempt: number): SipLeg =>
      new OutgoingSipLeg({
        ...this.#legOptions,
        agent: this.#agent,
        ...(taken === undefined ? {} : { headers: [['Replaces', taken]] }),
        to: `sip:${user}@${domain}`,
        from: `sip:${from}@${domain}`,
        callId: attempt === 0 ? `${leg.traceCall}@${domain}` : `${leg.traceCall}@${attempt}.${domain}`,
        routes: [`<sip:${this.#proxy};transport=tls;lr>`],
      });
    let attempts = 0;
    const phone = this.#adaptive('callee', leg.traceCall, user, () => makeLeg(attempts++));
    this.#join(leg.traceCall, leg, phone);
  }

  /** A phone calls one of our people. */
  #invited(call: IncomingCall): void {
    const target = /^sips?:([^@;>]+)@/.exec(call.invite.uri)?.[1];
    const caller = /^sips?:([^@;>]+)@/.exec(call.invite.from.uri)?.[1];
    if (target === undefined || caller === undefined) return call.refuse(404);
    const id = traceCallOf(call.invite.callId);
    // Without an offer of its own, what a phone speaks is seen by how it came: over a WebSocket as browsers do (RFC 7118).
    const taken = call.body !== undefined || cameByWebSocket(call) ? undefined : 'rtp';
    const leg = this.#adaptive('caller', id, caller, () => new IncomingSipLeg(call, this.#legOptions), taken);
    const replaced = call.replaces === undefined ? undefined : (this.#nameOf(call.replaces) ?? '');
    const callee = this.#options.ring(target, `${caller}@${this.#options.domain}`, id, replaced);
    if (callee === undefined) {
      this.#phones.delete(id);
      const text =
        replaced === undefined ? `there is no ${target} here` : 'there is no such call to take over';
      // RFC 3891 section 3.
      const origin = replaced === undefined ? {} : { origin: { protocol: 'sip', code: '481' } as const };
      leg.send({ type: 'end', reason: { code: 'not-found', text, ...origin } });
      return;
    }
    this.#join(id, leg, callee);
  }

  /** Phones send our people on to whom these could have dialled themselves, and to nobody else. */
  get #legOptions(): SipLegOptions {
    return {
      clock: systemClock,
      random: Math.random,
      transferTo: (uri) => {
        const [, user, host] = /^sips?:([^@\s<>;?]{1,64})@([^:]+)$/i.exec(uri) ?? [];
        return host === this.#options.domain ? user : undefined;
      },
      consulted: (call) => this.#phones.get(call)?.sip,
    };
  }

  /** The name in the trace of the call that a dialog is of. */
  #nameOf(dialog: Call): string | undefined {
    return [...this.#phones].find(([, leg]) => leg.sip === dialog)?.[0];
  }

  #adaptive(
    side: 'caller' | 'callee',
    call: string,
    phone: string,
    makeLeg: () => SipLeg,
    taken?: MediaProfile,
  ): LosableLeg {
    const { relay, media, transcodeTo, signals, onMedia } = this.#options;
    return new AdaptiveLeg({
      callId: call,
      side,
      makeLeg: () => {
        const leg = makeLeg();
        this.#phones.set(call, leg);
        return tracedLeg(leg, side, call, signals);
      },
      direct: () => webrtcToWebrtcSip({ phoneSide: side, timers: processTimers }),
      relay,
      media,
      ...(transcodeTo === undefined ? {} : { transcodeTo }),
      speaks: this.#speaks.get(phone) ?? taken,
      onChoice: (choice) => onMedia(call, choice),
      onSpoke: (spoken) => this.#remember(phone, spoken),
    });
  }

  #remember(phone: string, speaks: MediaProfile): void {
    this.#speaks.delete(phone);
    this.#speaks.set(phone, speaks);
    const [oldest] = this.#speaks.keys();
    if (this.#speaks.size > 10_000 && oldest !== undefined) this.#speaks.delete(oldest);
  }

  /** Refreshes the session with the phone of a call before its time. @throws Error where there is no such call */
  refresh(call: string): ReturnType<SipLeg['refresh']> {
    const leg = this.#phones.get(call);
    if (leg === undefined) throw new Error(`there is no call ${call}`);
    return leg.refresh();
  }

  #join(call: string, caller: LosableLeg, callee: LosableLeg): void {
    const { noAnswerMs, change } = this.#options;
    this.#calls++;
    joinLegs({
      caller,
      callee,
      ...(noAnswerMs !== undefined ? { noAnswerMs } : {}),
      change: change(),
      onOver: () => {
        this.#phones.delete(call);
        this.#calls--;
      },
    });
  }

  close(): Promise<void> {
    return this.#agent.close();
  }
}

/** The value of a Replaces header (RFC 3891), read and written anew; undefined where it is none. */
function readReplaces(text: string): string | undefined {
  try {
    return writeReplaces(parseReplaces(text));
  } catch {
    return undefined;
  }
}

/** Whether the first hop of an INVITE, the phone's own, was a WebSocket. */
function cameByWebSocket({ invite }: IncomingCall): boolean {
  return /^SIP\s*\/\s*2\.0\s*\/\s*WSS?\b/i.test(invite.getAll('Via').at(-1) ?? '');
}
