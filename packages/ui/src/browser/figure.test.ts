import { pstn, sip, TOPOLOGIES, trapezoid, triangle } from '@crosspoint/topology';
import { describe, expect, it } from 'vitest';
import {
  figureSize,
  fitted,
  mediaStretches,
  NODE_HALF,
  pointOf,
  shownEdges,
  shownNodes,
  trimmed,
} from './figure.ts';
import { mediaLabel } from './media-label.ts';

const WIDTHS = [320, 360, 640, 1100];

describe('the figure', () => {
  it.each(TOPOLOGIES.flatMap((topology) => WIDTHS.map((width) => ({ topology, width, id: topology.id }))))(
    '$id at $width px keeps every square inside and apart',
    ({ topology, width }) => {
      const size = figureSize(width);
      const points = shownNodes(topology, []).map((node) => pointOf(node, size));
      for (const { x, y } of points) {
        expect(Math.min(x, y, size.width - x, size.height - y)).toBeGreaterThanOrEqual(NODE_HALF);
      }
      points.forEach((a, index) => {
        for (const b of points.slice(index + 1)) {
          expect(Math.max(Math.abs(a.x - b.x), Math.abs(a.y - b.y))).toBeGreaterThan(2 * NODE_HALF);
        }
      });
    },
  );

  it('begins and ends a line outside the squares', () => {
    const [from, to] = trimmed({ x: 0, y: 0 }, { x: 200, y: 0 });
    expect([from.x, to.x]).toEqual([NODE_HALF + 5, 200 - NODE_HALF - 5]);
    expect(trimmed({ x: 1, y: 1 }, { x: 1, y: 1 })[0]).toEqual({ x: 1, y: 1 });
  });
});

describe('what is drawn', () => {
  const edges = (topology: typeof sip, shown: string[]) => ({
    signaling: shownEdges(topology.signaling, shownNodes(topology, shown), shown).map(({ id }) => id),
    media: shownEdges(topology.media, shownNodes(topology, shown), shown).map(({ id }) => id),
  });

  it('leaves optional nodes and their edges out', () => {
    expect(edges(triangle, []).media).toEqual(['media']);
    expect(edges(trapezoid, []).signaling).toContain('server-a-server-b');
  });

  it('puts an edge in the place of the one it stands in for', () => {
    expect(edges(sip, ['relay']).media).toEqual(['relayed']);
    expect(edges(trapezoid, ['proxy-a', 'proxy-b']).signaling).toEqual([
      'caller-server-a',
      'server-b-callee',
      'server-a-proxy-a',
      'proxy-a-proxy-b',
      'proxy-b-server-b',
    ]);
  });

  it('draws a media edge through its node as two stretches', () => {
    const place = (id: string) => pointOf(pstn.nodes.find((node) => node.id === id)!, figureSize(640));
    expect(mediaStretches(pstn.media[0]!, place)).toHaveLength(1);
    expect(mediaStretches(pstn.media[1]!, place)).toHaveLength(2);
  });
});

describe('the words at a media edge', () => {
  const [from, to] = [
    { x: 50, y: 200 },
    { x: 600, y: 200 },
  ];
  const label = (state: Parameters<typeof mediaLabel>[1]) =>
    mediaLabel(triangle.media[0]!, state, from, to, undefined);

  it('say what would protect it, until something is known', () => {
    expect(label(undefined)).toMatchObject({
      closed: true,
      lines: ['DTLS-SRTP', 'only the two browsers hold the keys'],
    });
    expect(label({ lit: false, words: 'waiting' })).toMatchObject({ closed: undefined, lines: ['waiting'] });
  });

  it('say who holds the key, and that nobody does', () => {
    expect(label({ lit: true, words: 'sound', lock: 'the relay' })).toMatchObject({
      closed: true,
      lines: ['sound', 'the relay'],
    });
    expect(label({ lit: true, words: 'sound', lock: null })).toMatchObject({
      closed: false,
      lines: ['sound', 'not encrypted'],
    });
  });

  it('are broken into lines of about one length that fit', () => {
    expect(fitted('only the two browsers hold the keys', 190)).toEqual([
      'only the two browsers',
      'hold the keys',
    ]);
    expect(fitted('short', 190)).toEqual(['short']);
    expect(fitted('unbreakablewordthatistoolong', 20)).toEqual(['unbreakablewordthatistoolong']);
  });
});
