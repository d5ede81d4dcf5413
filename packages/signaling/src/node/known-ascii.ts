let known: string | undefined;

/** Says that a text is ASCII, by who has looked at its bytes anyway. Only the last one is remembered. */
export function noteAscii(text: string): void {
  known = text;
}

/**
 * How to turn a text into UTF-8: as Latin-1, which is much cheaper, where it is the text last noted to be ASCII. A hub
 * sends on what it just took, and need not look at it again.
 */
export function cheapestEncoding(text: string): 'latin1' | 'utf8' {
  return text === known ? 'latin1' : 'utf8';
}
