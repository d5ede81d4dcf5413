import type { NodeChanges } from './carried-descriptions.ts';
import type { MediaPath } from './media-path.ts';
import type { EdgeTraffic } from './signaling-messages.ts';
import { type Spread, spreadOf } from './spread.ts';

export const COMPARISON_SCHEMA = 'crosspoint-compare/1';

/** The times of one call, in milliseconds; a figure that the peers do not give is left out. */
export interface CallTimes {
  /** From the order to call until the caller's program says that it rings. */
  readonly ringMs?: number;
  /** From the order to accept until the caller's program says that the call was accepted. */
  readonly answerMs?: number;
  /** From the order to accept until the callee decodes the caller's sound, at the latest. */
  readonly soundAtCalleeMs?: number;
  /** How much earlier that may have been: what its listening cannot tell. */
  readonly soundAtCalleeWithinMs?: number;
  readonly soundAtCallerMs?: number;
  readonly soundAtCallerWithinMs?: number;
}

/** The signaling of one call. */
export interface CallSignaling {
  /** Nodes from caller to callee. */
  readonly path: readonly string[];
  readonly hops: number;
  readonly messages: number;
  readonly bytes: number;
  readonly edges: readonly EdgeTraffic[];
}

/** One call of the comparison. Round 0 warms up and does not count. */
export interface ComparedCall {
  readonly round: number;
  /** `failed`: a peer did not do its part. `broken`: the lab's own fault. */
  readonly outcome: 'done' | 'failed' | 'broken';
  /** Why it was not done. */
  readonly words?: string;
  readonly startedAt: string;
  readonly times?: CallTimes;
  readonly signaling?: CallSignaling;
  readonly media?: MediaPath;
  readonly changes?: readonly NodeChanges[];
}

export interface ComparedPeer {
  readonly id: string;
  readonly name: string;
  readonly version: string;
}

/** A topology in the comparison: its calls, and what they have in common. */
export interface ComparedTopology {
  readonly topology: string;
  readonly title: string;
  readonly caller: ComparedPeer;
  readonly callee: ComparedPeer;
  readonly calls: readonly ComparedCall[];
  /** Absent where no call was done. */
  readonly summary?: TopologySummary;
}

/** The figures of a topology over its rounds. */
export interface TopologySummary {
  readonly rounds: number;
  readonly times: { readonly [K in keyof CallTimes]: Spread };
  readonly hops: Spread;
  readonly messages: Spread;
  readonly bytes: Spread;
  readonly path: readonly string[];
  readonly edges: readonly (Omit<EdgeTraffic, 'messages' | 'bytes'> & {
    readonly messages: Spread;
    readonly bytes: Spread;
  })[];
  /** Of the first round; `sameInAllRounds` says whether the others were like it in kind. */
  readonly media: MediaPath;
  readonly changes: readonly NodeChanges[];
  readonly sameInAllRounds: boolean;
}

/** The same call over several topologies: `compare.json`. */
export interface Comparison {
  readonly schema: typeof COMPARISON_SCHEMA;
  readonly id: string;
  readonly startedAt: string;
  readonly durationMs: number;
  readonly command: string;
  readonly transport: 'ws' | 'http';
  readonly rounds: number;
  /** Where it ran, in words. */
  readonly network: string;
  readonly topologies: readonly ComparedTopology[];
  /** Topologies that were not played, and why. */
  readonly absent: readonly { readonly topology: string; readonly why: string }[];
  readonly interrupted?: true;
}

const TIMES = [
  'ringMs',
  'answerMs',
  'soundAtCalleeMs',
  'soundAtCalleeWithinMs',
  'soundAtCallerMs',
  'soundAtCallerWithinMs',
] as const satisfies readonly (keyof CallTimes)[];

type Measured = Required<Pick<ComparedCall, 'times' | 'signaling' | 'media' | 'changes'>>;

/** What the counted calls of a topology have in common; `undefined` where none was done. */
export function summaryOf(calls: readonly ComparedCall[]): TopologySummary | undefined {
  const done = calls.flatMap(({ round, outcome, times, signaling, media, changes }) =>
    round > 0 && outcome === 'done' && times && signaling && media && changes
      ? [{ times, signaling, media, changes }]
      : [],
  );
  const first = done[0];
  if (first === undefined) return undefined;
  const spread = (pick: (call: Measured) => number): Spread => spreadOf(done.map(pick))!;
  const times = Object.fromEntries(
    TIMES.flatMap((key) => {
      const found = spreadOf(done.map((call) => call.times[key]));
      return found === undefined ? [] : [[key, found]];
    }),
  ) as TopologySummary['times'];
  return {
    rounds: done.length,
    times,
    hops: spread(({ signaling }) => signaling.hops),
    messages: spread(({ signaling }) => signaling.messages),
    bytes: spread(({ signaling }) => signaling.bytes),
    path: first.signaling.path,
    edges: first.signaling.edges.map(({ from, to, protocols }) => {
      const same = (call: Measured): EdgeTraffic | undefined =>
        call.signaling.edges.find((edge) => edge.from === from && edge.to === to);
      return {
        from,
        to,
        protocols,
        messages: spread((call) => same(call)?.messages ?? 0),
        bytes: spread((call) => same(call)?.bytes ?? 0),
      };
    }),
    media: first.media,
    changes: first.changes,
    sameInAllRounds: done.every((call) => kindOf(call) === kindOf(first)),
  };
}

/** What must not differ from round to round; numbers and keys in it do. */
function kindOf({ signaling, media, changes }: Measured): string {
  return JSON.stringify([
    signaling.path,
    media.kind,
    media.hops,
    changes.map(({ node, role, subjects }) => [node, role, subjects]),
  ]);
}

/** Exit status of the comparison: 3 something was broken, 1 a call failed, 0 else. */
export function comparisonStatus({
  topologies,
  interrupted,
}: Pick<Comparison, 'topologies' | 'interrupted'>): 0 | 1 | 3 {
  const outcomes = topologies.flatMap(({ calls }) => calls.map((call) => call.outcome));
  if (interrupted === true || outcomes.includes('broken')) return 3;
  return outcomes.includes('failed') ? 1 : 0;
}
