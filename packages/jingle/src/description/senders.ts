import type { Direction } from '@crosspoint/sdp';

/** Which side of the session somebody is (XEP-0166 section 4). */
export type JingleRole = 'initiator' | 'responder';

/** Who sends in a content (XEP-0166 section 7.3). */
export type Senders = 'both' | 'initiator' | 'none' | 'responder';

export function otherRole(role: JingleRole): JingleRole {
  return role === 'initiator' ? 'responder' : 'initiator';
}

/** Who sends, where the side `role` wrote this direction: senders name the sides, a direction depends on who says it. */
export function toSenders(direction: Direction, role: JingleRole): Senders {
  switch (direction) {
    case 'sendrecv':
      return 'both';
    case 'inactive':
      return 'none';
    case 'sendonly':
      return role;
    case 'recvonly':
      return otherRole(role);
  }
}

/** The direction that the side `role` would write for these senders. */
export function fromSenders(senders: Senders, role: JingleRole): Direction {
  switch (senders) {
    case 'both':
      return 'sendrecv';
    case 'none':
      return 'inactive';
    default:
      return senders === role ? 'sendonly' : 'recvonly';
  }
}

export function isSenders(word: string): word is Senders {
  return word === 'both' || word === 'initiator' || word === 'none' || word === 'responder';
}
