import type { ComparedTopology, TopologySummary } from './comparison.ts';
import { writeSpread } from './comparison-rows.ts';
import type { MediaHop } from './media-path.ts';
import type { Spread } from './spread.ts';

/** What the table has no room for, of one topology: a title and lines in words. */
export interface ComparisonDetails {
  readonly title: string;
  readonly sections: readonly { readonly title: string; readonly lines: readonly string[] }[];
}

export function comparisonDetails(compared: ComparedTopology): ComparisonDetails {
  const { title, topology, summary, calls } = compared;
  const missed = calls.flatMap(({ round, outcome, words }) =>
    outcome === 'done'
      ? []
      : [`${round === 0 ? 'warming up' : `round ${round}`}: ${outcome}, ${words ?? ''}`],
  );
  return {
    title: `${title} (${topology})`,
    sections: [
      ...(summary === undefined ? [] : summarySections(summary)),
      ...(missed.length === 0 ? [] : [{ title: 'Calls that were not done', lines: missed }]),
    ],
  };
}

function summarySections(summary: TopologySummary): ComparisonDetails['sections'] {
  const { edges, media, changes, path, sameInAllRounds, times } = summary;
  const within = (words: string, { median, max }: Spread): string =>
    `first sound ${words}: known to ${Math.ceil(median)} ms, at worst ${Math.ceil(max)} ms`;
  const ends = (['caller', 'callee'] as const).flatMap((side) => {
    const { pair, codec } = media.ends[side];
    const told = [codec, pair].filter((word) => word !== undefined);
    return told.length === 0 ? [] : [`the ${side} tells: ${told.join(', ')}`];
  });
  return [
    {
      title: 'Times',
      lines: [
        ...(times.soundAtCalleeWithinMs ? [within('at callee', times.soundAtCalleeWithinMs)] : []),
        ...(times.soundAtCallerWithinMs ? [within('at caller', times.soundAtCallerWithinMs)] : []),
      ],
    },
    {
      title: `Signaling: ${path.join(' - ')}`,
      lines: edges.map(
        ({ from, to, protocols, messages, bytes }) =>
          `${from} - ${to} (${protocols.join(', ')}): ${writeSpread(messages)} messages, ${writeSpread(bytes)} bytes`,
      ),
    },
    {
      title: `Media: ${media.kind}`,
      lines: [
        ...media.hops.map(writeHop),
        ...(media.words === undefined ? [] : [`as the topology has it: ${media.words}`]),
        ...ends,
      ],
    },
    {
      title: 'Descriptions',
      lines: [
        ...changes.flatMap(({ node, role, author, words }) =>
          words.length === 0
            ? [`${node} passes the ${author}'s ${role} on as it is`]
            : words.map((word) => `${node} changes the ${author}'s ${role}: ${word}`),
        ),
        ...(sameInAllRounds ? [] : ['the rounds were not all alike: see the calls in compare.json']),
      ],
    },
  ];
}

/** `caller - callee, DTLS-SRTP (UDP/TLS/RTP/SAVPF): encrypted; key held by caller, callee`. */
export function writeHop({ from, to, via, transport, protection, encrypted, keyHolders }: MediaHop): string {
  const way = via === undefined ? `${from} - ${to}` : `${from} - ${via} - ${to}`;
  const how = transport === undefined ? protection : `${protection} (${transport})`;
  const key = encrypted
    ? `encrypted; key held by ${keyHolders.join(', ')}`
    : `${protection === 'none' ? 'not' : 'not known to be'} encrypted`;
  return `${way}, ${how}: ${key}`;
}
