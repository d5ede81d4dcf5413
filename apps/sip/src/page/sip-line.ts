import type { Line, LineEvents, LineSettings } from '@crosspoint/web-phone/browser';
import {
  type Invitation,
  Inviter,
  type Referral,
  Registerer,
  type Session,
  type URI,
  UserAgent,
  Web,
} from 'sip.js';
import type { Account } from './account.ts';
import { SipCall } from './sip-call.ts';
import { watchTransport } from './watch-transport.ts';

const EXPIRES_S = 600;
const NO_ANSWER_S = 180;
const CONNECT_S = 8;
/** How soon a lost connection is tried again: at once, then slower. In milliseconds. */
const RETRY_MS = [50, 200, 500, 1000, 2000, 3000];
/** How long what was said at the end may take to go out, in milliseconds. */
const FAREWELL_MS = 1500;

/** A page's line as a SIP user agent: SIP.js over a WebSocket (RFC 7118) to a registrar. */
export class SipLine implements Line {
  readonly #settings: LineSettings;
  readonly #events: LineEvents;
  readonly #accountOf: (name: string, token: string | undefined) => Promise<Account>;
  readonly #calls = new Map<Session, SipCall>();
  #account: Account | undefined;
  #agent: UserAgent | undefined;
  #registerer: Registerer | undefined;
  #isLeft = false;
  #isCut = false;
  #retries = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;

  constructor(
    settings: LineSettings,
    events: LineEvents,
    accountOf: (name: string, token: string | undefined) => Promise<Account>,
  ) {
    this.#settings = settings;
    this.#events = events;
    this.#accountOf = accountOf;
  }

  register(name: string, token?: string): void {
    this.#open(name, token).catch((error: unknown) => this.#events.refused('no-line', words(error)));
  }

  /** @throws Error where there is no account, or no connection */
  async #open(name: string, token: string | undefined): Promise<void> {
    await this.#hangUpTheLine();
    const account = await this.#accountOf(name, token);
    const agent = this.#newAgent(account);
    this.#account = account;
    this.#agent = agent;
    await agent.start().catch((error: unknown) => {
      throw new Error(`no connection to ${account.server}: ${words(error)}`);
    });
    if (this.#isLeft) return this.#hangUpTheLine();
    this.#registerer = new Registerer(agent, { expires: EXPIRES_S });
    await this.#register(account, true);
  }

  #newAgent({ server, domain, user, password }: Account): UserAgent {
    const uri = UserAgent.makeURI(`sip:${user}@${domain}`);
    if (uri === undefined) throw new Error(`not an address of record: ${user}@${domain}`);
    const agent = new UserAgent({
      uri,
      authorizationUsername: user,
      authorizationPassword: password,
      transportConstructor: Web.Transport,
      transportOptions: { server, connectionTimeout: CONNECT_S },
      contactParams: { transport: server.startsWith('wss:') ? 'wss' : 'ws' },
      noAnswerTimeout: NO_ANSWER_S,
      // Who calls while a call is up must not hear that it rings.
      sendInitialProvisionalResponse: false,
      gracefulShutdown: true,
      logBuiltinEnabled: false,
      sessionDescriptionHandlerFactory: (session) => {
        const call = this.#calls.get(session);
        if (call === undefined) throw new Error('a session that is no call of ours');
        return call.media;
      },
      delegate: {
        onInvite: (invitation) => this.#invited(invitation),
        onDisconnect: (error) => this.#lost(error),
      },
    });
    watchTransport(agent.transport, (direction, text) => this.#events.wire?.(direction, text));
    return agent;
  }

  async #register({ user, password }: Account, first: boolean): Promise<void> {
    await this.#registerer?.register({
      requestDelegate: {
        onAccept: () => {
          this.#retries = 0;
          this.#events.connection('open', first ? 'new' : 'registered again');
          if (first) this.#events.registered(user, password);
        },
        onReject: ({ message }) => {
          const { statusCode = 0, reasonPhrase = '' } = message;
          this.#events.refused('not-registered', `${statusCode} ${reasonPhrase}`, statusCode);
        },
      },
    });
  }

  #lost(error: Error | undefined): void {
    if (this.#isLeft) return;
    this.#events.connection('lost', error?.message ?? 'cut');
    this.#dialAgain();
  }

  #dialAgain(): void {
    clearTimeout(this.#retry);
    if (this.#isLeft || this.#isCut) return;
    const wait = RETRY_MS[Math.min(this.#retries++, RETRY_MS.length - 1)]!;
    this.#retry = setTimeout(() => {
      const account = this.#account;
      if (account === undefined || this.#isLeft || this.#isCut) return;
      this.#agent
        ?.reconnect()
        .then(() => this.#register(account, false))
        .catch(() => this.#dialAgain());
    }, wait);
  }

  cut(): void {
    this.#isCut = true;
    clearTimeout(this.#retry);
    void this.#agent?.transport.disconnect();
  }

  reconnect(): void {
    this.#isCut = false;
    this.#dialAgain();
  }

  call(to: string): SipCall {
    if (this.#agent === undefined) throw new Error('there is no line');
    // A description in a provisional response is taken for the answer: what is said before the answer is heard.
    const inviter = new Inviter(this.#agent, this.#address(to), { earlyMedia: true });
    return this.#newCall(inviter, to);
  }

  /** @throws Error where it is no address */
  #address(to: string): URI {
    const domain = this.#account?.domain ?? '';
    const text = /^(sips?|tel):/i.test(to) ? to : `sip:${to.includes('@') ? to : `${to}@${domain}`}`;
    const uri = UserAgent.makeURI(text);
    if (uri === undefined) throw new Error(`not an address of SIP: ${to}`);
    return uri;
  }

  /** By name alone where it is of our own domain. */
  #nameOf({ user, host }: URI): string {
    return user !== undefined && host === this.#account?.domain ? user : `${user ?? ''}@${host}`;
  }

  #invited(invitation: Invitation): void {
    const { body } = invitation;
    if (body !== undefined && body !== '' && !/^a=fingerprint:/m.test(body)) {
      // A browser's media is DTLS-SRTP (RFC 8827 section 6.5): said before anybody is rung.
      void invitation.reject({ statusCode: 488 });
      return;
    }
    const call = this.#newCall(invitation, this.#nameOf(invitation.remoteIdentity.uri));
    this.#events.incoming(call);
    if (call.phase === 'incoming')
      call.ring().catch((error: unknown) => this.#events.refused('ring', words(error)));
  }

  async #referred(referral: Referral): Promise<void> {
    const { uri } = referral.referTo;
    await referral.accept();
    // SIP.js tells the far side how it goes (RFC 3515 section 2.4.5).
    const call = this.#newCall(referral.makeInviter({ earlyMedia: true }), this.#nameOf(uri));
    this.#events.handedOver(call, uri.toString());
  }

  #newCall(session: Inviter | Invitation, party: string): SipCall {
    const id = this.#settings.newCallId();
    const events = this.#settings.callEvents({ id, party });
    const call = new SipCall({
      id,
      party,
      session,
      options: {
        ...this.#settings.callOptions(),
        iceServers: (this.#account?.iceServers ?? []) as RTCIceServer[],
      },
      events: {
        ...events,
        phase: (phase, reason) => {
          if (phase === 'ended') this.#calls.delete(session);
          events.phase(phase, reason);
        },
      },
      address: (to) => this.#address(to),
      refer: (referral) => {
        this.#referred(referral).catch((error: unknown) => events.trouble(words(error)));
      },
    });
    this.#calls.set(session, call);
    return call;
  }

  /** Ends the calls, gives the name back and closes the connection. */
  async leave(): Promise<void> {
    this.#isLeft = true;
    clearTimeout(this.#retry);
    for (const call of [...this.#calls.values()]) call.end({ code: 'normal' });
    await this.#hangUpTheLine();
  }

  async #hangUpTheLine(): Promise<void> {
    const agent = this.#agent;
    const registerer = this.#registerer;
    this.#agent = undefined;
    this.#registerer = undefined;
    if (agent === undefined) return;
    const late = new Promise<void>((resolve) => setTimeout(resolve, FAREWELL_MS));
    if (agent.isConnected() && registerer !== undefined) {
      const unregistered = new Promise<void>((resolve) => {
        const done = (): void => resolve();
        registerer.unregister({ requestDelegate: { onAccept: done, onReject: done } }).catch(done);
      });
      await Promise.race([unregistered, late]);
    }
    await Promise.race([agent.stop().catch(() => {}), late]);
  }
}

function words(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
