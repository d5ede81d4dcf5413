/** A netstring (`12:hello world!,`). */
export function encodeNetstring(text: string): Buffer {
  const body = Buffer.from(text, 'utf8');
  return Buffer.concat([Buffer.from(`${body.length}:`), body, Buffer.from(',')]);
}

/** Longer ones are not believed. */
const MAX_BYTES = 1_000_000;

/** Cuts a stream into the texts of its netstrings. */
export class NetstringCutter {
  #rest: Buffer = Buffer.alloc(0);

  /** @throws Error where the stream is not made of netstrings */
  take(chunk: Buffer): string[] {
    let rest = Buffer.concat([this.#rest, chunk]);
    const texts: string[] = [];
    for (;;) {
      const colon = rest.indexOf(':');
      if (colon < 0 ? rest.length > 7 : colon > 7) throw new Error('a netstring without a length');
      if (colon < 0) break;
      const digits = rest.toString('latin1', 0, colon);
      const length = Number(digits);
      if (!/^\d+$/.test(digits) || length > MAX_BYTES) throw new Error(`a netstring of length "${digits}"`);
      const end = colon + 1 + length;
      if (rest.length <= end) break;
      if (rest[end] !== 0x2c) throw new Error('a netstring without its comma');
      texts.push(rest.toString('utf8', colon + 1, end));
      rest = rest.subarray(end + 1);
    }
    this.#rest = rest;
    return texts;
  }
}
