import { type Cursor, cursorOver } from './cursor.ts';
import { quote, quotedEnd, unquote } from './scan.ts';

/** More about a refusal (RFC 3261 section 20.43). */
export interface Warning {
  /** Three digits. */
  readonly code: number;
  readonly agent: string;
  readonly text: string;
}

const CLAUSE = 'RFC 3261 section 20.43';

/** Reads one value of a Warning header. Throws SipSyntaxError. */
export function parseWarning(text: string): Warning {
  return readWarning(cursorOver(text));
}

export function readWarning(cursor: Cursor): Warning {
  cursor.skipSpace();
  const { text, at, end } = cursor;
  const code = /^\d{3} /.test(text.slice(at, at + 4)) ? Number(text.slice(at, at + 3)) : -1;
  if (code < 0) cursor.fail('number-malformed', CLAUSE, 'a warning begins with three digits');
  cursor.at = at + 3;
  cursor.skipSpace();
  const from = cursor.at;
  while (cursor.at < end && cursor.code > 32 && cursor.code !== 34) cursor.at++;
  const agent = text.slice(from, cursor.at);
  if (agent === '' || cursor.skipSpace() !== 34)
    cursor.fail('value-malformed', CLAUSE, 'agent and text follow');
  const stop = quotedEnd(cursor.codes, cursor.at, end);
  if (stop < 0) cursor.fail('quote-unended', CLAUSE, 'the text does not end');
  const words = unquote(text.slice(cursor.at, stop));
  cursor.at = stop;
  return { code, agent, text: words };
}

/** `399 host "text"` */
export function writeWarning({ code, agent, text }: Warning): string {
  return `${code} ${agent} ${quote(text)}`;
}
