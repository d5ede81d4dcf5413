import type { SipMessage } from '@crosspoint/sip';
import { atOnceByDatagram, largeRequests } from '../checks/large-requests.ts';
import { phoneSideOf } from '../evidence.ts';
import { type CallReading, moment } from './call-reading.ts';
import { missed } from './lost-signals.ts';
import { type SipPassage, sipPassages, sipSeenBy } from './sip-passage.ts';
import { type Suspicion, WEIGHT } from './suspicion.ts';

/** What went wrong with messages of SIP between the server and the phone. */
export function suspectWire(reading: CallReading): Suspicion[] {
  const passages = sipPassages(reading.evidence);
  return [
    ...suspectDatagrams(reading),
    ...suspectEarlyFork(reading),
    ...suspectBareCancel(reading),
    ...passages.flatMap((passage) => [
      ...suspectLostRequest(reading, passage),
      ...suspectOtherTag(reading, passage),
      ...suspectContact(reading, passage),
    ]),
  ];
}

function suspectDatagrams({ evidence, check }: CallReading): Suspicion[] {
  if (check.id !== 'large-invite') return [];
  return atOnceByDatagram(largeRequests(evidence)).map(({ entry, bytes }) => ({
    cause: 'mtu',
    clause: 'RFC 3261 section 18.1.1',
    hop: entry.node,
    words: `a request of ${bytes} bytes went by UDP, and no stream had been tried: in a path of smaller packets it disappears`,
    seen: [
      `the ${entry.node} sent ${entry.summary} to the ${entry.peer} by UDP ${moment(evidence, entry.at)}`,
    ],
    weight: WEIGHT.hop,
  }));
}

/** Requests that cannot be left out without that something is left undone. */
const LOST = /^(INVITE|PRACK|UPDATE|INFO|REFER|BYE)$/;

function suspectLostRequest(reading: CallReading, passage: SipPassage): Suspicion[] {
  const { came, message, wentOn, wasAnswered } = passage;
  if (message.kind !== 'request' || wentOn !== undefined || wasAnswered) return [];
  if (!LOST.test(message.method) || reading.judgesEnd !== (message.method === 'BYE')) return [];
  return [
    {
      cause: `${message.method.toLowerCase()}-lost`,
      clause: message.method === 'PRACK' ? 'RFC 3262 section 4' : 'RFC 3261 section 16.6',
      hop: 'proxy',
      words: `${message.method} came to the proxy from the ${came.peer} and never left it`,
      seen: [
        `${message.method} came in ${moment(reading.evidence, came.at)}, and nothing went out for it`,
        ...missed(reading),
      ],
      weight: WEIGHT.hop,
    },
  ];
}

function suspectOtherTag(reading: CallReading, { came, message, wentOn }: SipPassage): Suspicion[] {
  if (message.kind !== 'request' || wentOn === undefined || reading.judgesEnd) return [];
  const [before, after] = [message.to.tag, wentOn.message.to.tag];
  if (before === undefined || before === after) return [];
  return [
    {
      cause: 'dialog-tag-changed',
      clause: 'RFC 3261 sections 12.2.2 and 16.6',
      hop: 'proxy',
      words: `${message.method} within the call reached the ${wentOn.entry.peer} with another To tag: it knows no call of that name`,
      seen: [
        `it came in with tag=${before} ${moment(reading.evidence, came.at)}, and went out with tag=${after ?? 'none'}`,
        ...missed(reading),
      ],
      weight: WEIGHT.hop,
    },
  ];
}

function suspectContact(reading: CallReading, { came, message, wentOn }: SipPassage): Suspicion[] {
  if (wentOn === undefined || message.cseq.method !== 'INVITE') return [];
  const [before, after] = [contactOf(message), contactOf(wentOn.message)];
  if (before === undefined || after === undefined || before === after) return [];
  const failed = sipSeenBy(reading.evidence, 'server').filter(
    (each) =>
      each.message.kind === 'response' && each.message.status >= 400 && each.message.cseq.method === 'BYE',
  );
  return [
    {
      cause: 'contact-unreachable',
      clause: 'RFC 3261 section 8.1.1.8, RFC 5626 section 4.2',
      hop: 'proxy',
      words: `the Contact of the ${came.peer} was changed into ${after}: what is said within the call goes there`,
      seen: [
        `it came in as ${before} ${moment(reading.evidence, came.at)}, and went out as ${after}`,
        ...failed.map(({ entry }) => `${entry.summary} ${moment(reading.evidence, entry.at)}`),
      ],
      weight: WEIGHT.hop + 1,
    },
  ];
}

function contactOf(message: SipMessage): string | undefined {
  return message.contacts[0]?.uri;
}

/** The answer that came before the call was accepted is of another branch than the one that accepted it. */
function suspectEarlyFork(reading: CallReading): Suspicion[] {
  const { evidence } = reading;
  if (reading.judgesEnd) return [];
  const answers = sipSeenBy(evidence, 'server').flatMap(({ entry, message }) =>
    entry.direction === 'in' && message.kind === 'response' && message.cseq.method === 'INVITE'
      ? [{ entry, message, status: message.status, tag: message.to.tag }]
      : [],
  );
  const early = answers.find(
    ({ status, message }) => status > 100 && status < 200 && message.body.length > 0,
  );
  const accepted = answers.find(
    ({ status, message }) => status >= 200 && status < 300 && message.callId === early?.message.callId,
  );
  if (early === undefined || accepted === undefined || early.tag === accepted.tag) return [];
  const isPhones = sipSeenBy(evidence, 'proxy').some(
    ({ entry, message }) => entry.direction === 'in' && message.to.tag === early.tag,
  );
  return [
    {
      cause: 'fork-early',
      clause: 'RFC 3960 section 3.1, RFC 3261 section 13.2.2.4',
      hop: isPhones ? phoneSideOf(evidence) : 'proxy',
      words:
        'the early media that the caller was given are of a branch that lost: another one accepted the call',
      seen: [
        `${early.entry.summary} with a description came from tag=${early.tag} ${moment(evidence, early.entry.at)}`,
        `${accepted.entry.summary} came from tag=${accepted.tag} ${moment(evidence, accepted.entry.at)}`,
        ...(isPhones ? [] : [`no phone said anything as tag=${early.tag}`]),
      ],
      weight: WEIGHT.hop + 1,
    },
  ];
}

/** A branch was cancelled as another had answered, and was not told so. */
function suspectBareCancel({ evidence, check }: CallReading): Suspicion[] {
  if (check.id !== 'forking') return [];
  const cancels = sipSeenBy(evidence, 'proxy').filter(
    ({ message }) => message.kind === 'request' && message.method === 'CANCEL',
  );
  // Who gives up itself owes no reason.
  if (cancels.some(({ entry }) => entry.direction === 'in')) return [];
  return cancels
    .filter(({ message }) => !message.has('Reason'))
    .map(({ entry }) => ({
      cause: 'reason-stripped',
      clause: 'RFC 3326 section 2',
      hop: 'proxy',
      words:
        'the phone that did not answer was not told why it stopped ringing: it takes the call for one that was missed',
      seen: [`CANCEL went to the ${entry.peer} without a Reason ${moment(evidence, entry.at)}`],
      weight: WEIGHT.hop,
    }));
}
