import type { SipRequest, SipResponse } from '../../message/message.ts';
import type { SeededBug } from '../../message/seeded-bug.ts';
import type { Via } from '../../message/via.ts';
import { writeMessage } from '../../message/write-message.ts';
import {
  DEFAULT_TIMER_BASES,
  type TimerBases,
  type TransactionTimers,
  transactionTimers,
} from '../../transaction/timers.ts';
import { clientTransactionKey } from '../../transaction/transaction-key.ts';
import { type SipClock, systemClock } from '../clock.ts';
import type { SipFinding } from '../finding.ts';
import { type Flow, type SipAddress, type SipTarget, viaTransport } from '../transport/flow.ts';
import type { SipTap } from '../transport/tap.ts';
import type { TlsIdentity } from '../transport/tls-identity.ts';
import type { TransportLimits } from '../transport/transport-limits.ts';
import { type ListeningPoint, type ListenOptions, Transports } from '../transport/transports.ts';
import { ClientTransaction, type ClientUser } from './client-transaction.ts';
import { GuardedUser } from './guarded-user.ts';
import { locate, type NextHopOptions, type ResolveHost, systemResolve, targetOf } from './next-hop.ts';
import { Reception } from './reception.ts';
import { type SendOptions, SentRequest } from './sent-request.ts';
import { ServerTransaction } from './server-transaction.ts';
import { type RandomHex, Tokens } from './tokens.ts';
import { UriMemo } from './uri-memo.ts';
import { responseTarget, viaHost } from './via-address.ts';

/** Who uses an endpoint: a user agent or a proxy. */
export interface EndpointUser {
  /** A new request; every request but ACK, and CANCEL only where it cancels nothing that is known. */
  request(transaction: ServerTransaction): void;
  /** An ACK that is not of a refusal: of a 2xx, or a stray. */
  ack(request: SipRequest, flow: Flow): void;
  /** A response that no transaction waits for. */
  strayResponse?(response: SipResponse, flow: Flow): void;
  flowClosed?(flow: Flow): void;
}

export interface EndpointOptions {
  readonly clock?: SipClock;
  readonly random?: RandomHex;
  readonly timers?: Partial<TimerBases>;
  readonly limits?: Partial<TransportLimits>;
  /** Most server transactions at once; beyond them requests are answered 503. */
  readonly maxTransactions?: number;
  readonly tls?: TlsIdentity;
  readonly tap?: SipTap;
  readonly onFinding?: (finding: SipFinding) => void;
  readonly resolve?: ResolveHost;
  /** Where requests to a host go, whatever its name server says. */
  readonly hosts?: ReadonlyMap<string, Partial<SipTarget> & { readonly host: string }>;
  /** Refuse a request that came by two ways (RFC 3261 section 8.2.2.2): for user agents. */
  readonly refuseMerged?: boolean;
  /** The user answers every INVITE with 100 at once, as proxies do (section 16.2). */
  readonly userSaysTrying?: boolean;
  /** A bug to put in, asked for with each message. */
  readonly seeded?: () => SeededBug | undefined;
  /** Value of Server and User-Agent in what the endpoint itself answers. */
  readonly product?: string;
}

/** Transports and transactions of one SIP element: what user agent and proxy stand on. */
export class SipEndpoint {
  readonly clock: SipClock;
  readonly tokens: Tokens;
  readonly timerBases: TimerBases;
  readonly transports: Transports;
  readonly #options: EndpointOptions;
  readonly #reliable: TransactionTimers;
  readonly #unreliable: TransactionTimers;
  readonly #clients = new Map<string, ClientTransaction>();
  readonly #reception: Reception;
  readonly uris = new UriMemo();
  readonly #noTcp = new Map<string, number>();
  #closed = false;

  constructor(user: EndpointUser, options: EndpointOptions = {}) {
    this.#options = options;
    this.clock = options.clock ?? systemClock;
    this.tokens = new Tokens(options.random);
    this.timerBases = { ...DEFAULT_TIMER_BASES, ...options.timers };
    const trying = options.userSaysTrying === true ? undefined : 200;
    this.#reliable = transactionTimers(this.timerBases, true, trying);
    this.#unreliable = transactionTimers(this.timerBases, false, trying);
    this.#reception = new Reception(this, user, {
      maxTransactions: options.maxTransactions ?? 100_000,
      refuseMerged: options.refuseMerged === true,
    });
    this.transports = new Transports({
      clock: this.clock,
      received: (bytes, flow) => this.#reception.receive(bytes, flow),
      parsed: (message, flow) => this.#reception.take(message, flow),
      refused: (error, flow) => this.#reception.refuse(error, flow),
      found: (finding) => this.found(finding),
      flowClosed: (flow, error) => {
        if (error !== undefined) this.#flowFailed(flow, error);
        this.guard(() => user.flowClosed?.(flow));
      },
      ...(options.tap === undefined ? {} : { tap: options.tap }),
      ...(options.limits === undefined ? {} : { limits: options.limits }),
      ...(options.tls === undefined ? {} : { tls: options.tls }),
    });
  }

  /** How many of each the endpoint holds: all zero when nothing is going on. */
  get counts(): { readonly client: number; readonly server: number; readonly connections: number } {
    return {
      client: this.#clients.size,
      server: this.#reception.size,
      connections: this.transports.connectionCount,
    };
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  listen(options: ListenOptions): Promise<ListeningPoint> {
    return this.transports.listen(options);
  }

  /** Sends a request in a transaction of its own. The request has no Via yet. */
  send(request: SipRequest, user: ClientUser, options: SendOptions = {}): SentRequest {
    const sent = new SentRequest(this, request, user, options.branch);
    sent.start(options);
    return sent;
  }

  /** Sends a request outside of any transaction: ACK of a 2xx. Gives what sends the same once more. */
  sendStateless(request: SipRequest, options: SendOptions = {}): () => void {
    let again = () => {};
    const send = (flow: Flow) => {
      const bytes = writeMessage(
        request.prepend('Via', this.#via(flow, options.branch ?? this.tokens.branch())),
      );
      again = () => flow.send(bytes);
      flow.send(bytes);
    };
    if (options.flow !== undefined) send(options.flow);
    else {
      this.locate(request, options.target, (target, error) => {
        const isLarge = target?.transport === 'udp' && this.isTooLarge(request) && !this.hasNoTcp(target);
        const flow =
          target === undefined
            ? undefined
            : this.transports.flowTo(isLarge ? { ...target, transport: 'tcp' } : target);
        if (flow !== undefined) send(flow);
        else this.found({ code: 'unroutable', text: `no way to ${request.uri}`, cause: error });
      });
    }
    return () => again();
  }

  /** The address others reach this side by over a flow's transport. */
  addressFor(flow: Flow): SipAddress {
    return this.transports.pointFor(flow.transport, flow.remote.host)?.advertised ?? flow.local;
  }

  /** Finds the next hop of a request: its first Route or its Request-URI. */
  locate(
    request: SipRequest,
    target: SipTarget | undefined,
    done: (target: SipTarget | undefined, error?: Error) => void,
  ): void {
    let hop = target;
    try {
      hop ??= targetOf(this.uris.read(request.routes[0]?.uri ?? request.uri), this.nextHopOptions);
    } catch (error) {
      done(undefined, error instanceof Error ? error : new Error(String(error)));
      return;
    }
    if (hop === undefined) done(undefined, new Error(`nothing leads to ${request.uri}`));
    else locate(hop, this.#options.resolve ?? systemResolve, done);
  }

  get nextHopOptions(): NextHopOptions {
    const { hosts } = this.#options;
    const preferred = this.transports.points.some(({ transport }) => transport === 'udp') ? 'udp' : 'tcp';
    return hosts === undefined ? { preferred } : { preferred, hosts };
  }

  /** The bug that is put in now. */
  get seeded(): SeededBug | undefined {
    return this.#options.seeded?.();
  }

  isTooLarge(request: SipRequest): boolean {
    if (this.seeded?.anySize === true) return false;
    // 200 for the Via that is not in yet.
    let size = request.startLine.length + request.body.length + 200;
    for (const field of request.fields) size += field.next - field.start;
    return size > this.transports.limits.datagramBytes;
  }

  /** TCP was refused there, so UDP is kept to for a minute, however large a request is. */
  noteNoTcp(target: SipTarget): void {
    if (this.#noTcp.size > 1000) this.#noTcp.clear();
    this.#noTcp.set(`${target.host} ${target.port}`, this.clock.now() + 60_000);
  }

  hasNoTcp(target: SipTarget): boolean {
    const until = this.#noTcp.get(`${target.host} ${target.port}`);
    return until !== undefined && until > this.clock.now();
  }

  beginClient(
    request: SipRequest,
    flow: Flow,
    user: ClientUser,
    ownBranch: string | undefined,
  ): ClientTransaction {
    const branch = ownBranch ?? this.tokens.branch();
    const full = this.#asSent(request.prepend('Via', this.#via(flow, branch)));
    const key = clientTransactionKey(branch, request.method);
    const transaction = new ClientTransaction(
      key,
      branch,
      full,
      writeMessage(full),
      flow,
      this.timersOf(flow),
      new GuardedUser(this, user),
      this,
    );
    this.#clients.set(key, transaction);
    return transaction;
  }

  /** Sends a CANCEL, which has the Via of its INVITE already. What is answered to it tells nothing. */
  beginCancel(request: SipRequest, invite: ClientTransaction): void {
    const { flow, branch } = invite;
    const cancel = this.#asSent(request);
    const key = clientTransactionKey(branch, 'CANCEL');
    const user: ClientUser = { response: () => {}, failed: () => {} };
    const transaction = new ClientTransaction(
      key,
      branch,
      cancel,
      writeMessage(cancel),
      flow,
      this.timersOf(flow),
      user,
      this,
    );
    this.#clients.set(key, transaction);
    transaction.begin();
  }

  client(branch: string, method: string): ClientTransaction | undefined {
    return this.#clients.get(clientTransactionKey(branch, method));
  }

  timersOf(flow: Flow): TransactionTimers {
    return flow.reliable ? this.#reliable : this.#unreliable;
  }

  forget(transaction: ClientTransaction | ServerTransaction): void {
    if (transaction instanceof ServerTransaction) this.#reception.forget(transaction);
    else if (this.#clients.get(transaction.key) === transaction) this.#clients.delete(transaction.key);
  }

  /** Sends a response back the way its request came (RFC 3261 section 18.2.2). */
  sendResponse(via: Via, bytes: Uint8Array, flow: Flow, failed: (error: Error) => void): void {
    if (flow.transport === 'udp') {
      if (via.rport !== undefined || (via.port ?? 5060) === flow.remote.port) flow.send(bytes, failed);
      else {
        const target = { transport: 'udp', host: flow.remote.host, port: via.port ?? 5060 } as const;
        this.transports.flowTo(target, flow.local)?.send(bytes, failed);
      }
      return;
    }
    if (!flow.closed) {
      flow.send(bytes, failed);
      return;
    }
    locate(responseTarget(via), this.#options.resolve ?? systemResolve, (target, error) => {
      // Nobody listens behind a WebSocket that is gone (RFC 7118 section 5.3).
      const canConnect = target !== undefined && target.transport !== 'ws' && target.transport !== 'wss';
      const next = canConnect ? this.transports.flowTo(target) : undefined;
      if (next === undefined) failed(error ?? new Error('the connection is closed'));
      else next.send(bytes, failed);
    });
  }

  found(finding: SipFinding): void {
    try {
      this.#options.onFinding?.(finding);
    } catch {
      // Whoever listens to findings has no say in whether the endpoint lives.
    }
  }

  /** Runs what belongs to a user: what it throws is a finding and ends nothing. */
  guard(work: () => void): void {
    try {
      work();
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      this.found({ code: 'handler-failed', text, cause: error });
    }
  }

  /** Closes every socket and forgets every transaction. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const transaction of this.#clients.values()) transaction.dispose();
    this.#clients.clear();
    this.#reception.dispose();
    await this.transports.close();
  }

  /** What was written to a connection that broke before anything came back did not arrive (section 18.4). */
  #flowFailed(flow: Flow, error: Error): void {
    for (const transaction of [...this.#clients.values()]) {
      const { state } = transaction;
      if (transaction.flow === flow && (state === 'calling' || state === 'trying'))
        transaction.transportFailed(error);
    }
  }

  #asSent(request: SipRequest): SipRequest {
    return this.seeded?.sending?.(request) ?? request;
  }

  #via(flow: Flow, branch: string): string {
    const { host, port } = this.addressFor(flow);
    // rport costs a few bytes and saves whoever sits behind a NAT (RFC 3581); on connections it says nothing.
    const rport = flow.transport === 'udp' ? ';rport' : '';
    return `SIP/2.0/${viaTransport(flow.transport)} ${viaHost(host, port)};branch=${branch}${rport}`;
  }
}
