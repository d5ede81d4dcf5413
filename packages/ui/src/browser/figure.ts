import type { MediaEdge, Topology, TopologyNode } from '@crosspoint/topology';

/** A place in the drawing, in pixels. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** The size of the drawing, in pixels. */
export interface FigureSize {
  readonly width: number;
  readonly height: number;
}

/** Half the side of a node's square, in pixels. */
export const NODE_HALF = 22;

const MARGIN = { side: 6, top: 34, bottom: 40 };

/** How high a figure of this width is to be: flat enough for a page, high enough for its labels. */
export function figureSize(width: number): FigureSize {
  return { width, height: Math.round(Math.min(400, Math.max(250, width * 0.56))) };
}

/** Where a node of the 0..100 figure stands in the drawing. */
export function pointOf(node: TopologyNode, size: FigureSize): Point {
  return {
    x: MARGIN.side + (node.x / 100) * (size.width - 2 * MARGIN.side),
    y: MARGIN.top + (node.y / 100) * (size.height - MARGIN.top - MARGIN.bottom),
  };
}

/** A line from node to node that begins and ends outside the squares, `gap` pixels off. */
export function trimmed(from: Point, to: Point, gap = 5): readonly [Point, Point] {
  const dx = to.x - from.x;
  const dy = to.y - from.y;
  const reach = Math.max(Math.abs(dx), Math.abs(dy));
  if (reach === 0) return [from, to];
  const share = Math.min(0.5, (NODE_HALF + gap) / reach);
  return [
    { x: from.x + dx * share, y: from.y + dy * share },
    { x: to.x - dx * share, y: to.y - dy * share },
  ];
}

/** The point halfway. */
export function middle(from: Point, to: Point): Point {
  return { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 };
}

/** A place beside a line for a few words, on the side away from the figure's middle, and how they are set. */
export function beside(
  from: Point,
  to: Point,
  away: Point,
): Point & { readonly anchor: 'start' | 'middle' | 'end' } {
  const at = middle(from, to);
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
  const normal = { x: -(to.y - from.y) / length, y: (to.x - from.x) / length };
  const outer = normal.x * (at.x - away.x) + normal.y * (at.y - away.y) < 0 ? -1 : 1;
  // Outside a short line stand the labels of its nodes.
  const outward = length < 60 ? -outer : outer;
  const x = normal.x * outward;
  const y = normal.y * outward;
  return { x: at.x + x * 9, y: at.y + y * 9 + 4, anchor: x < -0.3 ? 'end' : x > 0.3 ? 'start' : 'middle' };
}

/** Words in as few lines as fit a width in pixels at the small type of a figure, the lines about as long. */
export function fitted(words: string, width: number): string[] {
  const room = Math.max(10, Math.floor(width / 6.1));
  const lines = broken(words, room);
  for (let less = room - 1; less > 0; less -= 1) {
    const narrower = broken(words, less);
    if (narrower.length > lines.length || narrower.some((line) => line.length > less))
      return broken(words, less + 1);
  }
  return lines;
}

function broken(words: string, room: number): string[] {
  const lines: string[] = [];
  for (const word of words.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= room)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** The nodes of the topology that are to be drawn: all but the optional ones that are not asked for. */
export function shownNodes(topology: Topology, shown: readonly string[]): TopologyNode[] {
  return topology.nodes.filter((node) => node.optional !== true || shown.includes(node.id));
}

interface Edge {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly via?: string;
  readonly optional?: true;
  readonly instead?: string;
}

/**
 * The edges that are to be drawn: those whose nodes are, the optional ones only with an optional node of theirs
 * (or asked for by id), and none for which another that is drawn stands in.
 */
export function shownEdges<E extends Edge>(
  edges: readonly E[],
  nodes: readonly TopologyNode[],
  shown: readonly string[],
): E[] {
  const there = edges.filter((edge) => {
    const stops = [edge.from, edge.to, ...(edge.via === undefined ? [] : [edge.via])].map((id) =>
      nodes.find((node) => node.id === id),
    );
    if (stops.includes(undefined)) return false;
    return edge.optional !== true || shown.includes(edge.id) || stops.some((node) => node?.optional === true);
  });
  return there.filter((edge) => !there.some((other) => other.instead === edge.id));
}

/** The stretches a media edge is drawn as: one, or two where it passes through a node. */
export function mediaStretches(
  edge: MediaEdge,
  place: (id: string) => Point | undefined,
): (readonly [Point, Point])[] {
  const stops = [edge.from, ...(edge.via === undefined ? [] : [edge.via]), edge.to]
    .map(place)
    .filter((point) => point !== undefined);
  return stops.slice(1).map((stop, index) => trimmed(stops[index]!, stop));
}
