/** An XMPP address (RFC 7622): `local@domain/resource`, each part normalised. */
export interface Jid {
  readonly local: string | undefined;
  readonly domain: string;
  readonly resource: string | undefined;
}

/** RFC 7622 sections 3.2 to 3.4: at most 1023 bytes a part. */
const LONGEST = 1023;
/** Controls, spaces and what RFC 7622 section 3.3.1 keeps out of local parts. */
const NOT_LOCAL = /["&'/:<>@\s\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}]/u;
const NOT_RESOURCE = /[\p{Cc}\p{Cs}\p{Cn}\u2028\u2029]/u;
const DOMAIN =
  /^(?:[\p{L}\p{M}\p{N}_](?:[\p{L}\p{M}\p{N}_-]*[\p{L}\p{M}\p{N}_])?)(?:\.[\p{L}\p{M}\p{N}_](?:[\p{L}\p{M}\p{N}_-]*[\p{L}\p{M}\p{N}_])?)*$/u;
const IPV6 = /^\[[0-9a-f:.]+\]$/;
const PLAIN = /^[a-z0-9._-]+$/;

/**
 * Reads an address, or `undefined` where it is none. Case and Unicode forms are normalised as the profiles of RFC 7622
 * have it for what languages without contextual rules need: NFC, and lower case but for the resource.
 */
export function parseJid(text: string): Jid | undefined {
  const slash = text.indexOf('/');
  const bare = slash < 0 ? text : text.slice(0, slash);
  const resource = slash < 0 ? undefined : parseResource(text.slice(slash + 1));
  if (slash >= 0 && resource === undefined) return undefined;
  const at = bare.indexOf('@');
  const local = at < 0 ? undefined : parseLocal(bare.slice(0, at));
  if (at >= 0 && local === undefined) return undefined;
  const domain = parseDomain(bare.slice(at + 1));
  return domain === undefined ? undefined : { local, domain, resource };
}

/** A local part: the user's name (profile UsernameCaseMapped). */
export function parseLocal(text: string): string | undefined {
  if (text.length <= 255 && PLAIN.test(text)) return text;
  const local = text.normalize('NFC').toLowerCase();
  return fits(local) && !NOT_LOCAL.test(local) ? local : undefined;
}

export function parseDomain(text: string): string | undefined {
  const domain = text.normalize('NFC').toLowerCase().replace(/\.$/, '');
  return fits(domain) && (DOMAIN.test(domain) || IPV6.test(domain)) ? domain : undefined;
}

/** A resource (profile OpaqueString). */
export function parseResource(text: string): string | undefined {
  const resource = text.normalize('NFC');
  return fits(resource) && !NOT_RESOURCE.test(resource) ? resource : undefined;
}

export function writeJid(jid: Jid): string {
  return jid.resource === undefined ? bareJid(jid) : `${bareJid(jid)}/${jid.resource}`;
}

/** The address without its resource. */
export function bareJid(jid: Jid): string {
  return jid.local === undefined ? jid.domain : `${jid.local}@${jid.domain}`;
}

function fits(part: string): boolean {
  if (part === '' || part.length > LONGEST) return false;
  return part.length * 3 <= LONGEST || new TextEncoder().encode(part).length <= LONGEST;
}
