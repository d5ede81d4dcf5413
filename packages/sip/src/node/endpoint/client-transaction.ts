import { makeRequest } from '../../message/make-message.ts';
import type { SipRequest, SipResponse } from '../../message/message.ts';
import { writeMessage } from '../../message/write-message.ts';
import {
  CLIENT_INVITE_INITIAL,
  type ClientInput,
  type ClientInviteState,
  stepClientInvite,
} from '../../transaction/client-invite.ts';
import {
  CLIENT_NON_INVITE_INITIAL,
  type ClientNonInviteState,
  stepClientNonInvite,
} from '../../transaction/client-non-invite.ts';
import type { TransactionTimer, TransactionTimers } from '../../transaction/timers.ts';
import type { TransactionStep } from '../../transaction/transaction-step.ts';
import type { ClockHandle, SipClock } from '../clock.ts';
import type { Flow } from '../transport/flow.ts';

/** Who is told what comes of a request. */
export interface ClientUser {
  /** A provisional or the final response; for INVITE also each further 2xx of another fork. */
  response(response: SipResponse, transaction: ClientTransaction): void;
  /** No final response comes any more: treat as 408 or 503 (RFC 3261 section 8.1.3.1). */
  failed(why: 'timeout' | 'transport', transaction: ClientTransaction | undefined, error?: Error): void;
  /** The transaction is forgotten. */
  ended?(transaction: ClientTransaction): void;
}

/** What a transaction needs of its endpoint. */
export interface ClientTransactionHost {
  readonly clock: SipClock;
  forget(transaction: ClientTransaction): void;
}

/** A client transaction that runs: the pure machine, its timers, its request on its flow. */
export class ClientTransaction {
  readonly key: string;
  readonly branch: string;
  readonly method: string;
  readonly flow: Flow;
  readonly user: ClientUser;
  readonly #host: ClientTransactionHost;
  readonly #timers: TransactionTimers;
  readonly #running: { [timer in TransactionTimer]?: ClockHandle | undefined } = {};
  #state: ClientInviteState | ClientNonInviteState;
  #request: SipRequest | undefined;
  #bytes: Uint8Array | undefined;
  #ack: Uint8Array | undefined;
  #last: SipResponse | undefined;
  #error: Error | undefined;
  readonly #failed = (error: Error): void => this.transportFailed(error);

  constructor(
    key: string,
    branch: string,
    request: SipRequest,
    bytes: Uint8Array,
    flow: Flow,
    timers: TransactionTimers,
    user: ClientUser,
    host: ClientTransactionHost,
  ) {
    this.key = key;
    this.branch = branch;
    this.method = request.method;
    this.#request = request;
    this.flow = flow;
    this.user = user;
    this.#bytes = bytes;
    this.#host = host;
    this.#timers = timers;
    this.#state = request.method === 'INVITE' ? CLIENT_INVITE_INITIAL : CLIENT_NON_INVITE_INITIAL;
  }

  /** With the Via on top; undefined once there is a final response. */
  get request(): SipRequest | undefined {
    return this.#request;
  }

  /** The machine's state. */
  get state(): ClientInviteState['name'] | ClientNonInviteState['name'] {
    return this.#state.name;
  }

  /** No final response was seen yet. */
  get isPending(): boolean {
    const { name } = this.#state;
    return name === 'initial' || name === 'calling' || name === 'trying' || name === 'proceeding';
  }

  begin(): void {
    this.#input({ type: 'begin' });
  }

  receive(response: SipResponse): void {
    this.#last = response;
    this.#input({ type: 'response', status: response.status });
  }

  transportFailed(error: Error): void {
    this.#error = error;
    this.#input({ type: 'transport-error' });
  }

  /** Stops without a word to anyone: the endpoint closes. */
  dispose(): void {
    for (const timer of Object.keys(this.#running) as TransactionTimer[]) this.#stop(timer);
  }

  #input(input: ClientInput): void {
    const step: TransactionStep<ClientInviteState | ClientNonInviteState> =
      this.method === 'INVITE'
        ? stepClientInvite(this.#state as ClientInviteState, input, this.#timers)
        : stepClientNonInvite(this.#state as ClientNonInviteState, input, this.#timers);
    this.#state = step.state;
    for (const effect of step.effects) {
      switch (effect.type) {
        case 'send-request':
          if (this.#bytes !== undefined) this.flow.send(this.#bytes, this.#failed);
          break;
        case 'send-ack':
          this.#ack ??= writeMessage(makeRefusalAck(this.#request!, this.#last!));
          this.flow.send(this.#ack);
          break;
        case 'start':
          this.#start(effect.timer, effect.ms);
          break;
        case 'stop':
          this.#stop(effect.timer);
          break;
        case 'pass':
          // Nothing is sent again from here on: the bytes are let go with the first answer of an INVITE.
          if (this.method === 'INVITE') this.#bytes = undefined;
          this.#pass();
          break;
        case 'timeout':
          this.user.failed('timeout', this);
          break;
        case 'transport-error':
          this.user.failed('transport', this, this.#error);
          break;
        case 'end':
          this.dispose();
          this.#host.forget(this);
          this.user.ended?.(this);
          break;
        default:
          break;
      }
    }
  }

  #pass(): void {
    const response = this.#last!;
    this.user.response(response, this);
    // Transactions outlive their request by half a minute: it is not kept so long.
    if (response.status < 200) return;
    this.#request = undefined;
    this.#last = undefined;
    if (this.method !== 'INVITE') this.#bytes = undefined;
  }

  #start(timer: TransactionTimer, ms: number): void {
    this.#running[timer] = this.#host.clock.after(ms, () => {
      this.#running[timer] = undefined;
      this.#input({ type: 'timer', timer });
    });
  }

  #stop(timer: TransactionTimer): void {
    const handle = this.#running[timer];
    if (handle === undefined) return;
    this.#running[timer] = undefined;
    this.#host.clock.cancel(handle);
  }
}

/** The ACK of a refusal: of the same branch, with the To of the response (RFC 3261 section 17.1.1.3). */
function makeRefusalAck(request: SipRequest, response: SipResponse): SipRequest {
  const headers: [string, string][] = [['Via', request.getAll('via')[0] ?? '']];
  for (const route of request.getAll('route')) headers.push(['Route', route]);
  headers.push(
    ['Max-Forwards', '70'],
    ['From', request.get('from') ?? ''],
    ['To', response.get('to') ?? ''],
    ['Call-ID', request.callId],
    ['CSeq', `${request.cseq.number} ACK`],
  );
  return makeRequest({ method: 'ACK', uri: request.uri, headers });
}

/** The CANCEL of a request (section 9.1): same Request-URI, branch, routes, From, To and number. */
export function makeCancel(request: SipRequest, reason: string | undefined): SipRequest {
  const headers: [string, string][] = [['Via', request.getAll('via')[0] ?? '']];
  for (const route of request.getAll('route')) headers.push(['Route', route]);
  headers.push(
    ['Max-Forwards', '70'],
    ['From', request.get('from') ?? ''],
    ['To', request.get('to') ?? ''],
    ['Call-ID', request.callId],
    ['CSeq', `${request.cseq.number} CANCEL`],
  );
  if (reason !== undefined) headers.push(['Reason', reason]);
  return makeRequest({ method: 'CANCEL', uri: request.uri, headers });
}
