import type { AttributeName, AttributeValues } from './attributes/grammar.ts';
import { DEFAULT_LIMITS } from './limits.ts';
import type { AttributeLine, Connection, Line, MediaLine, Origin } from './line.ts';
import { contentEnd } from './line-index.ts';
import { parseLine } from './parse-line.ts';
import { SdpError } from './sdp-error.ts';
import { sourceOf } from './source.ts';
import { writeAttribute, writeLine } from './write.ts';

/** Refuses a value that would break out of its line. Throws SdpError. */
function oneLine(content: string): string {
  for (const bad of ['\n', '\r', '\0']) {
    const at = content.indexOf(bad);
    if (at >= 0) {
      throw new SdpError(
        'control-character',
        1,
        at + 1,
        'RFC 8866 section 9',
        'a value holds a line break or NUL',
      );
    }
  }
  return content;
}

/** An attribute of the grammar as a new line. `ending` is CRLF unless told.
 * Throws SdpError when the value holds a line break. */
export function attributeLine<K extends AttributeName>(
  kind: K,
  value: AttributeValues[K],
  ending = '\r\n',
): AttributeLine {
  const raw = oneLine(writeAttribute(kind, value)) + ending;
  return {
    kind: kind as AttributeName,
    value: value as AttributeValues[AttributeName],
    raw,
  } as AttributeLine;
}

/** An m= line as a new line. */
export function mediaLine(value: MediaLine, ending = '\r\n'): Extract<Line, { kind: 'm' }> {
  return { kind: 'm', value, raw: oneLine(writeLine({ kind: 'm', value, raw: '' })) + ending };
}

/** A c= line as a new line. */
export function connectionLine(value: Connection, ending = '\r\n'): Extract<Line, { kind: 'c' }> {
  return { kind: 'c', value, raw: oneLine(writeLine({ kind: 'c', value, raw: '' })) + ending };
}

/** An o= line as a new line. */
export function originLine(value: Origin, ending = '\r\n'): Extract<Line, { kind: 'o' }> {
  return { kind: 'o', value, raw: oneLine(writeLine({ kind: 'o', value, raw: '' })) + ending };
}

/**
 * Any one line from its text, with or without an ending (CRLF is added where it is missing).
 * Throws SdpError when it is not one line of SDP.
 */
export function lineFrom(text: string): Line {
  const raw = text.endsWith('\n') ? text : `${text}\r\n`;
  const end = contentEnd(raw, 0, raw.length);
  const tooLong = raw.length > DEFAULT_LIMITS.lineLength;
  const single =
    raw.indexOf('\n') === raw.length - 1 && !raw.slice(0, end).includes('\r') && !raw.includes('\0');
  if (tooLong || !single || end < 2 || raw.charCodeAt(1) !== 61) {
    throw new SdpError('line-malformed', 1, 1, 'RFC 8866 section 5', 'not one line of the form letter=value');
  }
  return parseLine(sourceOf(raw), 0, end, raw.length, 0);
}
