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
  if (status !== null) return toPhoneReason(Number(status[1]), status[2] ?? '');
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
  if (/timed out/i.test(words)) return { code: 'no-answer', text: words };
  return { code: call.established ? 'media-failed' : 'protocol-error', text: words };
}
