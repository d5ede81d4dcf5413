import { illegalAt } from './characters.ts';

const PREDEFINED: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&apos;': "'",
};

/** A reference that may not stand there. */
export interface BadReference {
  /** Where in the text it begins. */
  readonly at: number;
  readonly what: string;
  /** Whether it names an entity that only a DTD could have declared. */
  readonly entity: boolean;
}

/**
 * Replaces character references and the five entities that need no declaration (RFC 6120 section 11.1). Nothing is
 * expanded twice.
 */
export function decodeReferences(text: string): string | BadReference {
  let from = text.indexOf('&');
  if (from < 0) return text;
  let decoded = '';
  let done = 0;
  for (; from >= 0; from = text.indexOf('&', done)) {
    const end = text.indexOf(';', from);
    // No reference that may stand here is longer than "&#x0010ffff;".
    if (end < 0 || end - from > 12)
      return { at: from, what: 'an "&" that begins no reference', entity: false };
    const reference = text.slice(from, end + 1);
    const value = PREDEFINED[reference] ?? characterOf(reference);
    if (value === undefined) {
      const entity = /^&[A-Za-z_:]/.test(reference);
      return { at: from, what: `the reference ${JSON.stringify(reference)}`, entity };
    }
    decoded += text.slice(done, from) + value;
    done = end + 1;
  }
  return decoded + text.slice(done);
}

function characterOf(reference: string): string | undefined {
  const match = /^&#(?:x([0-9a-fA-F]{1,8})|([0-9]{1,8}));$/.exec(reference);
  if (match === null) return undefined;
  const [, hexadecimal, decimal] = match;
  const code = hexadecimal === undefined ? Number(decimal) : Number.parseInt(hexadecimal, 16);
  if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return undefined;
  const character = String.fromCodePoint(code);
  return illegalAt(character) < 0 ? character : undefined;
}
