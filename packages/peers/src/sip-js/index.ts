// What a program on SIP.js needs besides it, in Node and in a page.
export type { PhoneReason } from '../node/sip-phone/refusal-reason.ts';
export { byeReason, cancelReason, refusalReason } from './end-words.ts';
export { reinvite } from './reinvite.ts';
