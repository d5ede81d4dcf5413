/** A text with the codes of its characters beside it: bytes are read several times faster than characters. */
export interface Source {
  readonly text: string;
  /** At least as long as the text; a character above 255 stands as 255, which is no delimiter of anything. */
  readonly codes: Uint8Array;
}

export function sourceOf(text: string): Source {
  const codes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) {
    codes[at] = Math.min(text.charCodeAt(at), 255);
  }
  return { text, codes };
}
