/** How the bytes of a head were made text, so that the same bytes can be made of it again. */
export type HeadEncoding = 'utf-8' | 'bytes';

const DECODER = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const ENCODER = new TextEncoder();

/** SIP is UTF-8 (RFC 3261 section 7); bytes that are not become a character each, so that nothing is lost. */
export function decodeHead(bytes: Uint8Array): { text: string; encoding: HeadEncoding } {
  try {
    return { text: DECODER.decode(bytes), encoding: 'utf-8' };
  } catch {
    return { text: bytesText(bytes), encoding: 'bytes' };
  }
}

/** One character per byte. */
export function bytesText(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 4096) {
    text += String.fromCharCode(...bytes.subarray(at, at + 4096));
  }
  return text;
}

/** A value that is put into a head of this encoding. */
export function encodable(value: string, encoding: HeadEncoding): string {
  if (encoding === 'utf-8' || !/[^\0-\x7f]/.test(value)) return value;
  return bytesText(ENCODER.encode(value));
}

/** Head and body as one run of bytes. */
export function encodeHead(text: string, encoding: HeadEncoding, body: Uint8Array): Uint8Array {
  const guess = new Uint8Array(text.length + body.length);
  if (encoding === 'bytes') {
    for (let at = 0; at < text.length; at++) guess[at] = text.charCodeAt(at);
    guess.set(body, text.length);
    return guess;
  }
  const { read, written } = ENCODER.encodeInto(text, guess);
  if (read === text.length && written === text.length) {
    guess.set(body, written);
    return guess;
  }
  const head = ENCODER.encode(text);
  const whole = new Uint8Array(head.length + body.length);
  whole.set(head);
  whole.set(body, head.length);
  return whole;
}
