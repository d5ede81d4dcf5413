import type { Cursor } from './cursor.ts';
import { type Params, parseParams } from './params.ts';

const CLAUSE = 'RFC 3261 section 20.15';

/** A media type with its parameters. */
export interface MediaType {
  /** `application/sdp`, in lower case. */
  readonly type: string;
  readonly params: Params;
}

export function readMediaType(cursor: Cursor): MediaType {
  cursor.skipSpace();
  const main = cursor.token();
  if (main === '' || cursor.skipSpace() !== 47) cursor.fail('value-malformed', CLAUSE, 'not a media type');
  cursor.at++;
  cursor.skipSpace();
  const sub = cursor.token();
  if (sub === '') cursor.fail('value-malformed', CLAUSE, 'a media type has no subtype');
  return { type: `${main}/${sub}`.toLowerCase(), params: parseParams(cursor, CLAUSE) };
}
