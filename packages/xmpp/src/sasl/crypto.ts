export type HashName = 'SHA-1' | 'SHA-256';

/** The arithmetic that the server needs, handed in. All sizes in bytes. */
export interface XmppCrypto {
  hash(name: HashName, data: Uint8Array): Uint8Array;
  hmac(name: HashName, key: Uint8Array, data: Uint8Array): Uint8Array;
  /** PBKDF2 with HMAC, as long as the hash (RFC 8018). */
  pbkdf2(name: HashName, password: Uint8Array, salt: Uint8Array, iterations: number): Uint8Array;
  random(size: number): Uint8Array;
  /** Compares without telling by its time where they differ. */
  equal(one: Uint8Array, other: Uint8Array): boolean;
}

const ENCODER = new TextEncoder();

export function utf8(text: string): Uint8Array {
  return ENCODER.encode(text);
}

/** The text of UTF-8 bytes; `undefined` where they are none. */
export function fromUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

export function hex(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0');
  return text;
}

/** RFC 4648 section 4. */
export function base64(bytes: Uint8Array): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}

/** Strictly, as RFC 6120 section 13.9.1 asks: no white space, right padding; `undefined` for anything else. */
export function fromBase64(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return undefined;
  return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
}
