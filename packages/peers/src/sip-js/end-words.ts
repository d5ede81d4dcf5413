import { type PhoneReason, toPhoneReason } from '../node/sip-phone/refusal-reason.ts';

/** What a `Reason` header (RFC 3326) says. */
export interface ReasonHeader {
  readonly protocol: string;
  readonly cause: number;
  readonly text: string | undefined;
}

/** Reads a `Reason` header; what cannot be read is none. */
export function readReasonHeader(value: string | undefined): ReasonHeader | undefined {
  const found = /^\s*([\w.]+)\s*;(?:.*;)?\s*cause\s*=\s*(\d+)/i.exec(value ?? '');
  if (found === null) return undefined;
  const text = /;\s*text\s*=\s*"?([^";]*)/i.exec(value ?? '')?.[1];
  return { protocol: found[1]!.toUpperCase(), cause: Number(found[2]), text };
}

/** Why the far side took its call back (RFC 3326 section 3.1). */
export function cancelReason(header: string | undefined): PhoneReason {
  const reason = readReasonHeader(header);
  const text = header === undefined ? {} : { text: header };
  // One of the phones that rang has answered.
  if (reason?.protocol === 'SIP' && reason.cause === 200) return { code: 'answered-elsewhere', ...text };
  if (reason?.protocol === 'SIP' && (reason.cause === 600 || reason.cause === 603)) {
    return { code: toPhoneReason(reason.cause, '').code, ...text };
  }
  return { code: 'cancelled', ...text };
}

/** Why the far side said BYE. */
export function byeReason(header: string | undefined): PhoneReason {
  if (header === undefined) return { code: 'normal' };
  const reason = readReasonHeader(header);
  const isFault = reason?.protocol === 'SIP' && reason.cause >= 300;
  return { code: isFault ? toPhoneReason(reason.cause, '').code : 'normal', text: header };
}

const Q850: Readonly<Record<number, string>> = {
  1: 'not-found',
  17: 'busy',
  18: 'no-answer',
  19: 'no-answer',
  20: 'unavailable',
  21: 'declined',
  22: 'gone',
  28: 'incomplete-number',
  34: 'congestion',
  42: 'congestion',
};

/** Why a call was refused: where the status tells little, a cause of the telephone network (Q.850) tells more. */
export function refusalReason(status: number, phrase: string, header: string | undefined): PhoneReason {
  const plain = toPhoneReason(status, phrase);
  const reason = readReasonHeader(header);
  const isVague = status === 480 || plain.code === 'protocol-error';
  const code = reason?.protocol === 'Q.850' && isVague ? Q850[reason.cause] : undefined;
  const text = header === undefined ? plain.text : `${plain.text}; ${header}`;
  return { code: code ?? plain.code, ...(text === undefined ? {} : { text }) };
}
