import type { MessageQueue } from '../message-queue.ts';
import type { WrittenMessage } from '../wire.ts';
import { cheapestEncoding } from './known-ascii.ts';

const FIRST_ROOM = 8 * 1024;
/** A queue that grew beyond this gives its room back when it is empty. */
const KEPT_ROOM = 64 * 1024;
/** More than one character of UTF-8 takes. */
const SLACK = 4;

/** Stands for where a body begins where there is none. An empty body begins where it ends. */
const NO_BODY = -1;

/**
 * A queue that keeps its messages as bytes. What a thousand sessions keep would else be strings that the garbage
 * collector moves about, just as they are about to be forgotten.
 */
export class ByteQueue implements MessageQueue {
  #bytes: Buffer | undefined;
  /** Where the oldest message begins; the others begin where the one before them ends. */
  #start = 0;
  #end = 0;
  /** Where each message's body begins and where it ends. Numbers beside each other, for an object each would be garbage. */
  #bodies: number[] = [];
  #ends: number[] = [];
  /** The messages that are there have the places [first, last). */
  #first = 0;
  #last = 0;

  push({ line, sdp }: WrittenMessage): void {
    const characters = line.length + (sdp?.length ?? 0);
    let bytes = this.#room(characters + SLACK);
    let start = this.#end;
    let body = start + bytes.write(line, start, 'utf8');
    let end =
      sdp === undefined ? body : body + bytes.write(sdp, body, bytes.length - body, cheapestEncoding(sdp));
    if (end - start !== characters) {
      // Not ASCII: it takes more bytes than it has characters.
      bytes = this.#room(Buffer.byteLength(line) + (sdp === undefined ? 0 : Buffer.byteLength(sdp)));
      start = this.#end;
      body = start + bytes.write(line, start, 'utf8');
      end = sdp === undefined ? body : body + bytes.write(sdp, body, 'utf8');
    }
    this.#bodies[this.#last] = sdp === undefined ? NO_BODY : body;
    this.#ends[this.#last] = end;
    this.#last++;
    this.#end = end;
  }

  shift(): void {
    this.#start = this.#ends[this.#first]!;
    this.#first++;
    if (this.#first < this.#last) return;
    // The places stay as long as they are: to set the length of an array costs more than they do.
    this.#first = 0;
    this.#last = 0;
    this.#start = 0;
    this.#end = 0;
    if (this.#bytes === undefined || this.#bytes.length <= KEPT_ROOM) return;
    this.#bytes = undefined;
    this.#bodies = [];
    this.#ends = [];
  }

  list(): WrittenMessage[] {
    const bytes = this.#bytes;
    const messages: WrittenMessage[] = [];
    let start = this.#start;
    for (let at = this.#first; bytes !== undefined && at < this.#last; at++) {
      const body = this.#bodies[at]!;
      const end = this.#ends[at]!;
      messages.push({
        line: bytes.toString('utf8', start, body === NO_BODY ? end : body),
        sdp: body === NO_BODY ? undefined : bytes.toString('utf8', body, end),
      });
      start = end;
    }
    return messages;
  }

  /** Makes room behind the last message: what is forgotten before the first is given up, or all of it grows. */
  #room(length: number): Buffer {
    const bytes = this.#bytes ?? Buffer.allocUnsafeSlow(Math.max(FIRST_ROOM, length));
    this.#bytes = bytes;
    if (this.#end + length <= bytes.length) return bytes;
    const forgotten = this.#start;
    const needed = this.#end - forgotten + length;
    // Moving what is kept pays where it is less than half of it, and so is done rarely.
    const target =
      needed * 2 <= bytes.length ? bytes : Buffer.allocUnsafeSlow(Math.max(needed * 2, bytes.length));
    bytes.copy(target, 0, forgotten, this.#end);
    const moved = (at: number): number => (at === NO_BODY ? NO_BODY : at - forgotten);
    this.#bodies = this.#bodies.slice(this.#first, this.#last).map(moved);
    this.#ends = this.#ends.slice(this.#first, this.#last).map(moved);
    this.#last -= this.#first;
    this.#first = 0;
    this.#start = 0;
    this.#end -= forgotten;
    this.#bytes = target;
    return target;
  }
}
