import { standsAt } from './scan.ts';
import { type Source, sourceOf } from './source.ts';

// Methods, and transports of Via.
const WORDS = [
  ...['INVITE', 'ACK', 'BYE', 'CANCEL', 'REGISTER', 'OPTIONS', 'PRACK', 'UPDATE', 'INFO', 'REFER', 'NOTIFY'],
  ...['SUBSCRIBE', 'MESSAGE', 'PUBLISH', 'UDP', 'TCP', 'TLS', 'WS', 'WSS'],
];
const SLOTS: (Source | undefined)[] = new Array(512).fill(undefined);
for (const text of WORDS) {
  const word = sourceOf(text);
  SLOTS[slotOf(word.codes, 0, text.length)] = word;
}

// No two of the words share one.
function slotOf(codes: Uint8Array, from: number, end: number): number {
  return (((end - from) & 15) << 5) | ((codes[from]! * 2 + codes[end - 1]!) & 31);
}

/** The word source[from, end), which is not empty; what stands in nearly every message is not made anew. */
export function wordAt({ text, codes }: Source, from: number, end: number): string {
  const word = SLOTS[slotOf(codes, from, end)];
  if (word !== undefined && word.text.length === end - from && standsAt(codes, from, word.codes)) {
    return word.text;
  }
  return text.slice(from, end);
}
