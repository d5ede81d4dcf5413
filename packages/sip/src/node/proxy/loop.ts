import type { SipRequest } from '../../message/message.ts';
import type { Tokens } from '../endpoint/tokens.ts';

/**
 * What of a request decides where it goes, as the end of its branch (RFC 3261 section 16.6, step 8): the same request
 * that comes back with the same value loops, with another it only passes twice.
 */
export function loopHash(request: SipRequest): string {
  return `-${fnv(request.uri, request.get('route') ?? '').toString(36)}`;
}

/** Whether this proxy forwarded the very same request before (section 16.3, step 4). */
export function seesLoop(request: SipRequest, tokens: Tokens): boolean {
  let ending: string | undefined;
  let isTop = true;
  for (const { key, text, from, end } of request.fields) {
    if (key !== 'via') continue;
    // On top stands who sent it to us, and on most requests nobody else.
    const value = text.slice(from, end);
    const isOther = !isTop || value.includes(',');
    isTop = false;
    if (!isOther || !tokens.names(value)) continue;
    ending ??= loopHash(request);
    const at = value.indexOf(ending);
    if (at >= 0 && !/[0-9a-z]/.test(value.charAt(at + ending.length))) return true;
  }
  return false;
}

function fnv(...texts: readonly string[]): number {
  let hash = 0x811c9dc5;
  for (const text of texts) {
    for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  }
  return hash >>> 0;
}
