import type { MessageQueue } from '../message-queue.ts';
import type { WrittenMessage } from '../wire.ts';
import { cheapestEncoding } from './known-ascii.ts';

const FIRST_ROOM = 8 * 1024;
/** A queue that grew beyond this gives its room back when it is empty. */
const KEPT_ROOM = 64 * 1024;
/** More than one character of UTF-8 takes. */
const SLACK = 4;

/** Where a message lies: its line in [start, lineEnd), its body, where it has one, in [lineEnd, end). */
interface Place {
  readonly start: number;
  readonly lineEnd: number;
  readonly end: number;
  readonly hasBody: boolean;
}

/**
 * A queue that keeps its messages as bytes. What a thousand sessions keep would else be strings that the garbage
 * collector moves about, just as they are about to be forgotten.
 */
export class ByteQueue implements MessageQueue {
  #bytes: Buffer | undefined;
  #end = 0;
  #places: Place[] = [];
  #first = 0;

  push({ line, sdp }: WrittenMessage): void {
    const characters = line.length + (sdp?.length ?? 0);
    let bytes = this.#room(characters + SLACK);
    const start = this.#end;
    let lineEnd = start + bytes.write(line, start, 'utf8');
    let end =
      sdp === undefined
        ? lineEnd
        : lineEnd + bytes.write(sdp, lineEnd, bytes.length - lineEnd, cheapestEncoding(sdp));
    if (end - start !== characters) {
      // Not ASCII: it takes more bytes than it has characters.
      bytes = this.#room(Buffer.byteLength(line) + (sdp === undefined ? 0 : Buffer.byteLength(sdp)));
      const again = this.#end;
      lineEnd = again + bytes.write(line, again, 'utf8');
      end = sdp === undefined ? lineEnd : lineEnd + bytes.write(sdp, lineEnd, 'utf8');
    }
    this.#places.push({ start: this.#end, lineEnd, end, hasBody: sdp !== undefined });
    this.#end = end;
  }

  shift(): void {
    this.#first++;
    if (this.#first < this.#places.length) return;
    // Emptied one by one: there are few, and to set the length would cost more.
    while (this.#places.length > 0) this.#places.pop();
    this.#first = 0;
    this.#end = 0;
    if (this.#bytes !== undefined && this.#bytes.length > KEPT_ROOM) this.#bytes = undefined;
  }

  list(): WrittenMessage[] {
    const bytes = this.#bytes;
    if (bytes === undefined) return [];
    return this.#places.slice(this.#first).map(({ start, lineEnd, end, hasBody }) => ({
      line: bytes.toString('utf8', start, lineEnd),
      sdp: hasBody ? bytes.toString('utf8', lineEnd, end) : undefined,
    }));
  }

  /** Makes room behind the last message: what is forgotten before the first is given up, or all of it grows. */
  #room(length: number): Buffer {
    const bytes = this.#bytes ?? Buffer.allocUnsafeSlow(Math.max(FIRST_ROOM, length));
    this.#bytes = bytes;
    if (this.#end + length <= bytes.length) return bytes;
    const forgotten = this.#places[this.#first]?.start ?? this.#end;
    const needed = this.#end - forgotten + length;
    // Moving what is kept pays where it is less than half of it, and so is done rarely.
    const target =
      needed * 2 <= bytes.length ? bytes : Buffer.allocUnsafeSlow(Math.max(needed * 2, bytes.length));
    bytes.copy(target, 0, forgotten, this.#end);
    this.#places = this.#places.slice(this.#first).map((place) => ({
      ...place,
      start: place.start - forgotten,
      lineEnd: place.lineEnd - forgotten,
      end: place.end - forgotten,
    }));
    this.#first = 0;
    this.#end -= forgotten;
    this.#bytes = target;
    return target;
  }
}
