import { makeField } from './field.ts';
import { encodeHead } from './head-text.ts';
import { CONTENT_LENGTH } from './known-headers.ts';
import type { SipMessage } from './message.ts';

/**
 * A message as bytes. An unchanged message gives the very bytes it was read from. A changed one keeps every untouched
 * header byte for byte, and its Content-Length is put right (it is added when it is missing).
 */
export function writeMessage(message: SipMessage): Uint8Array {
  return message.bytes ?? encodeHead(writeHead(message), message.encoding, message.body);
}

/** Start line, headers and the empty line as text. */
export function writeHead({ startLine, fields, body }: SipMessage): string {
  const length = body.length;
  let head = startLine;
  let sized = false;
  // Neighbours that still stand in one text are copied as one piece.
  let text = '';
  let from = 0;
  let to = 0;
  for (let at = 0; at < fields.length; at++) {
    let field = fields[at]!;
    if (field.isOf(CONTENT_LENGTH)) {
      if (sized) continue;
      sized = true;
      if (lengthOf(field.text, field.from, field.end) !== length) {
        field = makeField(CONTENT_LENGTH, field.name, String(length));
      }
    }
    if (field.text === text && field.start === to) {
      to = field.next;
      continue;
    }
    if (to > from) head += text.slice(from, to);
    text = field.text;
    from = field.start;
    to = field.next;
  }
  if (to > from) head += text.slice(from, to);
  return sized ? `${head}\r\n` : `${head}Content-Length: ${length}\r\n\r\n`;
}

function lengthOf(text: string, from: number, end: number): number {
  return from === end ? -1 : Number(text.slice(from, end));
}
