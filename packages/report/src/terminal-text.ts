/** Escape sequences, or none of them, for one kind of emphasis. */
export interface Palette {
  readonly passed: (text: string) => string;
  readonly failed: (text: string) => string;
  readonly unsupported: (text: string) => string;
  readonly broken: (text: string) => string;
  readonly faint: (text: string) => string;
  readonly strong: (text: string) => string;
}

const ESC = '\u001b[';

/** The colours of a terminal (ECMA-48 SGR), or plain text. */
export function paletteOf(color: boolean): Palette {
  const sgr =
    (code: string) =>
    (text: string): string =>
      color ? `${ESC}${code}m${text}${ESC}0m` : text;
  return {
    passed: sgr('32'),
    failed: sgr('31'),
    unsupported: sgr('2'),
    broken: sgr('33'),
    faint: sgr('2'),
    strong: sgr('1'),
  };
}

/** Text from a peer made harmless: control characters would move the cursor or recolour the screen. */
export function plain(text: string): string {
  return text
    .replace(/\s+/gu, ' ')
    .replace(/[\p{Cc}\p{Cf}]/gu, (char) => `\\u{${char.codePointAt(0)!.toString(16)}}`)
    .trim();
}

/**
 * Words broken into lines of at most `width` columns; a word longer than a line is left whole, so that a
 * command or an id can be copied.
 */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of plain(text).split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return line === '' ? lines : [...lines, line];
}

/** Wrapped text behind a label that stands in a column of its own. */
export function labelled(label: string, text: string, width: number, indent = 2, column = 7): string[] {
  const room = Math.max(20, width - indent - column);
  return wrap(text, room).map(
    (line, index) => `${' '.repeat(indent)}${(index === 0 ? label : '').padEnd(column)}${line}`,
  );
}
