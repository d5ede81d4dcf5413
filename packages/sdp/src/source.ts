/**
 * A text under reading, with its characters as numbers at the same offsets: reading them from an array is several
 * times faster than charCodeAt. Everything in SDP's grammar is ASCII; any other character is 255 in `codes`.
 */
export interface Source {
  readonly text: string;
  readonly codes: Uint8Array;
}

/** A source in the shared array: a line feed stands behind the text, and four characters can be looked at in one. */
export interface ScratchSource extends Source {
  /** `codes`, four to a number; the order of the four is the machine's. */
  readonly words: Int32Array;
}

const ENCODER = new TextEncoder();
const NOT_ASCII = 255;
const LF = 10;

function fill(text: string, codes: Uint8Array): void {
  // UTF-8 needs one byte a character exactly when all of them are ASCII.
  const { read, written } = ENCODER.encodeInto(text, codes);
  if (read === text.length && written === text.length) return;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    codes[at] = code < 128 ? code : NOT_ASCII;
  }
}

/** The text with codes of its own. */
export function sourceOf(text: string): Source {
  const codes = new Uint8Array(text.length);
  fill(text, codes);
  return { text, codes };
}

let scratch = new Uint8Array(32_768);
let words = new Int32Array(scratch.buffer);
let held: ScratchSource = { text: '', codes: scratch, words };

/**
 * The text with codes in an array shared by all callers: good until the next call, so for synchronous use only.
 * Who asks for the same text again before anyone asked for another finds its codes still there.
 */
export function scratchSource(text: string): ScratchSource {
  if (held.text === text && text !== '') return held;
  // Room behind the text for the line feed and for whole words.
  if (scratch.length < text.length + 8) {
    words = new Int32Array((text.length >> 1) + 4);
    scratch = new Uint8Array(words.buffer);
  }
  fill(text, scratch);
  scratch[text.length] = LF;
  held = { text, codes: scratch, words };
  return held;
}
