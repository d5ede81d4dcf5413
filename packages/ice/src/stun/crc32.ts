// Eight tables: table k advances a byte that is followed by k others, so that eight bytes cost eight independent loads.
const tables = buildTables();

function buildTables(): Int32Array {
  const t = new Int32Array(8 * 256);
  for (let n = 0; n < 256; n++) {
    let c = n;
    for (let bit = 0; bit < 8; bit++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
    t[n] = c;
  }
  for (let i = 256; i < t.length; i++) {
    const before = t[i - 256]!;
    t[i] = t[before & 0xff]! ^ (before >>> 8);
  }
  return t;
}

/**
 * CRC-32 of `bytes[start..end)` as ISO 3309 / ITU-T V.42 define it, unsigned.
 * `seed` is the result for what stands before, so that parts can be summed one after the other.
 */
export function crc32(bytes: Uint8Array, start = 0, end: number = bytes.length, seed = 0): number {
  let c = ~seed;
  let i = start;
  for (const wide = end - 7; i < wide; i += 8) {
    c =
      tables[1792 + ((c ^ bytes[i]!) & 0xff)]! ^
      tables[1536 + (((c >>> 8) ^ bytes[i + 1]!) & 0xff)]! ^
      tables[1280 + (((c >>> 16) ^ bytes[i + 2]!) & 0xff)]! ^
      tables[1024 + ((c >>> 24) ^ bytes[i + 3]!)]! ^
      tables[768 + bytes[i + 4]!]! ^
      tables[512 + bytes[i + 5]!]! ^
      tables[256 + bytes[i + 6]!]! ^
      tables[bytes[i + 7]!]!;
  }
  for (; i < end; i++) c = tables[(c ^ bytes[i]!) & 0xff]! ^ (c >>> 8);
  return ~c >>> 0;
}

/**
 * CRC-32 of `bytes[0..end)` with the first four bytes taken from `firstWord` instead: a STUN message is summed with
 * a length field that differs from the one on the wire, and the wire's bytes must not be touched.
 */
export function crc32WithFirstWord(bytes: Uint8Array, end: number, firstWord: number): number {
  let c = -1;
  c = tables[(c ^ (firstWord >>> 24)) & 0xff]! ^ (c >>> 8);
  c = tables[(c ^ (firstWord >>> 16)) & 0xff]! ^ (c >>> 8);
  c = tables[(c ^ (firstWord >>> 8)) & 0xff]! ^ (c >>> 8);
  c = tables[(c ^ firstWord) & 0xff]! ^ (c >>> 8);
  return crc32(bytes, 4, end, ~c);
}
