/** Text from a file or a peer for a terminal: what would move its cursor or hide itself is shown as its code. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (char) =>
    char === '\t' ? ' ' : `\\u{${char.codePointAt(0)!.toString(16)}}`,
  );
}
