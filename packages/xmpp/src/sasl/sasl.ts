import { parseLocal } from '../address/jid.ts';
import { fromUtf8 } from './crypto.ts';

/** The conditions of RFC 6120 section 6.5 that the server answers with. */
export type SaslCondition =
  | 'aborted'
  | 'encryption-required'
  | 'incorrect-encoding'
  | 'invalid-authzid'
  | 'invalid-mechanism'
  | 'malformed-request'
  | 'not-authorized';

export type SaslRefusal = { readonly kind: 'refused'; readonly condition: SaslCondition };

export function refused(condition: SaslCondition): SaslRefusal {
  return { kind: 'refused', condition };
}

/** Whether a user may act as who they ask to be: only as themselves. `authzid` is a bare JID or nothing. */
export function actsAsSelf(authzid: string, user: string, domain: string): boolean {
  return authzid === '' || authzid.toLowerCase() === `${user}@${domain}`;
}

/** Reads a PLAIN message (RFC 4616 section 2). */
export function parsePlain(
  bytes: Uint8Array,
): { readonly authzid: string; readonly user: string; readonly password: string } | undefined {
  const parts = fromUtf8(bytes)?.split('\0');
  if (parts === undefined || parts.length !== 3) return undefined;
  const [authzid = '', name = '', password = ''] = parts;
  const user = parseLocal(name);
  return user === undefined || password === '' ? undefined : { authzid, user, password };
}
