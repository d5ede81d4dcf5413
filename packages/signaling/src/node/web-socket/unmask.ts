const HIGH_BITS = 0x80808080;

/** Whether the words of a typed array begin with their lowest byte here, as on every machine Node runs on but a few. */
const LITTLE_ENDIAN = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1;

/**
 * Takes the mask off a payload in place (RFC 6455 section 5.3), four bytes at a time.
 * @param data holds the payload at [from, end); its masking key is the four bytes before `from`
 * @returns whether all of the payload is ASCII
 */
export function unmask(data: Buffer, from: number, end: number): boolean {
  const key = [data[from - 4]!, data[from - 3]!, data[from - 2]!, data[from - 1]!];
  let seen = 0;
  let at = from;
  const aligned = LITTLE_ENDIAN ? Math.min(end, at + ((4 - ((data.byteOffset + at) & 3)) & 3)) : end;
  for (; at < aligned; at++) {
    data[at]! ^= key[(at - from) & 3]!;
    seen |= data[at]!;
  }
  const words = (end - at) >> 2;
  if (words > 0) {
    const phase = at - from;
    const word =
      key[phase & 3]! |
      (key[(phase + 1) & 3]! << 8) |
      (key[(phase + 2) & 3]! << 16) |
      (key[(phase + 3) & 3]! << 24);
    const view = new Int32Array(data.buffer, data.byteOffset + at, words);
    let bits = 0;
    for (let i = 0; i < words; i++) {
      const plain = view[i]! ^ word;
      view[i] = plain;
      bits |= plain;
    }
    if ((bits & HIGH_BITS) !== 0) seen |= 0x80;
    at += words * 4;
  }
  for (; at < end; at++) {
    data[at]! ^= key[(at - from) & 3]!;
    seen |= data[at]!;
  }
  return seen < 0x80;
}
