import { readNumber } from './cseq.ts';
import type { Cursor } from './cursor.ts';
import type { SipMessage } from './message.ts';
import { type Params, parseParams } from './params.ts';
import { quotedEnd } from './scan.ts';

/** Session-Expires (RFC 4028 section 4). */
export interface SessionExpires {
  readonly seconds: number;
  readonly refresher: 'uac' | 'uas' | undefined;
  readonly params: Params;
}

/** Retry-After (RFC 3261 section 20.33). */
export interface RetryAfter {
  readonly seconds: number;
  readonly params: Params;
}

/** Which provisional response a PRACK is for (RFC 3262 section 7.2). */
export interface RAck {
  readonly responseNumber: number;
  readonly cseqNumber: number;
  readonly method: string;
}

const MOST = 2 ** 32 - 1;

/** Undefined when the message has none. Throws SipSyntaxError. */
export function sessionExpiresOf(message: SipMessage): SessionExpires | undefined {
  return message.read('Session-Expires', readSessionExpires);
}

/** Seconds; undefined when the message has none (RFC 4028 section 5). Throws SipSyntaxError. */
export function minSeOf(message: SipMessage): number | undefined {
  return message.read('Min-SE', readMinSe);
}

/** Undefined when the message has none. Throws SipSyntaxError. */
export function retryAfterOf(message: SipMessage): RetryAfter | undefined {
  return message.read('Retry-After', readRetryAfter);
}

/** Undefined when the message has none. Throws SipSyntaxError. */
export function rackOf(message: SipMessage): RAck | undefined {
  return message.read('RAck', readRack);
}

/** RSeq of a reliable provisional response (RFC 3262 section 7.1). Throws SipSyntaxError. */
export function rseqOf(message: SipMessage): number | undefined {
  return message.read('RSeq', (cursor) =>
    readNumber(cursor, 'number-malformed', 'RFC 3262 section 7.1', MOST),
  );
}

export function readSessionExpires(cursor: Cursor): SessionExpires {
  const clause = 'RFC 4028 section 4';
  const seconds = readNumber(cursor, 'number-malformed', clause, MOST);
  const params = parseParams(cursor, clause);
  const word = params.get('refresher')?.toLowerCase();
  return { seconds, refresher: word === 'uac' || word === 'uas' ? word : undefined, params };
}

export function readMinSe(cursor: Cursor): number {
  const seconds = readNumber(cursor, 'number-malformed', 'RFC 4028 section 5', MOST);
  parseParams(cursor, 'RFC 4028 section 5');
  return seconds;
}

export function readRetryAfter(cursor: Cursor): RetryAfter {
  const clause = 'RFC 3261 section 20.33';
  const seconds = readNumber(cursor, 'number-malformed', clause, MOST);
  if (cursor.skipSpace() === 40) skipComment(cursor, clause);
  return { seconds, params: parseParams(cursor, clause) };
}

function skipComment(cursor: Cursor, clause: string): void {
  let depth = 0;
  for (; cursor.at < cursor.end; cursor.at++) {
    const { code } = cursor;
    if (code === 92) cursor.at++;
    else if (code === 40) depth++;
    else if (code === 41 && --depth === 0) {
      cursor.at++;
      return;
    } else if (code === 34)
      cursor.at = Math.max(cursor.at, quotedEnd(cursor.codes, cursor.at, cursor.end) - 1);
  }
  cursor.fail('value-malformed', clause, 'a comment does not end');
}

export function readRack(cursor: Cursor): RAck {
  const clause = 'RFC 3262 section 7.2';
  const responseNumber = readNumber(cursor, 'number-malformed', clause, MOST);
  const cseqNumber = readNumber(cursor, 'number-malformed', clause, 2 ** 31 - 1);
  cursor.skipSpace();
  const method = cursor.token();
  if (method === '') cursor.fail('value-malformed', clause, 'the RAck names no method');
  return { responseNumber, cseqNumber, method };
}
