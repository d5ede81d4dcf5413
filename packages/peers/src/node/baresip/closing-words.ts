import { type PhoneReason, toPhoneReason } from '../sip-phone/refusal-reason.ts';

/** What was known of the call when it ended. */
export interface ClosedCall {
  readonly direction: 'incoming' | 'outgoing' | undefined;
  readonly established: boolean;
  /** The far side's last `Reason` header (RFC 3326), in the call's last message. */
  readonly reasonHeader: string | undefined;
}

/** The reason behind the words with which baresip closes a call. */
export function closingReason(words: string, call: ClosedCall): PhoneReason {
  const status = /^(\d{3}) ?(.*)$/.exec(words);
  if (status !== null) {
    // 480 says too little by itself (RFC 3398 section 7.2.4.1): the cause beside it tells nobody from nobody home.
    const unanswered = /Q\.850\s*;\s*cause\s*=\s*1[89]\b/i.test(call.reasonHeader ?? '');
    if (status[1] === '480' && unanswered) return { code: 'no-answer', text: status[2] ?? '' };
    return toPhoneReason(Number(status[1]), status[2] ?? '');
  }
  if (words === 'Connection reset by user') {
    if (call.established) return { code: 'normal' };
    return { code: call.direction === 'incoming' ? 'busy' : 'cancelled' };
  }
  if (words === 'Connection reset by peer') {
    const text = call.reasonHeader;
    if (call.established) return text === undefined ? { code: 'normal' } : { code: 'normal', text };
    const elsewhere = text !== undefined && /cause\s*=\s*200\b/.test(text);
    return { code: elsewhere ? 'answered-elsewhere' : 'cancelled', ...(text === undefined ? {} : { text }) };
  }
  // Who it sent on is there: so it spells it.
  if (words === 'Call transfered') return { code: 'normal', text: words };
  if (/timed out/i.test(words)) return { code: 'no-answer', text: words };
  return { code: call.established ? 'media-failed' : 'protocol-error', text: words };
}
