/*
 * ITU-T G.711 by the tables it defines: 8 segments of 16 steps a sign. PCM is 16 bits linear; A-law carries
 * its 13 and u-law its 14 most significant bits, so that full scale is full scale.
 */

/** G.711 table 2a: even bits of the A-law character are inverted on the line. */
const A_LAW_INVERSION = 0x55;
/** G.711 table 2b in 14 bits: the bias that makes every u-law segment begin at a power of two. */
const U_LAW_BIAS = 33;

function expandALaw(character: number): number {
  const code = (character ^ A_LAW_INVERSION) & 0x7f;
  const segment = code >> 4;
  const step = ((code & 0x0f) << 4) + 8;
  const magnitude = segment === 0 ? step : (step + 0x100) << (segment - 1);
  return character >= 0x80 ? magnitude : -magnitude;
}

function expandULaw(character: number): number {
  const code = ~character & 0xff;
  const segment = (code >> 4) & 7;
  const magnitude = ((((code & 0x0f) << 1) + U_LAW_BIAS) << segment) - U_LAW_BIAS;
  return character >= 0x80 ? magnitude * 4 : -magnitude * 4;
}

function compressALaw(sample: number): number {
  // One's complement for the negative side: the decision values are symmetrical (G.711 table 1a).
  let code = (sample < 0 ? ~sample : sample) >> 4;
  if (code > 15) {
    let segment = 1;
    while (code > 31) {
      code >>= 1;
      segment += 1;
    }
    code = code - 16 + (segment << 4);
  }
  return (code | (sample < 0 ? 0 : 0x80)) ^ A_LAW_INVERSION;
}

function compressULaw(sample: number): number {
  const magnitude = Math.min(((sample < 0 ? ~sample : sample) >> 2) + U_LAW_BIAS, 0x1fff);
  const segment = 31 - Math.clz32(magnitude) - 5;
  const step = (magnitude >> (segment + 1)) & 0x0f;
  return ~((segment << 4) | step | (sample < 0 ? 0x80 : 0)) & 0xff;
}

const A_LAW_TO_LINEAR = Int16Array.from({ length: 256 }, (_, character) => expandALaw(character));
const U_LAW_TO_LINEAR = Int16Array.from({ length: 256 }, (_, character) => expandULaw(character));
// Indexed by the sample as an unsigned 16-bit number.
const LINEAR_TO_A_LAW = Uint8Array.from({ length: 65536 }, (_, sample) => compressALaw((sample << 16) >> 16));
const LINEAR_TO_U_LAW = Uint8Array.from({ length: 65536 }, (_, sample) => compressULaw((sample << 16) >> 16));

function encode(table: Uint8Array, pcm: Int16Array): Uint8Array {
  const bytes = new Uint8Array(pcm.length);
  for (let at = 0; at < pcm.length; at += 1) bytes[at] = table[pcm[at]! & 0xffff]!;
  return bytes;
}

function decode(table: Int16Array, bytes: Uint8Array): Int16Array {
  const pcm = new Int16Array(bytes.length);
  for (let at = 0; at < bytes.length; at += 1) pcm[at] = table[bytes[at]!]!;
  return pcm;
}

/** 16-bit linear PCM to u-law, one octet a sample (G.711 table 2a/2b; payload type 0 of RFC 3551). */
export const encodePcmu = (pcm: Int16Array): Uint8Array => encode(LINEAR_TO_U_LAW, pcm);

/** u-law to 16-bit linear PCM; full scale is 32124. */
export const decodePcmu = (bytes: Uint8Array): Int16Array => decode(U_LAW_TO_LINEAR, bytes);

/** 16-bit linear PCM to A-law, one octet a sample (G.711 table 1a/1b; payload type 8 of RFC 3551). */
export const encodePcma = (pcm: Int16Array): Uint8Array => encode(LINEAR_TO_A_LAW, pcm);

/** A-law to 16-bit linear PCM; full scale is 32256, the smallest value 8. */
export const decodePcma = (bytes: Uint8Array): Int16Array => decode(A_LAW_TO_LINEAR, bytes);
