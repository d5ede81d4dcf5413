import { otherSide, SIDES } from '../evidence.ts';
import { type CallReading, messages, moment } from './call-reading.ts';
import { type Crossing, previousOf } from './crossing.ts';
import { type Suspicion, WEIGHT } from './suspicion.ts';

/** Offers, answers and the word that the call was accepted, that came to the server and did not leave it. */
export function suspectLostSignals(reading: CallReading): Suspicion[] {
  if (reading.judgesEnd) return [];
  return [
    ...reading.relevant.flatMap((crossing) => suspectLost(reading, crossing)),
    ...suspectAccept(reading),
    ...suspectTransfer(reading),
  ];
}

function suspectLost(reading: CallReading, crossing: Crossing): Suspicion[] {
  if (crossing.got !== undefined) return [];
  const { author, role, entry, name } = crossing.sent;
  const reader = otherSide(author);
  const crossed = crossedBy(reading, crossing);
  // Of two offers that cross, the callee's is not sent on: that is how glare is settled.
  if (role === 'offer' && crossed && author === 'callee') return [];
  // Nothing is sent on once the call is over.
  if (messages(reading.evidence, reader, 'out', 'end').some((end) => end.at <= entry.at)) return [];
  const glare = role === 'answer' && crossed;
  const closed = closes(reading, crossing);
  return [
    {
      cause: glare ? 'glare-unanswered' : closed === undefined ? `${role}-lost` : 'removal-lost',
      clause: glare
        ? 'RFC 9429 section 4.1.10.2, RFC 3264 section 4'
        : `RFC 3264 section ${closed === undefined ? '5' : '8.2'}`,
      hop: 'server',
      words: glare
        ? `two offers crossed, and the ${author}'s answer to the one that won never left the server`
        : `the ${author}'s ${role} came to the server and never left it${closed === undefined ? '' : `: it closes the ${closed}`}`,
      seen: [
        `${name} came in ${moment(reading.evidence, entry.at)}, and nothing went out to the ${reader} for it`,
        ...missed(reading),
      ],
      weight: WEIGHT.hop,
    },
  ];
}

/** What an offer takes out of the call. */
function closes(reading: CallReading, crossing: Crossing): string | undefined {
  if (crossing.sent.role !== 'offer') return undefined;
  const before = previousOf(crossing, reading.crossings)?.sentTyped;
  return crossing.sentTyped?.media.find(
    (media, index) => media.port === 0 && (before?.media[index]?.port ?? 0) !== 0,
  )?.media;
}

/** Whether an offer of the other side was under way at the same time. */
function crossedBy(reading: CallReading, crossing: Crossing): boolean {
  const all = reading.crossings;
  const at = all.indexOf(crossing);
  const role = crossing.sent.role;
  const offerAt =
    role === 'offer' ? at : all.findLastIndex((each, place) => place < at && each.sent.role === 'offer');
  const before = all[offerAt - 1];
  const offer = all[offerAt];
  return (
    offer !== undefined &&
    before !== undefined &&
    before.sent.role === 'offer' &&
    before.sent.author !== offer.sent.author
  );
}

function suspectAccept(reading: CallReading): Suspicion[] {
  const { evidence } = reading;
  const accepted = messages(evidence, 'callee', 'in', 'accept')[0];
  if (accepted === undefined || messages(evidence, 'caller', 'out', 'accept').length > 0) return [];
  if (messages(evidence, 'caller', 'in', 'end').some((end) => end.at <= accepted.at)) return [];
  return [
    {
      cause: 'accept-lost',
      clause: 'RFC 3261 section 13.2.2.4',
      hop: 'server',
      words: 'the callee accepted, and the caller was never told: for it the call still rings',
      seen: [
        `the callee's accept came in ${moment(evidence, accepted.at)}, and no accept went out to the caller`,
        ...missed(reading),
      ],
      weight: WEIGHT.hop - 1,
    },
  ];
}

/** A side asked that the other call somebody else, and the other was never told. */
function suspectTransfer(reading: CallReading): Suspicion[] {
  const { evidence } = reading;
  return SIDES.flatMap((side): Suspicion[] => {
    const asked = messages(evidence, side, 'in', 'transfer')[0];
    if (asked === undefined || messages(evidence, otherSide(side), 'out', 'transfer').length > 0) return [];
    return [
      {
        cause: 'transfer-lost',
        clause: 'RFC 3515 section 2.4.2',
        hop: 'server',
        words: `the ${side} sent the other on to a third, and the ${otherSide(side)} was never told`,
        seen: [
          `the ${side}'s transfer came in ${moment(evidence, asked.at)}, and none went out to the ${otherSide(side)}`,
          ...missed(reading),
        ],
        weight: WEIGHT.hop,
      },
    ];
  });
}

/** What the scenario missed in the steps of the check. */
export function missed(reading: CallReading): string[] {
  const { evidence, steps } = reading;
  return [
    ...new Set(
      evidence.observations.flatMap((each) =>
        each.kind === 'missed' && (steps.length === 0 || steps.includes(each.step))
          ? [`step ${each.step}, ${each.side}: ${each.words}`]
          : [],
      ),
    ),
  ].slice(0, 4);
}
