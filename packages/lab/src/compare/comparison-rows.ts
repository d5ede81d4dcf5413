import type { ComparedTopology, Comparison, TopologySummary } from './comparison.ts';
import type { MediaHop } from './media-path.ts';
import type { Spread } from './spread.ts';

/** One line of the table: what it is, and its words for each topology. */
export interface ComparisonRow {
  readonly label: string;
  readonly cells: readonly string[];
}

const NOTHING = '–';

/** `12 ms (9–31)`: the median, and in parentheses the least and the most where they differ from it. */
export function writeSpread(spread: Spread | undefined, unit = ''): string {
  if (spread === undefined) return NOTHING;
  const [median, min, max] = [spread.median, spread.min, spread.max].map(writeNumber);
  return `${median}${unit}${min === max ? '' : ` (${min}–${max})`}`;
}

/** Two packets: what is known no better than that is a bound and not a time. */
const EXACT_MS = 40;

/** A time by which sound was heard: with `≤` where it may have been heard much earlier. */
function writeSound(spread: Spread | undefined, within: Spread | undefined): string {
  return `${(within?.median ?? 0) > EXACT_MS ? '≤ ' : ''}${writeSpread(spread, ' ms')}`;
}

function writeNumber(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** The table: topologies side by side, one figure a line. */
export function comparisonRows({ topologies }: Pick<Comparison, 'topologies'>): ComparisonRow[] {
  const row = (label: string, cell: (summary: TopologySummary) => string): ComparisonRow => ({
    label,
    cells: topologies.map(({ summary }) => (summary === undefined ? NOTHING : cell(summary))),
  });
  return [
    {
      label: 'caller → callee',
      cells: topologies.map(({ caller, callee }) => `${caller.id} → ${callee.id}`),
    },
    { label: 'calls that count', cells: topologies.map(callsOf) },
    row('time to ring', ({ times }) => writeSpread(times.ringMs, ' ms')),
    row('time to answer', ({ times }) => writeSpread(times.answerMs, ' ms')),
    row('first sound at callee', ({ times }) =>
      writeSound(times.soundAtCalleeMs, times.soundAtCalleeWithinMs),
    ),
    row('first sound at caller', ({ times }) =>
      writeSound(times.soundAtCallerMs, times.soundAtCallerWithinMs),
    ),
    row('signaling hops', ({ hops }) => writeSpread(hops)),
    row('signaling messages', ({ messages }) => writeSpread(messages)),
    row('signaling bytes', ({ bytes }) => writeSpread(bytes)),
    row('media path', ({ media }) => media.kind),
    row('media hops', ({ media }) => String(media.hops.length)),
    row('encrypted', ({ media }) => encryptedOf(media.hops)),
    row(
      'key held between the ends',
      ({ media }) =>
        [...new Set(media.hops.flatMap((hop) => hop.keyHolders))]
          .filter((node) => node !== 'caller' && node !== 'callee')
          .join(', ') || 'by nobody',
    ),
    row('changes to descriptions', ({ changes }) =>
      String(changes.reduce((sum, { words }) => sum + words.length, 0)),
    ),
  ];
}

function callsOf({ calls }: ComparedTopology): string {
  const counted = calls.filter((call) => call.round > 0);
  return `${counted.filter((call) => call.outcome === 'done').length} of ${counted.length}`;
}

function encryptedOf(hops: readonly MediaHop[]): string {
  if (hops.length === 0) return NOTHING;
  const open = hops.filter((hop) => !hop.encrypted).map((hop) => `${hop.from} - ${hop.to}`);
  if (open.length === 0) return 'every hop';
  return open.length === hops.length ? 'no hop' : `not ${open.join(', ')}`;
}
