import type { TraceEntry } from '@crosspoint/signaling';
import { otherSide, SIDES, type Side } from '../evidence.ts';
import { type CallReading, headOf, messages, moment } from './call-reading.ts';
import { type Suspicion, WEIGHT } from './suspicion.ts';

function codeOf(entry: TraceEntry): string | undefined {
  const reason = headOf(entry)?.reason;
  if (typeof reason !== 'object' || reason === null) return undefined;
  const { code } = reason as { code?: unknown };
  return typeof code === 'string' ? code : undefined;
}

/** How the end of the call went through the server: lost, or with another reason. */
export function suspectEnds(reading: CallReading): Suspicion[] {
  if (!reading.judgesEnd) return [];
  const found = SIDES.flatMap((side) => suspectEndOf(reading, side));
  return found.length > 0 ? found : suspectClock(reading);
}

function suspectEndOf(reading: CallReading, side: Side): Suspicion[] {
  const { evidence } = reading;
  return messages(evidence, side, 'in', 'end').flatMap((said) => suspectEndSaid(reading, side, said));
}

function suspectEndSaid(reading: CallReading, side: Side, said: TraceEntry): Suspicion[] {
  const { evidence } = reading;
  const reader = otherSide(side);
  // A second caller's call is in the same evidence.
  const ofCall = (direction: 'in' | 'out'): TraceEntry[] =>
    messages(evidence, reader, direction, 'end').filter((entry) => entry.call === said.call);
  const code = codeOf(said) ?? 'normal';
  const told = ofCall('out')[0];
  // Both may end at once: then each knows, and neither is told.
  if (ofCall('in').length > 0 && told === undefined) return [];
  const seen = [
    `the ${side} said end (${code}) ${moment(evidence, said.at)}`,
    told === undefined
      ? `no end went out to the ${reader}`
      : `the ${reader} was told end (${codeOf(told) ?? 'no reason'}) ${moment(evidence, told.at)}`,
  ];
  if (told === undefined) {
    const early = code === 'cancelled';
    return [
      {
        cause: early ? 'cancel-lost' : 'bye-lost',
        clause: early
          ? 'RFC 3261 section 9, XEP-0353 section 5.3'
          : 'RFC 3261 section 15, RFC 5626 section 4.2',
        hop: 'server',
        words: early
          ? `the ${side} gave up, and the ${reader} was not told: it goes on ringing`
          : `the ${side} ended the call (${code}), and the ${reader} was not told`,
        seen,
        weight: WEIGHT.hop,
      },
    ];
  }
  const heard = codeOf(told);
  if (heard === code) return [];
  return [{ ...misread(code, heard ?? 'none', side, reader), hop: 'server', seen, weight: WEIGHT.hop }];
}

function misread(
  said: string,
  heard: string,
  side: Side,
  reader: Side,
): Pick<Suspicion, 'cause' | 'clause' | 'words'> {
  const words = `the ${side} ended the call as ${said}, and the ${reader} was told ${heard}`;
  if (heard === 'protocol-error') return { cause: 'reason-lost', clause: 'XEP-0166 section 7.4', words };
  if (said === 'normal') {
    return { cause: 'hang-up-as-failure', clause: 'RFC 3398 section 8.2.6.1, XEP-0166 section 7.4', words };
  }
  return { cause: 'cause-wrong', clause: 'RFC 3398 section 8.2.6.1', words };
}

/** Nobody ended the call: its time ran out, and one side was told. */
function suspectClock(reading: CallReading): Suspicion[] {
  const { evidence } = reading;
  if (SIDES.some((side) => messages(evidence, side, 'in', 'end').length > 0)) return [];
  // Who was never rung has nothing to be told.
  if (messages(evidence, 'callee', 'out', 'incoming').length === 0) return [];
  const [caller, callee] = SIDES.map((side) => messages(evidence, side, 'out', 'end')[0]);
  if ((caller === undefined) === (callee === undefined)) return [];
  const side: Side = caller === undefined ? 'caller' : 'callee';
  const told = (caller ?? callee)!;
  return [
    {
      cause: `${codeOf(told) ?? 'end'}-lost`,
      clause: 'RFC 3261 section 13.3.1.1',
      hop: 'server',
      words: `the server ended the call (${codeOf(told) ?? 'no reason'}) and told the ${otherSide(side)} only`,
      seen: [
        `the ${otherSide(side)} was told end (${codeOf(told) ?? 'no reason'}) ${moment(evidence, told.at)}`,
        `no end went out to the ${side}`,
      ],
      weight: WEIGHT.hop,
    },
  ];
}
