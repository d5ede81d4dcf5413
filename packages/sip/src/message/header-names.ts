import type { Source } from './source.ts';

/** A header this library knows by name. */
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

interface Spelling {
  readonly key: string;
  /** The character codes of this spelling in lower case. */
  readonly letters: Uint8Array;
}

const LONGEST = 32;
const KEYS = new Map<string, string>();
const LISTS = new Set<string>();
const NAMES = new Map<string, string>();
// By length and first letter, so that a name is compared with one or two spellings at most.
const SPELLINGS: (Spelling[] | undefined)[] = new Array(LONGEST << 5).fill(undefined);

for (const { name, compact, list } of ROWS) {
  const key = name.toLowerCase();
  NAMES.set(key, name);
  if (list === true) LISTS.add(key);
  for (const spelling of compact === undefined ? [key] : [key, compact]) {
    KEYS.set(spelling, key);
    const letters = Uint8Array.from(spelling, (letter) => letter.charCodeAt(0));
    const slot = (letters.length << 5) | (letters[0]! & 31);
    SPELLINGS[slot] ??= [];
    SPELLINGS[slot].push({ key, letters });
  }
  KEYS.set(name, key);
}

/** The key under which a header is known: its long name in lower case, whatever case or compact form is asked for. */
export function headerKey(name: string): string {
  const known = KEYS.get(name);
  if (known !== undefined) return known;
  const lower = name.toLowerCase();
  return KEYS.get(lower) ?? lower;
}

/** The key of the header name in [from, end). */
export function headerKeyAt({ text, codes }: Source, from: number, end: number): string {
  const length = end - from;
  if (length < LONGEST) {
    const spellings = SPELLINGS[(length << 5) | (codes[from]! & 31)];
    if (spellings !== undefined) {
      for (let at = 0; at < spellings.length; at++) {
        const { key, letters } = spellings[at]!;
        if (isSpelledAt(codes, from, letters)) return key;
      }
    }
  }
  return text.slice(from, end).toLowerCase();
}

function isSpelledAt(codes: Uint8Array, from: number, letters: Uint8Array): boolean {
  for (let at = letters.length - 1; at >= 0; at--) {
    const code = codes[from + at]!;
    const letter = letters[at]!;
    if (code !== letter && (code + 32 !== letter || letter < 97)) return false;
  }
  return true;
}

/** Whether a header's field may hold several values, separated by commas. */
export function isListHeader(key: string): boolean {
  return LISTS.has(key);
}

/** A header's name as it is written. */
export function headerName(key: string): string {
  return NAMES.get(key) ?? key;
}
