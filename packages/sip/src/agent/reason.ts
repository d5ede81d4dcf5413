import type { SipMessage } from '../message/message.ts';
import { parseReason, type Reason } from '../message/reason.ts';

/** Another branch answered (RFC 3326 section 2): the losing ones are cancelled with it, and miss no call. */
export const ANSWERED_ELSEWHERE = 'SIP;cause=200;text="Call completed elsewhere"';

/** Every reason of a message. What cannot be read is left out: a reason is a courtesy. */
export function reasonsOf(message: SipMessage): readonly Reason[] {
  const reasons: Reason[] = [];
  for (const value of message.getAll('Reason')) {
    try {
      reasons.push(parseReason(value));
    } catch {
      // Not worth losing a BYE for.
    }
  }
  return reasons;
}
