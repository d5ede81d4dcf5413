const ENCODER = new TextEncoder();
const DECODER = new TextDecoder();
const CAPACITY = 16_384;
/** From here on the encoder's one call costs less than a look at each character. */
const LONG = 32;
const ZERO = 48;

/**
 * Text in the making, the counterpart of a source: the characters are put into an array and become one flat string at
 * the end, which costs a fraction of joining pieces that are flattened when they are sent. The array holds ASCII only,
 * as nearly all of SDP is; any other piece is joined as the string it is.
 */
export class Sink {
  readonly #codes = new Uint8Array(CAPACITY);
  #length = 0;
  // What did not fit into the array, or is not ASCII.
  #before = '';

  /** Appends one ASCII character. */
  code(code: number): void {
    if (this.#length === CAPACITY) this.#flush();
    this.#codes[this.#length++] = code;
  }

  /** Appends ASCII characters, not more than the array takes. */
  codes(added: Uint8Array): void {
    const { length } = added;
    if (this.#length + length > CAPACITY) this.#flush();
    const codes = this.#codes;
    const start = this.#length;
    for (let at = 0; at < length; at++) codes[start + at] = added[at]!;
    this.#length = start + length;
  }

  /** Appends any text. */
  text(text: string): void {
    const { length } = text;
    if (length >= LONG) {
      this.#long(text);
      return;
    }
    if (this.#length + length > CAPACITY) this.#flush();
    const codes = this.#codes;
    const start = this.#length;
    let seen = 0;
    for (let at = 0; at < length; at++) {
      const code = text.charCodeAt(at);
      seen |= code;
      codes[start + at] = code;
    }
    if (seen < 128) this.#length = start + length;
    else this.#join(text);
  }

  /** Appends a number as `String` writes it. */
  number(value: number): void {
    // 32 bits at most, so that the division stays one of whole numbers.
    if (value >>> 0 !== value) {
      this.text(String(value));
      return;
    }
    let digits = 1;
    for (let limit = 10; limit <= value; limit *= 10) digits++;
    if (this.#length + digits > CAPACITY) this.#flush();
    const codes = this.#codes;
    const start = this.#length;
    let rest = value;
    for (let at = start + digits - 1; at >= start; at--) {
      const tenth = (rest / 10) >>> 0;
      codes[at] = ZERO + rest - tenth * 10;
      rest = tenth;
    }
    this.#length = start + digits;
  }

  /** All that was appended. */
  take(): string {
    this.#flush();
    return this.#before;
  }

  /** Forgets what was appended. */
  clear(): void {
    this.#before = '';
    this.#length = 0;
  }

  #long(text: string): void {
    const { length } = text;
    if (this.#length + length > CAPACITY) this.#flush();
    const { read, written } = ENCODER.encodeInto(text, this.#codes.subarray(this.#length));
    // UTF-8 needs one byte a character exactly when all of them are ASCII.
    if (read === length && written === length) this.#length += length;
    else this.#join(text);
  }

  #join(text: string): void {
    this.#flush();
    this.#before += text;
  }

  #flush(): void {
    if (this.#length === 0) return;
    this.#before += DECODER.decode(this.#codes.subarray(0, this.#length));
    this.#length = 0;
  }
}

const scratch = new Sink();

/** The sink shared by all callers, emptied: good until the next call, so for synchronous use only. */
export function scratchSink(): Sink {
  scratch.clear();
  return scratch;
}
