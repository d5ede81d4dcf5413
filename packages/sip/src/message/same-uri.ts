import type { Params } from './params.ts';
import { isSipUri, isTelUri, parseUri, type SipUri, type TelUri, type Uri } from './uri.ts';

/** Whether two addresses are the same: RFC 3261 section 19.1.4 for sip and sips, RFC 3966 section 4 for tel. */
export function sameUri(a: Uri | string, b: Uri | string): boolean {
  const left = typeof a === 'string' ? parseUri(a) : a;
  const right = typeof b === 'string' ? parseUri(b) : b;
  if (isSipUri(left)) return isSipUri(right) && sameSipUri(left, right);
  if (isTelUri(left)) return isTelUri(right) && sameTelUri(left, right);
  if (isSipUri(right) || isTelUri(right)) return false;
  return left.scheme === right.scheme && left.rest === right.rest;
}

function sameSipUri(a: SipUri, b: SipUri): boolean {
  return (
    a.scheme === b.scheme &&
    a.user === b.user &&
    a.password === b.password &&
    a.host.toLowerCase() === b.host.toLowerCase() &&
    a.port === b.port &&
    sameParams(a.params, b.params, MATTERS_ALONE) &&
    sameHeaders(a, b)
  );
}

// These never match an address without them; any other parameter matters only where both have it.
const MATTERS_ALONE = new Set(['user', 'ttl', 'method', 'maddr', 'transport']);

function sameParams(a: Params, b: Params, alone: ReadonlySet<string> | undefined): boolean {
  return covers(a, b, alone) && covers(b, a, alone);
}

function covers(a: Params, b: Params, alone: ReadonlySet<string> | undefined): boolean {
  // Of a parameter that stands twice the first one counts, as everywhere: baresip 1.0 repeats transport.
  return a.list.every(({ name }) => {
    const other = b.get(name);
    if (other === undefined) return alone !== undefined && !alone.has(name.toLowerCase());
    return a.get(name)!.toLowerCase() === other.toLowerCase();
  });
}

function sameHeaders(a: SipUri, b: SipUri): boolean {
  if (a.headers.length !== b.headers.length) return false;
  const key = ([name, value]: readonly [string, string]) => `${name.toLowerCase()}=${value}`;
  const left = a.headers.map(key).sort();
  const right = b.headers.map(key).sort();
  return left.every((each, at) => each === right[at]);
}

function sameTelUri(a: TelUri, b: TelUri): boolean {
  const digits = (uri: TelUri) => uri.number.replace(/[-.()]/g, '').toLowerCase();
  return digits(a) === digits(b) && sameParams(a.params, b.params, undefined);
}
