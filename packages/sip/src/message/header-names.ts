import { areLettersAt, type Letters, lettersOf } from './held-codes.ts';

/** The name of a header. There is one object for each that this library knows, so that objects are compared. */
export interface HeaderName {
  /** The long name in lower case. */
  readonly key: string;
  /** As it is written. */
  readonly name: string;
  /** Whether several values may stand in one field, separated by commas. */
  readonly isList: boolean;
  readonly isKnown: boolean;
  /** Its number; below `FIRST_PLACES` for those that nearly every message has. */
  readonly place: number;
}

/** The headers up to Content-Type, by which messages are asked again and again. */
export const FIRST_PLACES = 11;

interface HeaderRow {
  /** As it is written. */
  readonly name: string;
  /** The one-letter form (RFC 3261 section 7.3.3 and the headers' own RFCs). */
  readonly compact?: string;
  /** Several values may stand in one field, separated by commas. */
  readonly list?: true;
}

const ROWS: readonly HeaderRow[] = [
  { name: 'Via', compact: 'v', list: true },
  { name: 'From', compact: 'f' },
  { name: 'To', compact: 't' },
  { name: 'Call-ID', compact: 'i' },
  { name: 'CSeq' },
  { name: 'Contact', compact: 'm', list: true },
  { name: 'Max-Forwards' },
  { name: 'Route', list: true },
  { name: 'Record-Route', list: true },
  { name: 'Content-Length', compact: 'l' },
  { name: 'Content-Type', compact: 'c' },
  { name: 'Content-Disposition' },
  { name: 'Content-Encoding', compact: 'e', list: true },
  { name: 'Content-Language', list: true },
  { name: 'Content-ID' },
  { name: 'Accept', list: true },
  { name: 'Accept-Contact', compact: 'a', list: true },
  { name: 'Accept-Encoding', list: true },
  { name: 'Accept-Language', list: true },
  { name: 'Alert-Info', list: true },
  { name: 'Allow', list: true },
  { name: 'Allow-Events', compact: 'u', list: true },
  // Challenges and credentials hold commas of their own.
  { name: 'Authentication-Info' },
  { name: 'Authorization' },
  { name: 'Call-Info', list: true },
  { name: 'Date' },
  { name: 'Diversion', list: true },
  { name: 'Error-Info', list: true },
  { name: 'Event', compact: 'o' },
  { name: 'Expires' },
  { name: 'Flow-Timer' },
  { name: 'History-Info', list: true },
  { name: 'Identity', compact: 'y', list: true },
  { name: 'In-Reply-To', list: true },
  { name: 'Info-Package' },
  { name: 'Join' },
  { name: 'MIME-Version' },
  { name: 'Min-Expires' },
  { name: 'Min-SE' },
  { name: 'Organization' },
  { name: 'P-Asserted-Identity', list: true },
  { name: 'P-Preferred-Identity', list: true },
  { name: 'Path', list: true },
  { name: 'Priority' },
  { name: 'Privacy' },
  { name: 'Proxy-Authenticate' },
  { name: 'Proxy-Authorization' },
  { name: 'Proxy-Require', list: true },
  { name: 'RAck' },
  { name: 'RSeq' },
  { name: 'Reason', list: true },
  { name: 'Recv-Info', list: true },
  { name: 'Refer-Sub' },
  { name: 'Refer-To', compact: 'r' },
  { name: 'Referred-By', compact: 'b' },
  { name: 'Reject-Contact', compact: 'j', list: true },
  { name: 'Replaces' },
  { name: 'Reply-To' },
  { name: 'Request-Disposition', compact: 'd', list: true },
  { name: 'Require', list: true },
  { name: 'Retry-After' },
  { name: 'SIP-ETag' },
  { name: 'SIP-If-Match' },
  { name: 'Server' },
  { name: 'Service-Route', list: true },
  { name: 'Session-Expires', compact: 'x' },
  { name: 'Subject', compact: 's' },
  { name: 'Subscription-State' },
  { name: 'Supported', compact: 'k', list: true },
  { name: 'Target-Dialog' },
  { name: 'Timestamp' },
  { name: 'Unsupported', list: true },
  { name: 'User-Agent' },
  { name: 'Warning', list: true },
  { name: 'WWW-Authenticate' },
];

/** One way in which a header is spelled: its long name or its compact form. */
export interface Spelling {
  readonly header: HeaderName;
  readonly length: number;
  readonly letters: Letters;
}

const COLON = 58;
const KNOWN = new Map<string, HeaderName>();
// By the first two letters: which of the spellings it is, the place of the colon nearly always decides.
const SPELLINGS: (Spelling[] | undefined)[] = new Array(1024).fill(undefined);

for (const [place, { name, compact, list }] of ROWS.entries()) {
  const header = { key: name.toLowerCase(), name, isList: list === true, isKnown: true, place };
  for (const spelling of compact === undefined ? [header.key] : [header.key, compact]) {
    KNOWN.set(spelling, header);
    const slot = slotOf(spelling.charCodeAt(0), spelling.length === 1 ? COLON : spelling.charCodeAt(1));
    SPELLINGS[slot] ??= [];
    SPELLINGS[slot].push({ header, length: spelling.length, letters: lettersOf(spelling) });
  }
  KNOWN.set(name, header);
}

function slotOf(first: number, second: number): number {
  return ((first & 31) << 5) | (second & 31);
}

/** The header of this name, in any case or compact form. */
export function headerNamed(name: string): HeaderName {
  return KNOWN.get(name) ?? headerInLowerCase(name.toLowerCase());
}

function headerInLowerCase(key: string): HeaderName {
  return KNOWN.get(key) ?? { key, name: key, isList: false, isKnown: false, place: ROWS.length };
}

/** The known header whose name begins the line at `from` of the codes held, with the colon directly behind it. */
export function headerAt(codes: Uint8Array, from: number): Spelling | undefined {
  const spellings = SPELLINGS[slotOf(codes[from]!, codes[from + 1]!)];
  if (spellings === undefined) return undefined;
  for (let at = 0; at < spellings.length; at++) {
    const spelling = spellings[at]!;
    if (codes[from + spelling.length] === COLON && areLettersAt(from, spelling.letters)) return spelling;
  }
  return undefined;
}
