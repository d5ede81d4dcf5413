import { makeResponse, type ResponsePlan } from '../../message/make-message.ts';
import type { SipRequest, SipResponse } from '../../message/message.ts';
import type { Via } from '../../message/via.ts';
import { writeMessage } from '../../message/write-message.ts';
import {
  SERVER_INVITE_INITIAL,
  type ServerInput,
  type ServerInviteState,
  stepServerInvite,
} from '../../transaction/server-invite.ts';
import {
  SERVER_NON_INVITE_INITIAL,
  type ServerNonInviteState,
  stepServerNonInvite,
} from '../../transaction/server-non-invite.ts';
import type { TransactionTimer, TransactionTimers } from '../../transaction/timers.ts';
import type { TransactionStep } from '../../transaction/transaction-step.ts';
import type { ClockHandle, SipClock } from '../clock.ts';
import type { Flow } from '../transport/flow.ts';

/** Who answers a request. Set by whoever takes the transaction. */
export interface ServerUser {
  /** The INVITE is to be given up; the CANCEL itself was answered (RFC 3261 section 9.2). */
  cancelled?(cancel: SipRequest): void;
  /** Neither ACK nor anything else came to the final response. */
  failed?(why: 'timeout' | 'transport'): void;
  ended?(): void;
}

/** What a transaction needs of its endpoint. */
export interface ServerTransactionHost {
  readonly clock: SipClock;
  /** Sends over the flow, or where it is gone by the Via (section 18.2.2). */
  sendResponse(via: Via, bytes: Uint8Array, flow: Flow, failed: (error: Error) => void): void;
  forget(transaction: ServerTransaction): void;
  begun(transaction: ServerTransaction): void;
  tag(): string;
}

/** A server transaction that runs: the pure machine, its timers, its last response. */
export class ServerTransaction {
  readonly key: string;
  readonly mergeKey: string | undefined;
  readonly method: string;
  readonly flow: Flow;
  user: ServerUser = {};
  readonly #host: ServerTransactionHost;
  readonly #timers: TransactionTimers;
  readonly #running: { [timer in TransactionTimer]?: ClockHandle | undefined } = {};
  #state: ServerInviteState | ServerNonInviteState;
  readonly #via: Via;
  readonly #failed = (): void => this.#input({ type: 'transport-error' });
  #request: SipRequest | undefined;
  #bytes: Uint8Array | undefined;
  #tag: string | undefined;

  constructor(
    key: string,
    mergeKey: string | undefined,
    request: SipRequest,
    flow: Flow,
    timers: TransactionTimers,
    host: ServerTransactionHost,
  ) {
    this.key = key;
    this.mergeKey = mergeKey;
    this.method = request.method;
    this.#request = request;
    this.#via = request.via;
    this.flow = flow;
    this.#host = host;
    this.#timers = timers;
    this.#state = this.method === 'INVITE' ? SERVER_INVITE_INITIAL : SERVER_NON_INVITE_INITIAL;
  }

  /** With `received` and `rport` filled in. */
  get request(): SipRequest {
    if (this.#request === undefined) throw new Error('the request was released');
    return this.#request;
  }

  get state(): ServerInviteState['name'] | ServerNonInviteState['name'] {
    return this.#state.name;
  }

  /** No final response was sent yet. */
  get isPending(): boolean {
    const { name } = this.#state;
    return name === 'initial' || name === 'trying' || name === 'proceeding';
  }

  /** The tag that this side's responses carry in To. */
  get tag(): string {
    this.#tag ??= this.#host.tag();
    return this.#tag;
  }

  begin(): void {
    this.#input({ type: 'begin' });
  }

  /** The same request came again. */
  again(): void {
    this.#input({ type: 'again' });
  }

  acknowledge(): void {
    this.#input({ type: 'ack' });
  }

  /** Answers with a response that is there already, as a proxy forwards it. */
  send(response: SipResponse): void {
    this.sendBytes(response, writeMessage(response));
  }

  sendBytes(response: SipResponse, bytes: Uint8Array): void {
    this.#bytes = bytes;
    this.#input({ type: 'respond', status: response.status });
  }

  /** Answers with a new response. */
  respond(status: number, reason?: string, plan: ResponsePlan = {}): SipResponse {
    const tag = status > 100 && plan.toTag === undefined ? { toTag: this.tag } : {};
    const response = makeResponse(this.request, status, reason, { ...tag, ...plan });
    this.send(response);
    return response;
  }

  /** Begins and answers at once, without asking the user. */
  respondBegun(status: number, toTag: string): void {
    this.#state = stepServerNonInvite(SERVER_NON_INVITE_INITIAL, { type: 'begin' }, this.#timers).state;
    this.respond(status, undefined, { toTag });
  }

  /** Lets the request go: its user answered and needs no more of it, while the transaction lives on for half a minute. */
  release(): void {
    this.#request = undefined;
  }

  dispose(): void {
    for (const timer of Object.keys(this.#running) as TransactionTimer[]) this.#stop(timer);
  }

  #input(input: ServerInput): void {
    const step: TransactionStep<ServerInviteState | ServerNonInviteState> =
      this.method === 'INVITE'
        ? stepServerInvite(this.#state as ServerInviteState, input, this.#timers)
        : stepServerNonInvite(this.#state as ServerNonInviteState, input, this.#timers);
    this.#state = step.state;
    for (const effect of step.effects) {
      switch (effect.type) {
        case 'send-response':
          this.#sendLast();
          break;
        case 'send-trying':
          this.#bytes = writeMessage(makeResponse(this.request, 100));
          this.#sendLast();
          break;
        case 'start':
          this.#start(effect.timer, effect.ms);
          break;
        case 'stop':
          this.#stop(effect.timer);
          break;
        case 'pass':
          if (input.type === 'begin') this.#host.begun(this);
          break;
        case 'timeout':
          this.user.failed?.('timeout');
          break;
        case 'transport-error':
          this.user.failed?.('transport');
          break;
        case 'end':
          this.dispose();
          this.#host.forget(this);
          this.user.ended?.();
          break;
        default:
          break;
      }
    }
  }

  #sendLast(): void {
    if (this.#bytes === undefined) return;
    this.#host.sendResponse(this.#via, this.#bytes, this.flow, this.#failed);
    // An accepted INVITE is answered again by its user only: nothing is kept for half a minute.
    if (this.#state.name !== 'accepted') return;
    this.#bytes = undefined;
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
