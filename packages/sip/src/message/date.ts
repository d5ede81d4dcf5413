import type { Cursor } from './cursor.ts';

const CLAUSE = 'RFC 3261 section 20.17';
const DATE =
  /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), (\d{2}) (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) (\d{4}) (\d{2}):(\d{2}):(\d{2}) GMT$/;
const MONTHS = 'JanFebMarAprMayJunJulAugSepOctNovDec';

/** Milliseconds since 1970 that a Date header says (RFC 3261 section 20.17: always in GMT). Throws SipSyntaxError. */
export function readDate(cursor: Cursor): number {
  const match = DATE.exec(cursor.text.slice(cursor.at, cursor.end));
  if (match === null) cursor.fail('date-malformed', CLAUSE, 'a date is like Sat, 13 Nov 2010 23:29:00 GMT');
  cursor.at = cursor.end;
  const month = MONTHS.indexOf(match[3]!) / 3;
  return Date.UTC(
    Number(match[4]),
    month,
    Number(match[2]),
    Number(match[5]),
    Number(match[6]),
    Number(match[7]),
  );
}
