import { IceError } from '@crosspoint/ice';
import { open, SdpError } from '@crosspoint/sdp';
import { clientHeadSchema } from '../client-head.ts';
import { Inbox } from '../inbox.ts';
import { MAX_UNACKNOWLEDGED, Outbox } from '../outbox.ts';
import type { ClientMessage, WebErrorCode } from '../protocol.ts';
import { redact, redactAll } from '../redact.ts';
import type { Tap } from '../trace.ts';
import { toSignal } from '../web-signal.ts';
import {
  type MessageHead,
  parseMessage,
  WebProtocolError,
  type WireMessage,
  wholeText,
  writeMessage,
} from '../wire.ts';
import { ByteQueue } from './byte-queue.ts';
import type { Connection } from './connection.ts';
import { noteAscii } from './known-ascii.ts';
import { type LegCarrier, WebLeg } from './web-leg.ts';

/** Messages that a session may have refused before its connection is closed. */
const MAX_REFUSED = 20;

/** The messages whose heads have secrets in them. */
const SECRETIVE: ReadonlySet<string> = new Set(['register', 'registered']);

/** Calls of which a session may still read the trace. */
const MAX_TRACE_CALLS = 64;

/** What a session needs of its server. */
export interface SessionHost {
  /** What the server is called in the trace. */
  readonly node: string;
  readonly tap: Tap | undefined;
  readonly callsPerSession: number;
  now(): number;
  register(session: Session, name: string, token: string | undefined): void;
  leave(session: Session): void;
  /** A page calls someone: the leg's first Signal, the offer, is already taken. */
  called(session: Session, leg: WebLeg, to: string, replaces: string | undefined): void;
  busyChanged(session: Session): void;
  newCallId(): string;
}

/** One page's session: outlives its connections, keeps their numbers, owns the web legs of its calls. */
export class Session implements LegCarrier {
  readonly id: string;
  readonly secret: string;
  user = '';
  connection: Connection | undefined;
  readonly inbox = new Inbox();
  readonly #outbox = new Outbox(new ByteQueue());
  /** The trace's names of the calls that this session took part in lately. */
  readonly traceCalls = new Set<string>();
  readonly #legs = new Map<string, WebLeg>();
  readonly #host: SessionHost;
  #refused = 0;

  constructor(host: SessionHost, id: string, secret: string) {
    this.#host = host;
    this.id = id;
    this.secret = secret;
  }

  get busy(): boolean {
    return this.#legs.size > 0;
  }

  /** Takes one message of an opened connection. Never throws for what a page sends. */
  receive(text: string, ascii: boolean): void {
    let message: WireMessage<ClientMessage>;
    try {
      message = parseMessage(clientHeadSchema, text);
    } catch (error) {
      if (!(error instanceof WebProtocolError)) throw error;
      this.#tap('in', text, 'refused', undefined, `${error.code}: ${error.message}`);
      this.#unreadable(error, text);
      return;
    }
    const head = message.head;
    if (!('seq' in head)) {
      if (head.type === 'ack') this.#outbox.acknowledge(head.received);
      else if (head.type === 'ping') this.connection?.send(writeMessage({ type: 'pong' }));
      else this.fail('bad-message', `${head.type} comes first or not at all`, 'type');
      return;
    }
    if (head.ack !== undefined) this.#outbox.acknowledge(head.ack);
    const turn = this.inbox.accept(head.seq);
    if (turn === 'again') return;
    if (turn === 'gap') {
      this.fail('out-of-order', `seq ${head.seq} after ${this.inbox.received}`);
      return;
    }
    if (ascii && message.sdp !== undefined) noteAscii(message.sdp);
    this.#dispatch(head, message.sdp, text);
    if (this.inbox.due)
      this.connection?.send(writeMessage({ type: 'ack', received: this.inbox.acknowledgement() }));
  }

  #unreadable(error: WebProtocolError, text: string): void {
    const seq = readableSeq(text);
    // Without its number nobody can say which messages are still whole.
    if (seq === undefined) return this.fail(error.code, error.message, error.clause);
    // A message that is refused counts as received: sending it again would not mend it.
    const turn = this.inbox.accept(seq);
    if (turn === 'take') this.#refuse(error, seq);
    else if (turn === 'gap') this.fail('out-of-order', `seq ${seq} after ${this.inbox.received}`);
  }

  #dispatch(head: Extract<ClientMessage, { seq: number }>, sdp: string | undefined, text: string): void {
    const leg = 'call' in head ? this.#legs.get(head.call) : undefined;
    // A call's leg is made from its first message; that one is tapped when there is a leg to name it by.
    if (head.type !== 'call') this.#tap('in', text, head.type, leg);
    try {
      if (head.type === 'register') this.#host.register(this, head.name, head.token);
      else if (head.type === 'leave') this.#host.leave(this);
      else if (head.type === 'call') this.#call(head, sdp ?? '', text);
      else if (leg === undefined) this.#unknownCall(head);
      else if (head.type === 'accept') {
        if (sdp !== undefined) leg.take({ type: 'answer', description: open(sdp) });
        leg.take({ type: 'accepted' });
      } else if (head.type === 'transfer' && head.with !== undefined)
        this.#connectBoth(leg, head.target, head.with);
      else leg.take(toSignal(head, sdp));
    } catch (error) {
      if (!(error instanceof WebProtocolError || error instanceof SdpError || error instanceof IceError))
        throw error;
      this.#refuse(error, head.seq, 'call' in head ? head.call : undefined);
    }
  }

  #call(head: Extract<ClientMessage, { type: 'call' }>, sdp: string, text: string): void {
    if (this.user === '') throw new WebProtocolError('not-registered', 'call', 'register a name first');
    if (this.#legs.has(head.call))
      throw new WebProtocolError('bad-message', 'call', 'this call id is in use');
    if (this.#legs.size >= this.#host.callsPerSession) {
      throw new WebProtocolError('too-many', 'call', `at most ${this.#host.callsPerSession} calls at once`);
    }
    const leg = new WebLeg(this, head.call, this.#host.newCallId(), 'caller');
    this.#tap('in', text, head.type, leg);
    const description = open(sdp);
    this.#add(leg);
    leg.take({ type: 'offer', description });
    this.#host.called(this, leg, head.to, head.replaces);
  }

  /** The far sides of two of the page's calls are to speak with each other. */
  #connectBoth(leg: WebLeg, target: string, other: string): void {
    const consulted = this.#legs.get(other);
    if (consulted === undefined || consulted === leg)
      throw new WebProtocolError('unknown-call', 'with', 'no such other call, or it is over');
    leg.take({ type: 'transfer', target, with: consulted.traceCall });
  }

  /** The far side may have ended the call while this message was under way: that is no fault. */
  #unknownCall(head: { type: string; call?: string }): void {
    if (head.type === 'end' || head.type === 'candidates') return;
    throw new WebProtocolError('unknown-call', 'call', 'no such call, or it is over');
  }

  /** Whether a call of the trace's name is one of this page's. */
  isIn(traceCall: string): boolean {
    return [...this.#legs.values()].some((each) => each.traceCall === traceCall);
  }

  /** A leg that rings this page. Its first Signal must be the offer, or ask for one. */
  ring(from: string, traceCall: string, replaces?: string): WebLeg {
    const replaced = [...this.#legs.values()].find((each) => each.traceCall === replaces);
    const leg = new WebLeg(this, this.#host.newCallId(), traceCall, 'callee', from, replaced?.call);
    if (this.#legs.size < this.#host.callsPerSession) this.#add(leg);
    // It never rings: its end waits for who joins it.
    else leg.take({ type: 'end', reason: { code: 'busy', text: 'too many calls at once' } });
    return leg;
  }

  #add(leg: WebLeg): void {
    this.#legs.set(leg.call, leg);
    this.traceCalls.add(leg.traceCall);
    if (this.traceCalls.size > MAX_TRACE_CALLS) this.traceCalls.delete(this.traceCalls.keys().next().value!);
    if (this.#legs.size === 1) this.#host.busyChanged(this);
  }

  release(leg: WebLeg): void {
    if (this.#legs.delete(leg.call) && this.#legs.size === 0) this.#host.busyChanged(this);
  }

  deliver(head: MessageHead, sdp?: string, leg?: WebLeg): void {
    const message = this.#outbox.write(head, this.inbox.acknowledgement(), sdp);
    if (this.#host.tap !== undefined) this.#tap('out', wholeText(message), head.type, leg);
    if (this.#outbox.size > MAX_UNACKNOWLEDGED) {
      if (this.connection !== undefined) this.fail('too-many', 'too many messages unacknowledged');
      // Nobody is there to be told, and what is kept must not grow without end.
      else this.#host.leave(this);
    } else this.connection?.send(message.line, message.sdp);
  }

  /** A connection carries this session from now on; what the page does not have is sent again. */
  attach(connection: Connection, received: number): void {
    const replaced = this.connection;
    this.connection = connection;
    this.#refused = 0;
    replaced?.close('replaced');
    this.#outbox.acknowledge(received);
  }

  /** Sends again what a resumed page does not have. */
  resend(): void {
    for (const { line, sdp } of this.#outbox.unacknowledged()) this.connection?.send(line, sdp);
  }

  /** Ends the connection for a fault. The session may be resumed. */
  fail(code: WebErrorCode, words: string, clause?: string): void {
    const connection = this.connection;
    if (connection === undefined) return;
    this.connection = undefined;
    connection.send(
      writeMessage({ type: 'error', code, text: words, ...(clause !== undefined ? { clause } : {}) }),
    );
    connection.close(code);
  }

  /** The session is over: its calls learn it. */
  end(): void {
    for (const leg of [...this.#legs.values()]) leg.lose();
    this.connection?.close();
    this.connection = undefined;
  }

  #refuse(error: WebProtocolError | SdpError | IceError, seq: number, call?: string): void {
    const code: WebErrorCode =
      error instanceof WebProtocolError
        ? error.code
        : error instanceof SdpError
          ? 'bad-description'
          : 'bad-candidate';
    const place = error instanceof WebProtocolError ? {} : { line: error.line ?? 1, column: error.column };
    this.deliver({
      type: 'error',
      code,
      text: error.message.slice(0, 500),
      clause: error.clause,
      ...place,
      refused: seq,
      ...(call !== undefined ? { call } : {}),
    });
    if (++this.#refused > MAX_REFUSED) this.fail('too-many', 'too many refused messages');
  }

  #tap(direction: 'in' | 'out', text: string, summary: string, leg?: WebLeg, note?: string): void {
    const tap = this.#host.tap;
    if (tap === undefined) return;
    tap({
      at: this.#host.now(),
      node: this.#host.node,
      peer: leg?.node ?? this.user,
      direction,
      protocol: this.connection?.protocol ?? 'ws',
      raw: note !== undefined ? redactAll(text) : SECRETIVE.has(summary) ? redact(text) : text,
      summary,
      ...(leg !== undefined ? { call: leg.traceCall } : {}),
      ...(note !== undefined ? { note } : {}),
    });
  }
}

/** The number of a message that the schema refused, where it can be read at all. */
function readableSeq(text: string): number | undefined {
  try {
    const value: unknown = JSON.parse(text.split('\n', 1)[0] ?? '');
    const seq = (value as { seq?: unknown } | null)?.seq;
    return Number.isSafeInteger(seq) ? (seq as number) : undefined;
  } catch {
    return undefined;
  }
}
