import { randomBytes } from 'node:crypto';

/** An unguessable NMTOKEN, for sessions and stanzas (XEP-0166 section 6.2). */
export function newId(): string {
  return `j${randomBytes(12).toString('hex')}`;
}
