const tolerant = new TextDecoder('utf-8', { ignoreBOM: true });
const exact = new TextDecoder('utf-8', { ignoreBOM: true, fatal: true });

/** The text of `bytes[start..end)`. Bytes that are not UTF-8 come out as U+FFFD; `isUtf8` tells. */
export function decodeText(bytes: Uint8Array, start: number, end: number): string {
  // STUN's texts are short ASCII nearly always, for which the host's decoder costs more than it does.
  let text = '';
  for (let i = start; i < end; i++) {
    const byte = bytes[i]!;
    if (byte > 0x7f) return tolerant.decode(bytes.subarray(start, end));
    text += String.fromCharCode(byte);
  }
  return text;
}

export function isUtf8(bytes: Uint8Array): boolean {
  try {
    exact.decode(bytes);
    return true;
  } catch {
    return false;
  }
}
