import { unmask } from './unmask.ts';
import { decodeUtf8 } from './utf8.ts';

const CONTINUATION = 0;
const TEXT = 1;
const BINARY = 2;
const CLOSE = 8;
const PING = 9;
const PONG = 10;

/** What comes of the bytes of one connection. */
export interface FrameEvents {
  /** `ascii`: the text is known to be all ASCII. */
  text(text: string, ascii: boolean): void;
  ping(payload: Buffer): void;
  /** The other side closes; `code` is its status, where it gave one. */
  close(code: number | undefined): void;
  /** The bytes are not what they must be: the connection has to be failed with this status (RFC 6455 section 7.1.7). */
  fault(status: number, words: string): void;
}

/**
 * Reads the frames of a client (RFC 6455 section 5) from the bytes of its connection, without extensions. Takes text only.
 * Nothing is read any more behind a close or a fault.
 */
export class FrameReader {
  readonly #events: FrameEvents;
  readonly #maxPayload: number;
  /** Bytes of a frame that is not whole yet. */
  #rest: Buffer = Buffer.alloc(0);
  #restLength = 0;
  /** The payloads of a message whose last frame is still to come. */
  #fragments: Buffer[] = [];
  #fragmentsLength = 0;
  #inMessage = false;
  #over = false;

  /** @param maxPayload of a message, in bytes, over all its frames */
  constructor(maxPayload: number, events: FrameEvents) {
    this.#maxPayload = maxPayload;
    this.#events = events;
  }

  /** Takes the next bytes. They are changed in place. */
  push(chunk: Buffer): void {
    if (this.#over) return;
    if (this.#restLength === 0) {
      const read = this.#read(chunk);
      if (read < chunk.length && !this.#over) this.#keep(chunk.subarray(read));
      return;
    }
    this.#keep(chunk);
    const whole = this.#rest.subarray(0, this.#restLength);
    const read = this.#read(whole);
    if (read === 0) return;
    this.#rest.copyWithin(0, read, this.#restLength);
    this.#restLength -= read;
    if (this.#restLength === 0) this.#rest = Buffer.alloc(0);
  }

  #keep(bytes: Buffer): void {
    const length = this.#restLength + bytes.length;
    if (length > this.#rest.length) {
      // Room for as much again: what comes byte by byte is not copied each time.
      const grown = Buffer.allocUnsafeSlow(Math.max(length, this.#rest.length * 2));
      this.#rest.copy(grown, 0, 0, this.#restLength);
      this.#rest = grown;
    }
    bytes.copy(this.#rest, this.#restLength);
    this.#restLength = length;
  }

  /** Reads the whole frames in `data` and says how many bytes they were. */
  #read(data: Buffer): number {
    let at = 0;
    while (!this.#over && data.length - at >= 2) {
      const first = data[at]!;
      const second = data[at + 1]!;
      let length = second & 0x7f;
      let payload = at + 6;
      if (length === 126) {
        payload = at + 8;
        if (data.length < at + 4) break;
        length = (data[at + 2]! << 8) | data[at + 3]!;
      } else if (length === 127) {
        payload = at + 14;
        if (data.length < at + 10) break;
        length = data.readUInt32BE(at + 2) * 0x1_0000_0000 + data.readUInt32BE(at + 6);
      }
      if (!this.#allowed(first, second, length)) break;
      const end = payload + length;
      if (end > data.length) break;
      const ascii = unmask(data, payload, end);
      this.#take(first, data, payload, end, ascii);
      at = end;
    }
    return at;
  }

  /** What can be said of a frame by its header, before its payload is waited for. */
  #allowed(first: number, second: number, length: number): boolean {
    const opcode = first & 0x0f;
    const final = first >= 0x80;
    if ((first & 0x70) !== 0) return this.#fault(1002, 'a reserved bit is set (RFC 6455 section 5.2)');
    if (second < 0x80) return this.#fault(1002, 'a frame is not masked (RFC 6455 section 5.1)');
    if (opcode >= CLOSE) {
      if (opcode > PONG) return this.#fault(1002, `unknown opcode ${opcode}`);
      if (!final || length > 125)
        return this.#fault(1002, 'a control frame is fragmented or too long (RFC 6455 section 5.5)');
      return true;
    }
    if (opcode > BINARY) return this.#fault(1002, `unknown opcode ${opcode}`);
    if (opcode === BINARY) return this.#fault(1003, 'binary frames are not taken');
    if ((opcode === CONTINUATION) !== this.#inMessage)
      return this.#fault(1002, 'fragments out of order (RFC 6455 section 5.4)');
    if (this.#fragmentsLength + length > this.#maxPayload) return this.#fault(1009, 'too large');
    return true;
  }

  #fault(status: number, words: string): false {
    this.#over = true;
    this.#events.fault(status, words);
    return false;
  }

  #take(first: number, data: Buffer, from: number, end: number, ascii: boolean): void {
    switch (first & 0x0f) {
      case TEXT:
      case CONTINUATION:
        if (first >= 0x80 && !this.#inMessage) this.#text(data, from, end, ascii);
        else this.#fragment(first >= 0x80, data.subarray(from, end));
        return;
      case PING:
        this.#events.ping(data.subarray(from, end));
        return;
      case CLOSE:
        this.#close(data, from, end);
        return;
    }
  }

  #text(data: Buffer, from: number, end: number, ascii: boolean): void {
    const text = ascii ? data.toString('latin1', from, end) : decodeUtf8(data.subarray(from, end));
    if (text === undefined) this.#fault(1007, 'not UTF-8');
    else this.#events.text(text, ascii);
  }

  #fragment(final: boolean, payload: Buffer): void {
    this.#inMessage = !final;
    // A copy: the bytes it lies in are read over.
    this.#fragments.push(Buffer.from(payload));
    // An empty fragment counts, too, or there could be any number of them.
    this.#fragmentsLength += payload.length + 1;
    if (!final) return;
    const whole = Buffer.concat(this.#fragments);
    this.#fragments = [];
    this.#fragmentsLength = 0;
    this.#text(whole, 0, whole.length, false);
  }

  #close(data: Buffer, from: number, end: number): void {
    if (end - from === 1) {
      this.#fault(1002, 'half a status code');
      return;
    }
    const code = end === from ? undefined : data.readUInt16BE(from);
    if (code !== undefined && !mayBeSent(code)) {
      this.#fault(1002, `status code ${code} may not be sent (RFC 6455 section 7.4)`);
      return;
    }
    if (decodeUtf8(data.subarray(Math.min(end, from + 2), end)) === undefined) {
      this.#fault(1007, 'not UTF-8');
      return;
    }
    this.#over = true;
    this.#events.close(code);
  }
}

function mayBeSent(code: number): boolean {
  if (code >= 3000) return code < 5000;
  return code >= 1000 && code <= 1014 && code !== 1004 && code !== 1005 && code !== 1006;
}
