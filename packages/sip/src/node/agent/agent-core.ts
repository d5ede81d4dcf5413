import type { SessionTimerWish } from '../../agent/session-timer.ts';
import { dialogKey } from '../../dialog/dialog.ts';
import type { SipRequest } from '../../message/message.ts';
import type { SipEndpoint } from '../endpoint/endpoint.ts';
import type { ServerTransaction } from '../endpoint/server-transaction.ts';
import { bracketed, type Flow, type SipTransport } from '../transport/flow.ts';
import { AuthMemory, type Credentials } from './auth-memory.ts';

/** Who takes requests within a dialog. */
export interface DialogOwner {
  requestInDialog(transaction: ServerTransaction): void;
  ackInDialog(request: SipRequest): void;
}

/** What every call of one agent shares: the endpoint, the table of dialogs, and what is said of oneself. */
export class AgentCore {
  readonly endpoint: SipEndpoint;
  readonly credentials: Credentials | undefined;
  readonly sessionTimer: SessionTimerWish | undefined;
  readonly #user: string;
  readonly #product: string;
  readonly #supported: string;
  readonly #infoPackages: string;
  /** Option tags this side knows when they are required of it (RFC 3261 section 8.2.2.3). */
  readonly options: ReadonlySet<string>;
  readonly #dialogs = new Map<string, DialogOwner>();
  readonly #invalidHost: string;

  constructor(
    endpoint: SipEndpoint,
    options: {
      readonly user: string;
      readonly product: string;
      readonly credentials: Credentials | undefined;
      readonly sessionTimer: SessionTimerWish | undefined;
      readonly supported: readonly string[];
      readonly infoPackages: readonly string[];
    },
  ) {
    this.endpoint = endpoint;
    this.credentials = options.credentials;
    this.sessionTimer = options.sessionTimer;
    this.#user = options.user;
    this.#product = options.product;
    this.#supported = options.supported.join(', ');
    this.#infoPackages = options.infoPackages.join(', ');
    this.options = new Set([...options.supported, 'path', 'outbound']);
    this.#invalidHost = `${endpoint.tokens.random(6)}.invalid`;
  }

  get dialogCount(): number {
    return this.#dialogs.size;
  }

  newAuth(credentials: Credentials | undefined): AuthMemory {
    return new AuthMemory(credentials ?? this.credentials, this.endpoint.tokens.random);
  }

  addDialog(key: string, owner: DialogOwner): void {
    this.#dialogs.set(key, owner);
  }

  removeDialog(key: string): void {
    this.#dialogs.delete(key);
  }

  dialogOwner(callId: string, localTag: string, remoteTag: string): DialogOwner | undefined {
    return this.#dialogs.get(dialogKey(callId, localTag, remoteTag));
  }

  /** Every call that has a dialog, once. */
  owners(): ReadonlySet<DialogOwner> {
    return new Set(this.#dialogs.values());
  }

  /** The Contact for what goes over a transport: where others reach this side (RFC 7118 section 5: else `.invalid`). */
  contact(transport: SipTransport, host?: string, user: string = this.#user): string {
    const point = this.endpoint.transports.pointFor(transport, host);
    const param = transport === 'udp' ? '' : `;transport=${transport === 'wss' ? 'ws' : transport}`;
    if (point === undefined) return `<sip:${user}@${this.#invalidHost}${param}>`;
    return `<sip:${user}@${bracketed(point.advertised.host)}:${point.advertised.port}${param}>`;
  }

  contactOver(flow: Flow, user?: string): string {
    return this.contact(flow.transport, flow.remote.host, user);
  }

  /** Allow, Supported and the product, where they belong. */
  agentHeaders(method: string): readonly (readonly [string, string])[] {
    const headers: [string, string][] = [];
    if (method === 'INVITE' || method === 'UPDATE' || method === 'OPTIONS') {
      headers.push(['Allow', ALLOWED], ['Supported', this.#supported]);
    }
    // An empty one says that INFO packages are known and none is wanted (RFC 6086 section 4.2.1).
    if (method === 'INVITE') headers.push(['Recv-Info', this.#infoPackages]);
    if (method !== 'ACK') headers.push(['User-Agent', this.#product]);
    return headers;
  }
}

export const ALLOWED = 'INVITE, ACK, CANCEL, BYE, OPTIONS, PRACK, UPDATE, INFO, REFER, NOTIFY';
/** What this side speaks by itself. `trickle-ice` is its user's business. */
export const SUPPORTED: readonly string[] = ['100rel', 'timer', 'replaces'];

/** The option tags of a header, in lower case. */
export function optionTags(message: { getAll(name: string): string[] }, header: string): readonly string[] {
  return message
    .getAll(header)
    .flatMap((value) => value.split(','))
    .map((tag) => tag.trim().toLowerCase())
    .filter((tag) => tag !== '');
}
