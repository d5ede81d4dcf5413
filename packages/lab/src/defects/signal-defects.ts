import type { Side } from '../evidence.ts';
import type { Defect } from './defect.ts';
import { lose, misread } from './signal-change.ts';

const answerLost: Defect = {
  id: 'answer-lost',
  title: 'The answer is lost on the way; that the call was accepted arrives.',
  seen: 'Both sides say that they are in a call, and neither hears the other.',
  clause: 'RFC 3264 section 5',
  scenario: 'call',
  check: 'audio',
  change: () => {
    let answered = false;
    return (signal) => {
      if (signal.type !== 'answer' || answered) return [signal];
      answered = true;
      return [];
    };
  },
};

const acceptLost: Defect = {
  id: 'accept-lost',
  title: 'The answer arrives, and that the call was accepted does not.',
  seen: 'The caller sees it ring for ever while the callee speaks.',
  clause: 'RFC 3261 section 13.2.2.4',
  scenario: 'call',
  check: 'audio',
  change: lose((signal) => signal.type === 'accepted'),
};

const byeLost: Defect = {
  id: 'bye-lost',
  title: 'The end of the call is lost on the way.',
  seen: 'The far side never hangs up.',
  clause: 'RFC 3261 section 15, RFC 5626 section 4.2',
  scenario: 'call',
  check: 'hang-up-caller',
  change: lose((signal) => signal.type === 'end' && signal.reason.code === 'normal'),
};

const hangUpAsFailure: Defect = {
  id: 'hang-up-as-failure',
  title: 'A normal end arrives as a failure of the media.',
  seen: 'The history is full of failures that were none.',
  clause: 'RFC 3398 section 8.2.6.1, XEP-0166 section 7.4',
  scenario: 'audio-call',
  check: 'hang-up-callee',
  change: misread((code) => code === 'normal', 'media-failed'),
};

const cancelLost: Defect = {
  id: 'cancel-lost',
  title: 'The caller gives up, and the callee is not told.',
  seen: 'A ghost rings: who accepts it speaks to nobody.',
  clause: 'RFC 3261 section 9, XEP-0353 section 5.3',
  scenario: 'cancel',
  check: 'cancel',
  change: lose((signal) => signal.type === 'end' && signal.reason.code === 'cancelled'),
};

const reasonLost: Defect = {
  id: 'reason-lost',
  title: 'Every end arrives as a protocol error, whatever it was.',
  seen: 'Who declined seems to have crashed.',
  clause: 'XEP-0166 section 7.4',
  scenario: 'decline',
  check: 'decline',
  change: misread(() => true, 'protocol-error'),
};

const busyAsUnavailable: Defect = {
  id: 'cause-wrong',
  title: 'A cause is mapped wrongly: busy arrives as unavailable.',
  seen: 'The caller hears the wrong announcement and calls again at once.',
  clause: 'RFC 3398 section 8.2.6.1',
  scenario: 'busy',
  check: 'busy',
  change: misread((code) => code === 'busy', 'unavailable'),
};

const noAnswerLost: Defect = {
  id: 'no-answer-lost',
  title: 'The time to answer runs out, and the caller is not told.',
  seen: 'It rings at the caller for ever, and no more at the callee.',
  clause: 'RFC 3261 section 13.3.1.1',
  scenario: 'no-answer',
  check: 'no-answer',
  change: lose(
    (signal, from) => signal.type === 'end' && signal.reason.code === 'no-answer' && from === 'callee',
  ),
};

const reofferLost: Defect = {
  id: 'offer-lost',
  title: "The callee's offers are lost, as by a server that keeps nothing for who is away.",
  seen: 'Who was without a connection for a moment never learns what changed meanwhile.',
  clause: 'docs/web-protocol.md, Numbers',
  scenario: 'audio-call',
  check: 'resume',
  change: lose((signal, from) => signal.type === 'offer' && from === 'callee'),
};

const glareAnswerLost: Defect = {
  id: 'glare-unanswered',
  title: 'Two offers cross, and the answer to the one that wins is lost.',
  seen: 'After both change something at once, nothing can be changed any more.',
  clause: 'RFC 9429 section 4.1.10.2, RFC 3264 section 4',
  scenario: 'audio-call',
  check: 'glare',
  change: () => {
    let open: Side | undefined;
    let crossed = false;
    return (signal, from) => {
      if (signal.type === 'offer') {
        crossed = open !== undefined && open !== from;
        open = from;
      } else if (signal.type === 'answer' || signal.type === 'refuse') {
        open = undefined;
        if (crossed && signal.type === 'answer') {
          crossed = false;
          return [];
        }
      }
      return [signal];
    };
  },
};

export const SIGNAL_DEFECTS: readonly Defect[] = [
  answerLost,
  acceptLost,
  byeLost,
  hangUpAsFailure,
  cancelLost,
  reasonLost,
  busyAsUnavailable,
  noAnswerLost,
  reofferLost,
  glareAnswerLost,
];
