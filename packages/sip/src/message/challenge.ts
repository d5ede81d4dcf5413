import { type Cursor, cursorOver } from './cursor.ts';
import { type Param, Params, parseParamValue } from './params.ts';
import { quote } from './scan.ts';

/** What an authentication header says: a scheme with its parameters (RFC 3261 section 25.1, RFC 8760). */
export interface AuthValue {
  /** `Digest`, as written. */
  readonly scheme: string;
  /** `get` gives values without quotes; none for a scheme without name=value pairs. */
  readonly params: Params;
}

const CLAUSE = 'RFC 3261 section 25.1';

/** Reads a WWW-Authenticate or Proxy-Authenticate value. Throws SipSyntaxError. */
export function parseChallenge(text: string): AuthValue {
  return readAuth(cursorOver(text));
}

/** Reads an Authorization or Proxy-Authorization value. Throws SipSyntaxError. */
export function parseCredentials(text: string): AuthValue {
  return readAuth(cursorOver(text));
}

export function readAuth(cursor: Cursor): AuthValue {
  cursor.skipSpace();
  const scheme = cursor.token();
  if (scheme === '') cursor.fail('value-malformed', CLAUSE, 'no authentication scheme');
  const list: Param[] = [];
  if (cursor.skipSpace() !== -1) {
    readPair(cursor, list);
    while (cursor.skipSpace() === 44) {
      cursor.at++;
      readPair(cursor, list);
    }
    if (cursor.at < cursor.end)
      cursor.fail('value-malformed', CLAUSE, 'commas part authentication parameters');
  }
  return { scheme, params: new Params(list) };
}

function readPair(cursor: Cursor, list: Param[]): void {
  cursor.skipSpace();
  const name = cursor.token();
  if (name === '' || cursor.skipSpace() !== 61) {
    cursor.fail('value-malformed', CLAUSE, 'an authentication parameter is name=value');
  }
  cursor.at++;
  cursor.skipSpace();
  list.push({ name, value: parseParamValue(cursor, CLAUSE) });
}

// RFC 3261 section 25.1 and RFC 7616 section 3.4: these stand without quotes.
const BARE = new Set(['algorithm', 'stale', 'qop', 'nc']);

/**
 * `Digest name="value", ...`: the values are given plain and quoted where the grammar wants it. A challenge's qop is
 * quoted, credentials' is not: `quotedQop` says which.
 */
export function writeAuth(
  scheme: string,
  params: readonly (readonly [name: string, value: string])[],
  quotedQop = false,
): string {
  const pairs = params.map(([name, value]) => {
    const bare = BARE.has(name.toLowerCase()) && !(quotedQop && name.toLowerCase() === 'qop');
    return `${name}=${bare ? value : quote(value)}`;
  });
  return `${scheme} ${pairs.join(', ')}`;
}
