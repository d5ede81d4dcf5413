// A byte order mark is no part of any message: it stays in the text, and the first line is then no JSON.
const FATAL = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The text of these bytes, or `undefined` where they are no UTF-8. */
export function decodeUtf8(data: Uint8Array): string | undefined {
  try {
    return FATAL.decode(data);
  } catch {
    return undefined;
  }
}
