import {
  digits,
  endingAs,
  missing,
  reading,
  saying,
  silent,
  type Tamper,
  telling,
  tracing,
  without,
} from './tampering.ts';

/** A good call that was recorded, made bad in the way that a check is there to find. For tests only. */
export interface TamperedRecording {
  readonly check: string;
  /** By its name among the recorded calls. */
  readonly recording: string;
  /** What is wrong now. */
  readonly how: string;
  readonly tamper: Tamper;
  /** What the check must say. */
  readonly reason: string;
}

const DIGITS_GONE_WRONG = [
  ['a digit is lost', digits((all) => all.slice(1)), 'got 590*#5 in place of 1590*#5'],
  ['a digit comes twice', digits((all) => [all[0]!, ...all]), 'got 11590*#5 in place of 1590*#5'],
  ['two digits change places', digits(([a, b, ...more]) => [b!, a!, ...more]), 'got 5190*#5'],
  ['none comes', digits(() => []), 'got no digit in place of 1590*#5'],
  [
    'digits last six times too long',
    digits((all) => all.map((each) => ({ ...each, durationMs: 960 }))),
    'digits of 160 ms came out as 960, 960',
  ],
] as const;

/** The check, who connects both, who was held, and the side of who connects: a phone calls in both recordings. */
const ATTENDED = [
  ['transfer-attended', 'page', 'phone', 'callee'],
  ['transfer-attended-by-phone', 'phone', 'page', 'caller'],
] as const;

const tampered = (
  check: string,
  recording: string,
  how: string,
  tamper: Tamper,
  reason: string,
): TamperedRecording => ({ check, recording: `phones/${recording}`, how, tamper, reason });

/** What is said is of the check; what is heard is of the call. */
export const TAMPERED_RECORDINGS: readonly TamperedRecording[] = [
  tampered(
    'unknown-name',
    'unknown-name',
    'it ends as busy',
    endingAs('caller', 'busy'),
    'learned busy in place',
  ),
  tampered(
    'registration',
    'registration',
    'a wrong password registers',
    missing('wrong-password', 'a wrong password registered it'),
    'callee: a wrong password registered it',
  ),
  tampered(
    'registration',
    'registration',
    'a wrong password is no refusal',
    saying('wrong-password', '503'),
    'a wrong password was answered with 503',
  ),
  tampered(
    'registration',
    'registration',
    'the right password does not register',
    without('right-password'),
    'the right password did not register',
  ),
  tampered(
    'stranger-refused',
    'stranger',
    'the phone rings',
    saying('stranger', 'registrar 180', 'registrar 403'),
    "a stranger's INVITE was not refused: registrar 180",
  ),
  tampered(
    'stranger-refused',
    'stranger',
    'the registrar keeps silent',
    saying('stranger', 'registrar said nothing', 'registrar 403'),
    'registrar said nothing',
  ),
  tampered(
    'stranger-refused',
    'stranger',
    'nobody tries',
    without('stranger'),
    "the registrar's door was not tried",
  ),
  tampered(
    'early-media',
    'early-media',
    'the announcement is silence',
    silent('early'),
    'before the answer the caller heard silence',
  ),
  tampered(
    'early-media',
    'early-media',
    'silence follows the announcement',
    silent('media', 'callee'),
    'after the answer: the callee heard silence',
  ),
  tampered(
    'reliable-provisional',
    'early-media',
    'the 183 asks for nothing',
    reading(() => true, /^Require:.*\r\n/im, ''),
    'no provisional response asked to be confirmed',
  ),
  tampered(
    'reliable-provisional',
    'early-media',
    'nobody sends PRACK',
    tracing((each) => (each.summary.includes('PRACK') ? undefined : each)),
    'there was no PRACK',
  ),
  tampered(
    'reliable-provisional',
    'early-media',
    'PRACK is refused',
    tracing((each) =>
      each.summary === '200 OK (PRACK)'
        ? { ...each, summary: '481 Call/Transaction Does Not Exist (PRACK)' }
        : each,
    ),
    'PRACK was not answered with 200',
  ),
  tampered(
    'late-offer',
    'late-offer',
    'the INVITE has an offer all the same',
    without('late-offer'),
    'there was no INVITE without an offer',
  ),
  tampered('late-offer', 'late-offer', 'no call comes', missing('late-offer', '488'), 'caller: 488'),
  tampered(
    'late-offer',
    'late-offer',
    'the answer of the ACK is lost',
    silent('media', 'callee'),
    'the callee heard silence',
  ),
  ...(['caller', 'callee'] as const).flatMap((from) =>
    DIGITS_GONE_WRONG.map(([how, wrong, reason]) =>
      tampered(`dtmf-from-${from}`, 'digits', how, wrong(from === 'caller' ? 'callee' : 'caller'), reason),
    ),
  ),
  tampered(
    'session-refresh',
    'digits',
    'the phone refuses the refresh',
    missing('refresh', 'INVITE was answered 481'),
    'callee: INVITE was answered 481',
  ),
  tampered(
    'session-refresh',
    'digits',
    'nobody refreshes',
    without('refresh'),
    'the session was not refreshed',
  ),
  tampered(
    'session-refresh',
    'digits',
    'silence follows the refresh',
    silent('after-refresh', 'caller'),
    'after the refresh: the caller heard silence',
  ),
  tampered(
    'transfer-by-web',
    'transfer-by-web',
    'the third hears nothing',
    silent('third'),
    'the third did not hear the phone',
  ),
  tampered(
    'transfer-by-web',
    'transfer-by-web',
    'the phone hears nothing',
    silent('transferred'),
    'the phone did not hear the third',
  ),
  tampered(
    'transfer-by-web',
    'transfer-by-web',
    'the page learns a failure',
    endingAs('callee', 'media-failed'),
    'the page learned media-failed in place of a normal end',
  ),
  tampered(
    'transfer-by-phone',
    'transfer-by-phone',
    'the third hears nothing',
    silent('third'),
    'the third did not hear the page',
  ),
  tampered(
    'transfer-by-phone',
    'transfer-by-phone',
    'the page hears nothing',
    silent('transferred'),
    'the page did not hear the third',
  ),
  tampered(
    'transfer-by-phone',
    'transfer-by-phone',
    'the phone is not told how it went, and stays in the call',
    telling('caller', (events) => events.filter(({ event }) => event !== 'ended')),
    'the phone learned none in place of a normal end',
  ),
  ...ATTENDED.flatMap(([check, by, other, sender]) =>
    (
      [
        [
          'the third does not hear who asks it',
          silent('consulted'),
          `before the transfer the ${sender} heard silence`,
        ],
        [
          'the new call does not name the one that it is to replace',
          reading(({ summary }) => summary === 'INVITE', /^Replaces:.*\r\n/im, ''),
          'no call took the place of the one with the third',
        ],
        ['the third hears nothing after', silent('third'), `the third did not hear the ${other}`],
        ['who was held hears nothing after', silent('transferred'), `the ${other} did not hear the third`],
        [
          'one of the two calls ends in a failure',
          endingAs(sender, 'media-failed'),
          `the ${by} learned media-failed in place of a normal end`,
        ],
        [
          'who connected both stays in its calls',
          telling(sender, (events) => events.filter(({ event }) => event !== 'ended')),
          `the ${by} learned none in place of a normal end`,
        ],
      ] as const
    ).map(([how, wrong, reason]) => tampered(check, check, how, wrong, reason)),
  ),
  tampered(
    'media-encrypted',
    'call',
    'an answer is in clear',
    reading(({ summary }) => summary === 'answer', /UDP\/TLS\/RTP\/SAVPF/g, 'RTP/AVP'),
    "media in clear on the page's side: 1-callee-answer-out: m=audio RTP/AVP",
  ),
  tampered(
    'media-encrypted',
    'call',
    'an answer has no fingerprint',
    reading(({ summary }) => summary === 'answer', /^a=fingerprint:.*\r?\n/gim, ''),
    "media in clear on the page's side: 1-callee-answer-out: m=audio UDP/TLS/RTP/SAVPF",
  ),
  tampered(
    'media-encrypted',
    'call',
    'no answer comes',
    tracing((each) => (each.protocol === 'ws' && each.summary !== 'call' ? undefined : each)),
    'the page saw no offer with its answer',
  ),
  tampered(
    'media-encrypted',
    'call',
    'an answer cannot be read',
    reading(({ summary }) => summary === 'answer', /^m=audio .*$/gm, 'm=audio'),
    'not to be read: 1-callee-answer-out',
  ),
  tampered(
    'large-invite',
    'call',
    'it goes by UDP at once',
    tracing((each) => (each.protocol === 'sip/ws' ? { ...each, protocol: 'sip' } : each)),
    'a request of 6801 bytes went by UDP at once',
  ),
  tampered(
    'large-invite',
    'call',
    'the second goes by UDP, the first having gone by a stream',
    tracing((each) =>
      each.protocol === 'sip/ws' && each.raw.length < 6000 ? { ...each, protocol: 'sip' } : each,
    ),
    'a request of 5417 bytes went by UDP at once',
  ),
  tampered(
    'large-invite',
    'call-without-tcp',
    'nobody tried TCP, which the phone has not',
    tracing((each) => (each.protocol === 'sip/tcp' ? undefined : each)),
    'a request of 6766 bytes went by UDP at once',
  ),
  tampered(
    'large-invite',
    'call',
    'none is large',
    tracing((each) => (each.raw.length > 1300 ? undefined : each)),
    'no request was large',
  ),
  tampered(
    'refusals',
    'refusals',
    'busy comes as not available',
    saying('refuse-486', 'unavailable'),
    '486 came as unavailable in place of busy',
  ),
  tampered('refusals', 'refusals', 'one was not tried', without('refuse-603'), '603: not tried'),
  tampered(
    'not-registered',
    'not-registered',
    'the phone seems unknown',
    endingAs('caller', 'not-found'),
    'the caller learned not-found in place of unavailable',
  ),
  tampered(
    'forking',
    'forking',
    'the other phone shows a missed call',
    saying('fork', 'cancelled'),
    'the other phone learned cancelled in place of answered-elsewhere',
  ),
  tampered(
    'forking',
    'forking',
    'the other phone never rings',
    missing('fork', 'no incoming call within 8 s'),
    'callee: no incoming call within 8 s',
  ),
  tampered(
    'forking',
    'forking',
    'the one that answered is not heard',
    silent('media', 'caller'),
    'the caller heard silence',
  ),
  tampered(
    'cancel-race',
    'cancel-race',
    'the callee is left with a call',
    telling('callee', (events) => events.filter(({ event }) => event !== 'ended')),
    'the callee still had a call',
  ),
  tampered(
    'cancel-race',
    'cancel-race',
    'nobody was rung',
    telling('callee', () => []),
    'the callee was never rung',
  ),
];
