import { type Invitation, Registerer, RegistererState, type Session, SIPExtension, UserAgent } from 'sip.js';
import { wordsOf } from '../embedded/call-reason.ts';
import type { Tell } from '../embedded/peer-program.ts';
import type { MediaSettings, PhoneMedia } from './phone-media.ts';
import { WebSocketTransport, type WebSocketTransportOptions } from './websocket-transport.ts';

/** Where a phone registers, and as whom. */
export interface LineOptions {
  /** `ws://127.0.0.1:5066` */
  readonly server: string;
  readonly domain: string;
  readonly user: string;
  readonly password: string;
}

export interface LineEvents {
  readonly tell: Tell;
  invited(invitation: Invitation): void;
  /** The media of a session of SIP.js. */
  media(session: Session): PhoneMedia | undefined;
}

const REGISTER_MS = 10_000;
const EXPIRES_S = 600;
const NO_ANSWER_S = 180;

/** A registration by SIP.js, and the user agent behind it. */
export class PhoneLine {
  readonly options: LineOptions;
  readonly media: MediaSettings;
  readonly agent: UserAgent;
  readonly #events: LineEvents;
  readonly #registerer: Registerer;
  #isClosing = false;

  /** @throws Error where server, user or domain are none */
  constructor(options: LineOptions, media: MediaSettings, events: LineEvents) {
    this.options = options;
    this.media = media;
    this.#events = events;
    if (!/^wss?:\/\//.test(options.server)) throw new Error(`not a WebSocket's address: ${options.server}`);
    const uri = UserAgent.makeURI(`sip:${options.user}@${options.domain}`);
    if (uri === undefined) throw new Error(`not an address of record: ${options.user}@${options.domain}`);
    const transportOptions: WebSocketTransportOptions = {
      server: options.server,
      seen: (direction, text) => process.stderr.write(`--- ${direction}\n${text}\n`),
    };
    this.agent = new UserAgent({
      uri,
      authorizationUsername: options.user,
      authorizationPassword: options.password,
      transportConstructor: WebSocketTransport,
      transportOptions,
      contactParams: { transport: options.server.startsWith('wss:') ? 'wss' : 'ws' },
      sipExtension100rel: SIPExtension.Supported,
      sipExtensionReplaces: SIPExtension.Supported,
      noAnswerTimeout: NO_ANSWER_S,
      // Who calls while a call is up must not hear that it rings.
      sendInitialProvisionalResponse: false,
      logBuiltinEnabled: false,
      logConfiguration: false,
      logLevel: 'warn',
      logConnector: (level, category, _label, content) =>
        process.stderr.write(`${level} ${category}: ${content}\n`),
      sessionDescriptionHandlerFactory: (session) => {
        const made = events.media(session);
        if (made === undefined) throw new Error('a session that is no call of ours');
        return made;
      },
      delegate: {
        onInvite: (invitation) => events.invited(invitation),
        onDisconnect: (error) => {
          if (error !== undefined) events.tell('signaling', { state: 'lost', words: error.message });
        },
      },
    });
    this.#registerer = new Registerer(this.agent, { expires: EXPIRES_S });
  }

  /** Connects and registers. @throws Error where it is refused, or nobody answers */
  async open(): Promise<void> {
    try {
      await this.agent.start();
    } catch (error) {
      throw new Error(`no connection to ${this.options.server}: ${wordsOf(error)}`);
    }
    try {
      await this.#register();
    } catch (error) {
      await this.close();
      throw error;
    }
    this.#events.tell('registered');
    this.#registerer.stateChange.addListener((state) => {
      if (state === RegistererState.Unregistered && !this.#isClosing) {
        this.#events.tell('not-registered', { words: 'the registration was not refreshed' });
      }
    });
  }

  async #register(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    try {
      await new Promise<void>((resolve, reject) => {
        timer = setTimeout(() => reject(new Error('not registered: no answer')), REGISTER_MS);
        this.#registerer
          .register({
            requestDelegate: {
              onAccept: () => resolve(),
              onReject: ({ message }) => {
                const { statusCode: status, reasonPhrase } = message;
                const words = `${status} ${reasonPhrase}`;
                this.#events.tell('not-registered', { status, words });
                reject(new Error(`not registered: ${words}`));
              },
            },
          })
          .catch(reject);
      });
    } finally {
      clearTimeout(timer);
    }
  }

  /** Gives the name back and closes the connection. */
  async close(): Promise<void> {
    this.#isClosing = true;
    if (this.#registerer.state === RegistererState.Registered) {
      await new Promise<void>((resolve) => {
        const done = (): void => resolve();
        this.#registerer.unregister({ requestDelegate: { onAccept: done, onReject: done } }).catch(done);
      });
    }
    await this.agent.stop().catch((error: unknown) => process.stderr.write(`${wordsOf(error)}\n`));
  }
}
