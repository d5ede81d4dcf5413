/** Bytes as text of which the same bytes can be made again. */
export interface DecodedBytes {
  readonly text: string;
  /** The bytes of a text in the same encoding. */
  readonly encode: (text: string) => Buffer;
}

/**
 * SDP and SIP are UTF-8 (RFC 8866 section 5, RFC 3261 section 7), and what comes from old equipment is not always. Bytes
 * that are not UTF-8 become a character each, so that nothing is lost either way.
 */
export function decodeBytes(bytes: Uint8Array): DecodedBytes {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return { text, encode: (written) => Buffer.from(written, 'utf8') };
  } catch {
    return {
      text: Buffer.from(bytes).toString('latin1'),
      encode: (written) => Buffer.from(written, 'latin1'),
    };
  }
}
