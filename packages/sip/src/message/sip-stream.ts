import { type Head, headEndIn, readHead } from './head.ts';
import { DEFAULT_SIP_LIMITS, type SipLimits } from './limits.ts';
import type { SipMessage } from './message.ts';
import { completeMessage } from './parse-message.ts';
import { SipSyntaxError } from './sip-error.ts';

/** What came in on a stream. */
export type StreamEvent =
  | { readonly kind: 'message'; readonly message: SipMessage }
  /** Double CRLF: to be answered with one (RFC 5626 section 3.5.1). */
  | { readonly kind: 'ping' }
  /** The CRLF that answers a ping. */
  | { readonly kind: 'pong' }
  /** Refuse what can be answered. After a `fatal` one the next message cannot be found: close the connection. */
  | { readonly kind: 'error'; readonly error: SipSyntaxError; readonly fatal: boolean };

export interface SipStreamOptions {
  /** Who sends keep-alive pings on this stream: the far side unless told. */
  readonly pings?: 'far' | 'near';
  readonly limits?: SipLimits;
}

/** Finds messages in a stream of bytes by their Content-Length (RFC 3261 section 18.3). Takes linear time. */
export class SipStream {
  readonly #limits: SipLimits;
  readonly #pingsAreFar: boolean;
  #buffer = new Uint8Array(4096);
  // What is not yet read stands in #buffer[#from, #to).
  #from = 0;
  #to = 0;
  // Where the search for the head's end goes on, and what was found of a message whose body is under way.
  #searched = 0;
  #head: Head | undefined;
  #headSize = 0;
  #dead = false;

  constructor({ pings = 'far', limits = DEFAULT_SIP_LIMITS }: SipStreamOptions = {}) {
    this.#limits = limits;
    this.#pingsAreFar = pings === 'far';
  }

  /** Bytes that came in and belong to no whole message yet. */
  get pending(): number {
    return this.#to - this.#from;
  }

  /** Takes the next bytes, cut anywhere. Gives nothing any more after a fatal error. */
  push(bytes: Uint8Array): StreamEvent[] {
    const events: StreamEvent[] = [];
    if (this.#dead) return events;
    this.#keep(bytes);
    while (!this.#dead && this.#step(events));
    return events;
  }

  #keep(bytes: Uint8Array): void {
    const pending = this.#to - this.#from;
    if (this.#to + bytes.length > this.#buffer.length) {
      // Doubled, so that many small pieces are copied a constant number of times.
      const need = pending + bytes.length;
      const target = need * 2 > this.#buffer.length ? new Uint8Array(need * 2) : this.#buffer;
      target.set(this.#buffer.subarray(this.#from, this.#to));
      this.#buffer = target;
      this.#from = 0;
      this.#to = pending;
    }
    this.#buffer.set(bytes, this.#to);
    this.#to += bytes.length;
  }

  // Whether there may be more to read.
  #step(events: StreamEvent[]): boolean {
    if (this.#head === undefined && this.#skipLineEndings(events)) return true;
    const bytes = this.#buffer.subarray(this.#from, this.#to);
    if (bytes.length === 0) return false;
    try {
      return this.#read(bytes, events);
    } catch (error) {
      if (!(error instanceof SipSyntaxError)) throw error;
      this.#dead = true;
      events.push({ kind: 'error', error, fatal: true });
      return false;
    }
  }

  // Whether any were skipped.
  #skipLineEndings(events: StreamEvent[]): boolean {
    const buffer = this.#buffer;
    const at = this.#from;
    if (this.#to - at < 2 || buffer[at] !== 13 || buffer[at + 1] !== 10) return false;
    if (!this.#pingsAreFar) {
      this.#from += 2;
      events.push({ kind: 'pong' });
      return true;
    }
    const left = this.#to - at;
    if (left === 2 || (left === 3 && buffer[at + 2] === 13)) return false;
    const double = buffer[at + 2] === 13 && buffer[at + 3] === 10;
    this.#from += double ? 4 : 2;
    if (double) events.push({ kind: 'ping' });
    return true;
  }

  #read(bytes: Uint8Array, events: StreamEvent[]): boolean {
    if (this.#head === undefined) {
      // A single CRLF, or the first half of a ping.
      const start = bytes[0] === 13 && (bytes.length < 2 || bytes[1] === 10) ? bytes.length : 0;
      if (start > 0) return false;
      const end = headEndIn(bytes, this.#searched, this.#limits);
      if (end < 0) {
        this.#searched = Math.max(0, bytes.length - 3);
        return false;
      }
      this.#searched = 0;
      this.#head = readHead(bytes.slice(0, end), this.#limits);
      this.#headSize = end;
    }
    const head = this.#head;
    const length = head.length ?? 0;
    const unframed = head.length === undefined || length > this.#limits.body;
    if (!unframed && bytes.length < this.#headSize + length) return false;
    const size = this.#headSize + (unframed ? 0 : length);
    this.#head = undefined;
    this.#from += size;
    events.push(this.#complete(head, bytes.slice(0, size)));
    return true;
  }

  #complete(head: Head, bytes: Uint8Array): StreamEvent {
    const headSize = this.#headSize;
    let error: SipSyntaxError | undefined;
    try {
      const message = completeMessage(head, bytes, headSize, this.#limits);
      if (head.length !== undefined) return { kind: 'message', message };
      error = streamFault('content-length-missing', 'no Content-Length on a stream');
      if (message.kind === 'request') error.request = message;
    } catch (caught) {
      if (!(caught instanceof SipSyntaxError)) throw caught;
      error = caught;
      if (error.code === 'body-truncated') {
        const over = streamFault('too-large', `the body is over ${this.#limits.body} bytes`);
        over.request = error.request;
        error = over;
      }
    }
    const fatal = head.length === undefined || head.length > this.#limits.body;
    this.#dead = fatal;
    return { kind: 'error', error, fatal };
  }
}

function streamFault(code: 'content-length-missing' | 'too-large', message: string): SipSyntaxError {
  const place = { line: 1, column: 1, offset: 0 };
  return new SipSyntaxError(code, place, 'RFC 3261 section 18.3', message);
}
