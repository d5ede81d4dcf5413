import { lineFrom, lineText, type MediaDescription, mapMedia, replaceLine } from '@crosspoint/sdp';
import type { Signal } from '@crosspoint/signaling';
import type { Defect } from './defect.ts';
import { changeDescriptions } from './description-change.ts';
import { toClear } from './dtls-defects.ts';
import { lose, misread } from './signal-change.ts';

function otherEventClock(media: MediaDescription): MediaDescription {
  let changed = media;
  media.lines.forEach((line, index) => {
    const text = lineText(line);
    const other = text.replace(/(telephone-event)\/\d+/i, '$1/16000');
    if (other !== text) changed = replaceLine(changed, index, lineFrom(other));
  });
  return changed;
}

const earlyLost: Defect = {
  id: 'early-lost',
  title: 'The description of a 183 is kept back until the call is accepted.',
  seen: 'The caller hears no announcement.',
  clause: 'RFC 3960 section 3.2',
  scenario: 'early-media',
  check: 'early-media',
  change: () => {
    let kept: Signal | undefined;
    let accepted = false;
    return (signal, from) => {
      if (from !== 'callee' || accepted) return [signal];
      if (signal.type === 'answer') {
        kept = signal;
        return [];
      }
      if (signal.type !== 'accepted') return [signal];
      accepted = true;
      return kept === undefined ? [signal] : [kept, signal];
    };
  },
};

const eventClock: Defect = {
  id: 'te-clock',
  title: "Telephone-events are announced at a clock that is not the codec's.",
  seen: 'Digits are lost, or last many times too long.',
  clause: 'RFC 4733 section 2.1',
  scenario: 'digits',
  check: 'dtmf-from-caller',
  change: changeDescriptions({ type: 'answer', exchange: 'first' }, (description) =>
    mapMedia(description, otherEventClock),
  ),
};

const eventClockOffered: Defect = {
  id: 'te-clock-offered',
  cause: 'te-clock',
  title: "Telephone-events are offered at a clock that is not the codec's.",
  seen: 'The called side has no event that it may send: its digits never come.',
  clause: 'RFC 4733 section 2.1',
  scenario: 'digits',
  check: 'dtmf-from-callee',
  change: changeDescriptions({ type: 'offer', exchange: 'first' }, (description) =>
    mapMedia(description, otherEventClock),
  ),
};

const eventDuration: Defect = {
  id: 'te-duration',
  title: 'The durations of digits are counted at 48 kHz where 8 kHz were agreed.',
  seen: 'Each digit is six times as long as it was dialled.',
  clause: 'RFC 4733 section 2.3.5',
  scenario: 'digits',
  check: 'dtmf-from-caller',
  impair: { side: 'caller', what: 'long-digits' },
};

const lateInClear: Defect = {
  id: 'late-offer-ack',
  cause: 'dtls-missing',
  title: 'The answer to a late offer, which an ACK brings, is passed by in the translation: plain RTP/AVP.',
  seen: 'The browser refuses the answer; were it to take it, media would be in clear.',
  clause: 'RFC 3264 section 6.1, RFC 8827 section 6.5',
  scenario: 'late-offer',
  check: 'late-offer',
  change: changeDescriptions({ type: 'answer', exchange: 'first' }, toClear),
};

const answerInClear: Defect = {
  id: 'dtls-missing-answer',
  cause: 'dtls-missing',
  title: 'The answer comes as plain RTP/AVP, without a fingerprint.',
  seen: 'The browser refuses the answer; were it to take it, media would be in clear.',
  clause: 'RFC 8827 section 6.5',
  scenario: 'call',
  check: 'media-encrypted',
  change: changeDescriptions({ type: 'answer', exchange: 'first' }, toClear),
};

const transferLost: Defect = {
  id: 'transfer-lost',
  title: 'The word that the far side is to call a third is lost on the way.',
  seen: 'Who was sent on stays where it was, and the third never rings.',
  clause: 'RFC 3515 section 2.4.2',
  scenario: 'transfer-by-web',
  check: 'transfer-by-web',
  change: lose((signal) => signal.type === 'transfer'),
};

const statusFlattened: Defect = {
  id: 'status-flattened',
  cause: 'cause-wrong',
  title: 'A status of the phone is mapped wrongly: an incomplete number arrives as not available.',
  seen: 'The caller tries again later in place of dialling the rest.',
  clause: 'RFC 3261 section 21.4.22, RFC 3398 section 8.2.6.1',
  scenario: 'refusals',
  check: 'refusals',
  change: misread((code) => code === 'incomplete-number', 'unavailable'),
};

const unavailableAsUnknown: Defect = {
  id: 'unavailable-as-unknown',
  cause: 'cause-wrong',
  title: 'A phone that is off arrives as one that does not exist.',
  seen: 'The caller strikes a number out that is right.',
  clause: 'RFC 3261 section 21.4.18',
  scenario: 'not-registered',
  check: 'not-registered',
  change: misread((code) => code === 'unavailable', 'not-found'),
};

const cancelRace: Defect = {
  id: 'cancel-race',
  cause: 'cancel-lost',
  title: 'A CANCEL that crosses the 200 is taken for done: no BYE follows.',
  seen: 'The callee is left with a call that the caller knows nothing of.',
  clause: 'RFC 3261 sections 9.1 and 15',
  scenario: 'cancel-race',
  check: 'cancel-race',
  change: lose((signal, from) => signal.type === 'end' && from === 'caller'),
};

/** What goes wrong between a page and a SIP phone alone. */
export const PHONE_DEFECTS: readonly Defect[] = [
  earlyLost,
  eventClock,
  eventClockOffered,
  eventDuration,
  answerInClear,
  lateInClear,
  transferLost,
  statusFlattened,
  unavailableAsUnknown,
  cancelRace,
];
