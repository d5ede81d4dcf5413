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

const MARGIN = { side: 6, top: 34, bottom: 28 };

/** How high a figure of this width is to be: flat enough for a page, high enough for its labels. */
export function figureSize(width: number): FigureSize {
  return { width, height: Math.round(Math.min(400, Math.max(230, width * 0.56))) };
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

/** The nodes of the topology that are to be drawn: all but the optional ones that are not asked for. */
export function shownNodes(topology: Topology, shown: readonly string[]): TopologyNode[] {
  return topology.nodes.filter((node) => node.optional !== true || shown.includes(node.id));
}

/** Whether an edge is to be drawn: its ends are, and it is itself asked for where it is optional. */
export function edgeShown(
  edge: {
    readonly id: string;
    readonly from: string;
    readonly to: string;
    readonly via?: string;
    readonly optional?: true;
  },
  nodes: readonly TopologyNode[],
  shown: readonly string[],
): boolean {
  const has = (id: string): boolean => nodes.some((node) => node.id === id);
  return (
    has(edge.from) &&
    has(edge.to) &&
    (edge.via === undefined || has(edge.via)) &&
    (edge.optional !== true ||
      shown.includes(edge.id) ||
      (edge.via !== undefined && shown.includes(edge.via)))
  );
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
