import { type Cursor, cursorOver } from './cursor.ts';
import { tokenEnd } from './scan.ts';
import { wordAt } from './words.ts';

/** Order and method of a request (RFC 3261 section 20.16). */
export interface CSeq {
  readonly number: number;
  readonly method: string;
}

const CLAUSE = 'RFC 3261 section 20.16';

/** Reads a CSeq value. Throws SipSyntaxError. */
export function parseCSeq(text: string): CSeq {
  return readCSeq(cursorOver(text));
}

export function readCSeq(cursor: Cursor): CSeq {
  const number = readNumber(cursor, 'cseq-malformed', CLAUSE, 2 ** 31 - 1);
  cursor.skipSpace();
  const from = cursor.at;
  cursor.at = tokenEnd(cursor.codes, from, cursor.end);
  if (cursor.at === from) cursor.fail('cseq-malformed', CLAUSE, 'the CSeq names no method');
  const method = wordAt(cursor.source, from, cursor.at);
  if (cursor.skipSpace() !== -1) cursor.fail('cseq-malformed', CLAUSE, 'text behind the method of the CSeq');
  return { number, method };
}

/** An unsigned decimal up to `most`. */
export function readNumber(
  cursor: Cursor,
  code: 'cseq-malformed' | 'number-malformed' | 'content-length-malformed',
  clause: string,
  most: number,
): number {
  cursor.skipSpace();
  const from = cursor.at;
  const value = cursor.number();
  if (value < 0 || value > most) {
    cursor.at = from;
    cursor.fail(code, clause, `not a number from 0 to ${most}`);
  }
  return value;
}
