import { type Cursor, cursorOver } from './cursor.ts';
import type { SipMessage } from './message.ts';
import { type NameAddr, readNameAddr } from './name-addr.ts';
import { type Params, parseParams } from './params.ts';
import { isSpace } from './scan.ts';
import { isSipUri, parseUri } from './uri.ts';

/** The dialog that a new call takes over (RFC 3891 section 6.1). */
export interface Replaces {
  readonly callId: string;
  readonly toTag: string;
  readonly fromTag: string;
  readonly earlyOnly: boolean;
  readonly params: Params;
}

/** Where a REFER points (RFC 3515). Undefined when the message has none. Throws SipSyntaxError. */
export function referToOf(message: SipMessage): NameAddr | undefined {
  return message.read('Refer-To', readNameAddr);
}

/** RFC 3892. Undefined when the message has none. Throws SipSyntaxError. */
export function referredByOf(message: SipMessage): NameAddr | undefined {
  return message.read('Referred-By', readNameAddr);
}

/** Undefined when the message has none. Throws SipSyntaxError. */
export function replacesOf(message: SipMessage): Replaces | undefined {
  return message.read('Replaces', readReplaces);
}

/** The dialog that an attended transfer's Refer-To address wants replaced (`?Replaces=...`). Throws SipSyntaxError. */
export function replacesInUri(text: string): Replaces | undefined {
  const uri = parseUri(text);
  if (!isSipUri(uri)) return undefined;
  const header = uri.headers.find(([name]) => name.toLowerCase() === 'replaces');
  return header === undefined ? undefined : parseReplaces(header[1]);
}

/** Reads a Replaces value. Throws SipSyntaxError. */
export function parseReplaces(text: string): Replaces {
  return readReplaces(cursorOver(text));
}

const CLAUSE = 'RFC 3891 section 6.1';

export function readReplaces(cursor: Cursor): Replaces {
  cursor.skipSpace();
  const from = cursor.at;
  while (cursor.at < cursor.end && cursor.code !== 59 && !isSpace(cursor.code)) cursor.at++;
  const callId = cursor.text.slice(from, cursor.at);
  const params = parseParams(cursor, CLAUSE);
  const toTag = params.get('to-tag');
  const fromTag = params.get('from-tag');
  if (callId === '' || toTag === undefined || fromTag === undefined) {
    cursor.fail('value-malformed', CLAUSE, 'Replaces has a Call-ID, a to-tag and a from-tag');
  }
  return { callId, toTag, fromTag, earlyOnly: params.has('early-only'), params };
}

/** `call-id;to-tag=...;from-tag=...` */
export function writeReplaces({
  callId,
  toTag,
  fromTag,
}: Pick<Replaces, 'callId' | 'toTag' | 'fromTag'>): string {
  return `${callId};to-tag=${toTag};from-tag=${fromTag}`;
}
