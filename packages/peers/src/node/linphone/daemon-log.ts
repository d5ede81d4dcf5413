import { type PhoneReason, toPhoneReason } from '../sip-phone/refusal-reason.ts';

/** Names of mediastreamer's filters for a codec, without `Enc` and `Dec`. */
const FILTERS: Readonly<Record<string, string>> = { MSUlaw: 'PCMU', MSAlaw: 'PCMA', MSOpus: 'opus' };

/**
 * Why a call came to nothing, as the messages in linphone's log say: its commands do not tell. `log`: from before the
 * call's first message.
 */
export function readRefusal(log: string, incoming: boolean): PhoneReason {
  if (incoming) {
    const at = log.lastIndexOf('\nCANCEL sip:');
    const reasons = at < 0 ? undefined : reasonsIn(log.slice(at + 1));
    return reasons !== undefined && /cause\s*=\s*200\b/.test(reasons)
      ? { code: 'answered-elsewhere', text: reasons }
      : { code: 'cancelled' };
  }
  const last = [...log.matchAll(/SIP\/2\.0 ([3-6]\d\d) ([^\r\n]*)[\s\S]*?CSeq: \d+ INVITE/g)]
    .filter((each) => each[1] !== '407' && each[1] !== '401')
    .at(-1);
  return last === undefined
    ? { code: 'protocol-error' }
    : toPhoneReason(Number(last[1]), last[2] ?? '', reasonsIn(log.slice(last.index)));
}

/** The last answer to a REGISTER, as `401 Unauthorized`. */
export function readRegistration(log: string): string | undefined {
  const answers = [
    ...log.matchAll(/^SIP\/2\.0 (\d{3} [^\r\n]*)(?:\r?\n[^\r\n]+)*?\r?\nCSeq: \d+ REGISTER/gm),
  ];
  return answers.at(-1)?.[1];
}

/** The Reason headers of the message that the text begins with. */
function reasonsIn(text: string): string | undefined {
  const end = text.search(/\r?\n\r?\n/);
  const values = [...text.slice(0, end < 0 ? text.length : end).matchAll(/^Reason: *(.*?)\r?$/gm)];
  return values.length === 0 ? undefined : values.map((each) => each[1]).join(', ');
}

/**
 * The codecs between which and RTP linphone has put its media graph last: what it sends and what it takes. `call-stats`
 * would tell them too, but ends the program in a call without video.
 */
export function readCodecs(log: string): { readonly sent?: string; readonly received?: string } {
  const last = (pattern: RegExp): string | undefined => FILTERS[[...log.matchAll(pattern)].at(-1)?.[1] ?? ''];
  const sent = last(/ms_filter_link: (MS\w+)Enc:\w+,\d-->MSRtpSend:/g);
  const received = last(/ms_filter_link: MSRtpRecv:\w+,\d-->(MS\w+)Dec:/g);
  return { ...(sent === undefined ? {} : { sent }), ...(received === undefined ? {} : { received }) };
}

/** What came of the DTLS handshake (RFC 5764); `undefined` before its end. */
export function readHandshake(log: string): 'secured' | 'wrong-fingerprint' | undefined {
  if (log.includes('DTLS Handshake successful but fingerprints differ')) return 'wrong-fingerprint';
  return log.includes('secrets are on for this stream') ? 'secured' : undefined;
}
