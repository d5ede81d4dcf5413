import type { Line, LineEvents, LineSettings } from '@crosspoint/web-phone/browser';
import { type Agent, createClient, JID, Jingle } from 'stanza';
import type { Account } from './account.ts';
import { Contacts } from './contacts.ts';
import { fromJingleReason, fromStanzaError } from './end-reasons.ts';
import { StanzaCall, type StanzaCallPlan } from './stanza-call.ts';

/** How soon a lost connection is tried again: at once, then slower. In milliseconds. */
const RETRY_MS = [50, 200, 500, 1000, 2000, 3000];
/** How long what was said at the end may take to go out, in milliseconds. */
const FAREWELL_MS = 1500;

/** A page's line as an XMPP client: stanza over a WebSocket (RFC 7395) to a server. */
export class StanzaLine implements Line {
  readonly #settings: LineSettings;
  readonly #events: LineEvents;
  readonly #accountOf: (name: string, token: string | undefined) => Promise<Account>;
  /** By the session's identifier. */
  readonly #calls = new Map<string, StanzaCall>();
  /** Session-initiates that are out, by the identifier of their IQ. */
  readonly #initiates = new Map<string, string>();
  #account: Account | undefined;
  #client: Agent | undefined;
  #contacts: Contacts | undefined;
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
    this.#open(name, token).catch((error: unknown) =>
      this.#events.refused(error instanceof LoginError ? 'login-refused' : 'no-line', words(error)),
    );
  }

  /** @throws Error where there is no account, or no connection; LoginError */
  async #open(name: string, token: string | undefined): Promise<void> {
    await this.#hangUpTheLine();
    const account = await this.#accountOf(name, token);
    const client = newClient(account);
    this.#account = account;
    this.#client = client;
    this.#listen(client);
    await this.#logIn(client, account);
    client.on('disconnected', () => this.#lost(client));
    client.on('session:started', () => this.#isBack(client, 'logged in again'));
    client.on('stream:management:resumed', () => this.#isBack(client, 'resumed'));
    await this.#present(client);
    if (this.#client !== client) return;
    this.#events.connection('open', 'new');
    this.#events.registered(account.user, account.password);
  }

  async #logIn(client: Agent, { server }: Account): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      client.once('session:started', () => resolve());
      client.on('sasl', (said) => {
        if (said.type === 'failure') reject(new LoginError(`${said.condition} ${said.text ?? ''}`.trim()));
      });
      client.once('disconnected', () => reject(new Error(`no connection to ${server}`)));
      client.connect();
    });
  }

  /** Whoever is told that the page is there can reach it: the server answers in the order in which it was asked. */
  async #present(client: Agent): Promise<void> {
    client.sendPresence();
    await Promise.all([client.discoverICEServers(), client.getRoster()]);
  }

  #listen(client: Agent): void {
    const { jingle } = client;
    this.#contacts = new Contacts(client, (jids) =>
      this.#events.presence(jids.map((jid) => ({ name: this.#nameOf(jid), busy: false }))),
    );
    jingle.createPeerConnection = (session, config) =>
      this.#calls.get(session.sid)?.connection ?? this.#newConnection(client, config);
    jingle.on('send', ({ id, jingle: said }: { id: string; jingle?: { action: string; sid: string } }) => {
      if (said?.action === 'session-initiate') this.#initiates.set(id, said.sid);
    });
    client.on('raw', (direction, text) =>
      this.#events.wire?.(direction === 'incoming' ? 'in' : 'out', String(text)),
    );
    client.on('iq', ({ id = '', type, error }) => {
      const sid = this.#initiates.get(id);
      if (sid === undefined) return;
      this.#initiates.delete(id);
      if (type === 'error') this.#calls.get(sid)?.refused(fromStanzaError(error));
    });
    const call = ({ sid }: Jingle.Session): StanzaCall | undefined => this.#calls.get(sid);
    client.on('jingle:incoming', (session) => this.#incoming(session));
    client.on('jingle:ringing', (session) => call(session)?.ringing());
    client.on('jingle:accepted', (session) => call(session)?.connected());
    client.on('jingle:hold', (session) => call(session)?.heldByFarSide(true));
    client.on('jingle:resumed', (session) => call(session)?.heldByFarSide(false));
    client.on('jingle:terminated', (session, reason) => call(session)?.over(fromJingleReason(reason)));
  }

  #newConnection(client: Agent, config = client.jingle.config.peerConnectionConfig): RTCPeerConnection {
    const { iceTransportPolicy } = this.#settings.callOptions();
    return new RTCPeerConnection({ ...config, iceServers: client.jingle.iceServers, iceTransportPolicy });
  }

  #incoming(session: Jingle.Session): void {
    if (!(session instanceof Jingle.MediaSession)) return session.end('unsupported-applications');
    const call = this.#newCall(session.sid, {
      party: this.#nameOf(session.peerID),
      connection: session.pc,
      session,
    });
    this.#events.incoming(call);
    if (call.phase === 'incoming')
      call.ring().catch((error: unknown) => this.#events.refused('ring', words(error)));
  }

  call(to: string): StanzaCall {
    const client = this.#client;
    const contacts = this.#contacts;
    if (client === undefined || contacts === undefined) throw new Error('there is no line');
    const address = to.includes('@') ? to : `${to}@${this.#account?.domain ?? ''}`;
    const sid = crypto.randomUUID();
    return this.#newCall(sid, {
      party: to,
      connection: this.#newConnection(client),
      session: async () => client.jingle.createMediaSession(await contacts.find(address), sid),
    });
  }

  /** By name alone where it is of our own domain. */
  #nameOf(jid: string): string {
    const { local, domain, bare } = JID.parse(jid);
    return local !== undefined && domain === this.#account?.domain ? local : bare;
  }

  #newCall(sid: string, plan: Pick<StanzaCallPlan, 'party' | 'connection' | 'session'>): StanzaCall {
    const id = this.#settings.newCallId();
    const events = this.#settings.callEvents({ id, party: plan.party });
    const call = new StanzaCall({
      ...plan,
      id,
      options: { ...this.#settings.callOptions(), iceServers: this.#client?.jingle.iceServers ?? [] },
      events: {
        ...events,
        phase: (phase, reason) => {
          if (phase === 'ended') this.#calls.delete(sid);
          events.phase(phase, reason);
        },
      },
    });
    this.#calls.set(sid, call);
    return call;
  }

  #lost(client: Agent): void {
    if (this.#client !== client) return;
    this.#events.connection('lost', this.#isCut ? 'cut' : 'lost');
    this.#dialAgain(client);
  }

  #dialAgain(client: Agent): void {
    clearTimeout(this.#retry);
    if (this.#isCut) return;
    const wait = RETRY_MS[Math.min(this.#retries++, RETRY_MS.length - 1)]!;
    this.#retry = setTimeout(() => {
      if (this.#client === client && !this.#isCut) client.connect();
    }, wait);
  }

  /** @param how `resumed` has lost nothing (XEP-0198); who logs in again is a new resource to everybody */
  #isBack(client: Agent, how: 'resumed' | 'logged in again'): void {
    this.#retries = 0;
    if (how === 'logged in again') client.sendPresence();
    this.#events.connection('open', how);
  }

  cut(): void {
    this.#isCut = true;
    clearTimeout(this.#retry);
    this.#client?.transport?.disconnect(false);
  }

  reconnect(): void {
    this.#isCut = false;
    if (this.#client !== undefined) this.#dialAgain(this.#client);
  }

  /** Ends the calls, gives the name back and closes the connection. */
  async leave(): Promise<void> {
    for (const call of [...this.#calls.values()]) call.end({ code: 'normal' });
    await this.#hangUpTheLine();
  }

  async #hangUpTheLine(): Promise<void> {
    const client = this.#client;
    clearTimeout(this.#retry);
    this.#client = undefined;
    this.#contacts = undefined;
    if (client === undefined) return;
    const late = new Promise<void>((resolve) => setTimeout(resolve, FAREWELL_MS));
    const gone = new Promise<void>((resolve) => client.once('disconnected', () => resolve()));
    // What is still to be sent goes first: `disconnect` would close the stream before it.
    if (client.sessionStarted) await Promise.race([client.send('presence', { type: 'unavailable' }), late]);
    client.disconnect();
    await Promise.race([gone, late]);
  }
}

/** The server did not take the account. */
class LoginError extends Error {}

function newClient({ server, domain, user, password, resource, iceServers }: Account): Agent {
  return createClient({
    jid: `${user}@${domain}`,
    password,
    ...(resource === undefined ? {} : { resource }),
    transports: { websocket: server },
    autoReconnect: false,
    // Its own default is a public STUN server.
    jingle: { iceServers: iceServers as RTCIceServer[], trickleIce: true },
  });
}

function words(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
