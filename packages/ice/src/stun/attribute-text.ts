const tolerant = new TextDecoder('utf-8', { ignoreBOM: true });
const exact = new TextDecoder('utf-8', { ignoreBOM: true, fatal: true });

/** The text of `bytes[start..end)`. Bytes that are not UTF-8 come out as U+FFFD; `isUtf8` tells. */
export function decodeText(b: Uint8Array, start: number, end: number): string {
  // STUN's texts are short ASCII nearly always: the host's decoder costs more than it does, and so does one
  // character at a time.
  let text = '';
  let bits = 0;
  let i = start;
  for (; i + 8 <= end; i += 8) {
    bits |= b[i]! | b[i + 1]! | b[i + 2]! | b[i + 3]! | b[i + 4]! | b[i + 5]! | b[i + 6]! | b[i + 7]!;
    text += String.fromCharCode(
      b[i]!,
      b[i + 1]!,
      b[i + 2]!,
      b[i + 3]!,
      b[i + 4]!,
      b[i + 5]!,
      b[i + 6]!,
      b[i + 7]!,
    );
  }
  for (; i + 4 <= end; i += 4) {
    bits |= b[i]! | b[i + 1]! | b[i + 2]! | b[i + 3]!;
    text += String.fromCharCode(b[i]!, b[i + 1]!, b[i + 2]!, b[i + 3]!);
  }
  for (; i < end; i++) {
    bits |= b[i]!;
    text += String.fromCharCode(b[i]!);
  }
  return bits > 0x7f ? tolerant.decode(b.subarray(start, end)) : text;
}

export function isUtf8(bytes: Uint8Array): boolean {
  try {
    exact.decode(bytes);
    return true;
  } catch {
    return false;
  }
}
