import type { MediaEdge } from '@crosspoint/topology';
import { fitted, middle, NODE_HALF, type Point } from './figure.ts';

/** What is known of a media edge. Without one, the edge is drawn as a way that media could take. */
export interface MediaEdgeState {
  /** The far side decodes sound or picture: not earlier. */
  readonly lit: boolean;
  /** What runs there, in words. */
  readonly words: string;
  /** Who holds the key, in words; null where nothing is encrypted; undefined where that is not known yet. */
  readonly lock?: string | null;
}

/** The words at a media edge and the lock over it, placed. */
export interface MediaLabel {
  readonly lines: readonly string[];
  /** The middle of the first line of words. */
  readonly words: Point;
  /** The middle of the lock. */
  readonly lock: Point;
  readonly closed: boolean | undefined;
  /** The lowest point the words reach. */
  readonly lowest: number;
}

const LINE = 15;
/** From a node's middle to the first line below its label, and to the first below its caption. */
const BELOW_LABEL = NODE_HALF + 36;
const BELOW_CAPTION = NODE_HALF + 49;

/** Places lock and words: on the edge, under the node it passes through, or under the captions where it is tight. */
export function mediaLabel(
  edge: MediaEdge,
  state: MediaEdgeState | undefined,
  from: Point,
  to: Point,
  via: Point | undefined,
): MediaLabel {
  const span = Math.abs(to.x - from.x) - 2 * NODE_HALF;
  // A node in the middle of the way carries the words; one far above it leaves them between the ends.
  const at = via !== undefined && via.y > from.y - 4 * NODE_HALF ? via : middle(from, to);
  const tight = at !== via && span < 170;
  const start = at.y + (at === via ? BELOW_LABEL : tight ? BELOW_CAPTION : 18);
  const lines = sentences(edge, state).flatMap((words) => fitted(words, tight ? span + 50 : span - 24));
  return {
    lines,
    words: { x: at.x, y: start },
    lock: { x: at.x, y: at === via ? at.y - NODE_HALF - 14 : at.y - 15 },
    closed: closed(edge, state),
    lowest: start + (lines.length - 1) * LINE + 6,
  };
}

// What an edge would be protected by stands there until something is known of it.
function sentences(edge: MediaEdge, state: MediaEdgeState | undefined): string[] {
  if (state === undefined) return edge.protection.split('; ');
  const what = state.words === '' ? [] : [state.words];
  if (state.lock === undefined) return what;
  return [...what, ...(state.lock === null ? ['not encrypted'] : state.lock.split('; '))];
}

function closed(edge: MediaEdge, state: MediaEdgeState | undefined): boolean | undefined {
  if (state === undefined) return !edge.protection.includes('not encrypted');
  return state.lock === undefined ? undefined : state.lock !== null;
}
