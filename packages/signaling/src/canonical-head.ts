import type { ClientMessage } from './protocol.ts';
import type { MessageHead } from './wire.ts';

/** The messages that have nothing but their call and their numbers in their heads. */
type PlainType = 'offer' | 'answer' | 'accept' | 'ringing';
const OPENINGS = (['offer', 'answer', 'accept', 'ringing'] as const).map((type) => ({
  type,
  opening: `{"type":"${type}","call":"`,
}));
const BEFORE_SEQ = '","seq":';
const BEFORE_ACK = ',"ack":';
const MAX_CALL = 64;
/** So many digits are always a safe integer. */
const MAX_DIGITS = 15;
const QUOTE = 34;
const ZERO = 48;
const CLOSING_BRACE = 125;

/** Which characters a call id may have. */
const IN_CALL_ID = new Uint8Array(128);
for (const letter of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-')
  IN_CALL_ID[letter.charCodeAt(0)] = 1;

/** The opening of a head with these fields and no others, or `undefined` where it is none of the most frequent ones. */
function openingOf(head: MessageHead): string | undefined {
  for (const field in head) if (field !== 'type' && field !== 'call') return undefined;
  for (const { type, opening } of OPENINGS) if (type === head.type) return opening;
  return undefined;
}

/**
 * A numbered head as `JSON.stringify` writes it, where it is one of the most frequent ones; anything else is `undefined`
 * and left to that one.
 */
export function writeCanonicalHead(head: MessageHead, seq: number, ack: number): string | undefined {
  const opening = openingOf(head);
  const { call } = head;
  if (opening === undefined || typeof call !== 'string') return undefined;
  for (let at = 0; at < call.length; at++) {
    const code = call.charCodeAt(at);
    if (!(code < 128) || IN_CALL_ID[code] !== 1) return undefined;
  }
  return `${opening}${call}${BEFORE_SEQ}${seq}${BEFORE_ACK}${ack}}`;
}

/** Where the last number ended; one number is read at a time. */
let numberEnd = 0;

/** The number of JSON that begins at `from`, without sign, point and exponent; -1 where there is none. */
function numberAt(text: string, from: number): number {
  let at = from;
  let value = 0;
  for (;;) {
    const digit = text.charCodeAt(at) - ZERO;
    if (!(digit >= 0 && digit <= 9)) break;
    value = value * 10 + digit;
    at++;
  }
  numberEnd = at;
  const digits = at - from;
  if (digits === 0 || digits > MAX_DIGITS) return -1;
  return digits > 1 && text.charCodeAt(from) === ZERO ? -1 : value;
}

/**
 * The head at text[0, end), where it is one of the most frequent ones and written as `JSON.stringify` writes it with its
 * fields in the order type, call, seq, ack. Anything else is `undefined`: that says nothing about it.
 */
export function readCanonicalHead(text: string, end: number): ClientMessage | undefined {
  for (const { type, opening } of OPENINGS) {
    if (text.startsWith(opening)) return readBehind(text, type, opening.length, end);
  }
  return undefined;
}

function readBehind(
  text: string,
  type: PlainType,
  callStart: number,
  end: number,
): ClientMessage | undefined {
  let at = callStart;
  for (;;) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) break;
    if (!(code < 128) || IN_CALL_ID[code] !== 1 || at - callStart >= MAX_CALL) return undefined;
    at++;
  }
  if (at === callStart || !text.startsWith(BEFORE_SEQ, at)) return undefined;
  const seq = numberAt(text, at + BEFORE_SEQ.length);
  if (seq < 1 || !text.startsWith(BEFORE_ACK, numberEnd)) return undefined;
  const ack = numberAt(text, numberEnd + BEFORE_ACK.length);
  if (ack < 0 || numberEnd !== end - 1 || text.charCodeAt(numberEnd) !== CLOSING_BRACE) return undefined;
  return { type, call: text.slice(callStart, at), seq, ack };
}
