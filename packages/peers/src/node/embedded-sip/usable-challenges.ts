/** Lines of a challenge, with those that they are folded into. */
const CHALLENGE = /^(?:WWW|Proxy)-Authenticate[ \t]*:.*\r\n(?:[ \t].*\r\n)*/gim;

/**
 * Leaves out the challenges that SIP.js cannot answer, where there is one that it can. It reads the first alone, and
 * gives up where that is not MD5; a user agent passes over what it does not know (RFC 8760 section 2.4).
 */
export function usableChallenges(text: string): string {
  if (!/^SIP\/2\.0 40[17] /.test(text)) return text;
  const end = text.indexOf('\r\n\r\n') + 2;
  const head = text.slice(0, end);
  if (![...head.matchAll(CHALLENGE)].some(([lines]) => isUsable(lines))) return text;
  return head.replace(CHALLENGE, (lines) => (isUsable(lines) ? lines : '')) + text.slice(end);
}

function isUsable(challenge: string): boolean {
  const algorithm = /[\s,]algorithm\s*=\s*"?([\w-]+)/i.exec(challenge)?.[1];
  return algorithm === undefined || algorithm.toUpperCase() === 'MD5';
}
