import { type Cursor, cursorOver } from './cursor.ts';
import { type Params, parseParams } from './params.ts';
import { quote } from './scan.ts';

/** Why a call ended, in the numbers of a protocol (RFC 3326): `SIP` or `Q.850`. */
export interface Reason {
  readonly protocol: string;
  readonly cause: number | undefined;
  readonly text: string | undefined;
  readonly params: Params;
}

const CLAUSE = 'RFC 3326 section 2';

/** Reads one value of a Reason header; use `message.readAll('Reason', readReason)` for all. Throws SipSyntaxError. */
export function parseReason(text: string): Reason {
  return readReason(cursorOver(text));
}

export function readReason(cursor: Cursor): Reason {
  cursor.skipSpace();
  const protocol = cursor.token();
  if (protocol === '') cursor.fail('value-malformed', CLAUSE, 'a Reason begins with a protocol');
  const params = parseParams(cursor, CLAUSE);
  const cause = params.get('cause');
  if (cause !== undefined && !/^\d{1,9}$/.test(cause)) {
    cursor.fail('number-malformed', CLAUSE, 'the cause is no number');
  }
  return {
    protocol,
    cause: cause === undefined ? undefined : Number(cause),
    text: params.get('text'),
    params,
  };
}

/** `Q.850;cause=16;text="Normal call clearing"` */
export function writeReason(protocol: string, cause: number, text?: string): string {
  return `${protocol};cause=${cause}${text === undefined ? '' : `;text=${quote(text)}`}`;
}
