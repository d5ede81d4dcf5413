import { otherSide } from '../evidence.ts';
import { type CallReading, complaintsAbout, headOf, messages, moment } from './call-reading.ts';
import { changeLines, placeWords } from './rule-findings.ts';
import { type Suspicion, WEIGHT } from './suspicion.ts';

/** A description that its reader would not take, for a reason that no rule here knows: in the reader's own words. */
export function suspectRefusals(reading: CallReading): Suspicion[] {
  const { evidence } = reading;
  return reading.relevant.flatMap((crossing): Suspicion[] => {
    const { got, sent } = crossing;
    if (got === undefined) return [];
    const reader = otherSide(sent.author);
    const complaints = complaintsAbout(evidence, sent.author, got.entry.at);
    const refusals = messages(evidence, reader, 'in', 'refuse', 'end')
      .filter((entry) => entry.at >= got.entry.at && entry.at < got.entry.at + REFUSAL_MS)
      .flatMap((entry) => {
        const said = headOf(entry);
        const reason = said?.why ?? (said?.reason as { code?: unknown } | undefined)?.code;
        return reason === 'not-acceptable'
          ? [`the ${reader} sent ${entry.summary} (not-acceptable) ${moment(evidence, entry.at)}`]
          : [];
      });
    if (complaints.length === 0 && refusals.length === 0) return [];
    const altered = crossing.changes.length > 0;
    return [
      {
        cause: 'description-refused',
        clause: 'RFC 9429 section 4.1.9',
        hop: altered ? 'server' : sent.author,
        words: `${placeWords(crossing)}, was refused${altered ? `; the server had changed it` : ''}`,
        seen: [...complaints, ...refusals, ...changeLines(crossing)],
        weight: WEIGHT.refused + (altered ? 5 : 0),
      },
    ];
  });
}

const REFUSAL_MS = 2500;
