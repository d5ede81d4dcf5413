import {
  type MediaEdge,
  type SignalingEdge,
  signalingEdgeBetween,
  type Topology,
  type TopologyNode,
} from '@crosspoint/topology';
import { css, html, LitElement, nothing, type PropertyValues, svg, type TemplateResult } from 'lit';
import { baseStyle } from './base-style.ts';
import { define } from './define.ts';
import {
  beside,
  figureSize,
  mediaStretches,
  NODE_HALF,
  type Point,
  pointOf,
  shownEdges,
  shownNodes,
  trimmed,
} from './figure.ts';
import { type MediaEdgeState, type MediaLabel, mediaLabel } from './media-label.ts';
import { LOCK_CLOSED, LOCK_OPEN, NODE_SYMBOLS } from './node-symbol.ts';
import { type Pulse, runPulse } from './pulse.ts';

/**
 * A topology as a figure. Signaling edges can be chosen (`cp-edge` with `{ edge, from, to }`); messages run
 * along them by `pulse`.
 */
export class CpTopologyMap extends LitElement {
  static override properties = {
    topology: { attribute: false },
    media: { attribute: false },
    captions: { attribute: false },
    shown: { attribute: false },
    words: { attribute: false },
    width: { state: true },
  };
  static override styles = [
    baseStyle,
    css`
      svg {
        display: block;
        width: 100%;
        overflow: visible;
        font: var(--cp-text-tiny) / 1 var(--cp-font);
      }
      text {
        fill: var(--cp-soft);
        paint-order: stroke;
        stroke: var(--cp-paper);
        stroke-width: 4px;
        stroke-linejoin: round;
      }
      .node rect {
        fill: var(--cp-panel);
        stroke: var(--cp-line-strong);
      }
      .node path {
        fill: none;
        stroke: var(--cp-ink);
        stroke-width: 1.5;
        stroke-linecap: round;
        stroke-linejoin: round;
      }
      .node .label {
        fill: var(--cp-ink);
        font-size: var(--cp-text-small);
      }
      .signaling {
        cursor: pointer;
      }
      .signaling line {
        stroke: var(--cp-line-strong);
        stroke-width: 1.5;
      }
      .signaling .reach {
        stroke: transparent;
        stroke-width: 24;
      }
      .signaling:hover .line,
      .signaling.busy .line {
        stroke: var(--cp-accent);
      }
      .signaling:focus-visible {
        outline: none;
      }
      .signaling:focus-visible .line {
        stroke: var(--cp-accent);
        stroke-width: 3.5;
      }
      .media {
        pointer-events: none;
      }
      .media line {
        stroke: var(--cp-line-strong);
        stroke-width: 2;
        stroke-dasharray: 1 6;
        stroke-linecap: round;
      }
      .media.lit line {
        stroke: var(--cp-accent);
        stroke-width: 4;
        stroke-dasharray: none;
      }
      .media.lit .what {
        fill: var(--cp-ink);
      }
      .lock {
        fill: var(--cp-paper);
        stroke: var(--cp-soft);
        stroke-width: 1.3;
        stroke-linejoin: round;
      }
      .media.lit .lock {
        stroke: var(--cp-accent);
      }
      .pulse circle {
        fill: var(--cp-accent);
      }
      .pulse text {
        fill: var(--cp-accent);
        font-weight: 600;
      }
    `,
  ];

  declare topology: Topology | undefined;
  /** What is known of each media edge, by its id. */
  declare media: Readonly<Record<string, MediaEdgeState>>;
  /** A few words under a node, by its id. */
  declare captions: Readonly<Record<string, string>>;
  /** Ids of optional nodes and edges that are there this time. */
  declare shown: readonly string[];
  /** What runs on a signaling edge, by its id; otherwise the protocols that can. */
  declare words: Readonly<Record<string, string>>;
  declare private width: number;
  private readonly observer = new ResizeObserver(([entry]) => {
    if (entry !== undefined) this.width = Math.round(entry.contentRect.width);
  });

  constructor() {
    super();
    this.media = {};
    this.captions = {};
    this.shown = [];
    this.words = {};
    this.width = 0;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.observer.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.observer.disconnect();
  }

  /**
   * Lets a message run along an edge, from node to node. Where there is no such edge, or the figure is not on
   * the screen, nothing happens. A person who wants no motion sees the label stand on the edge for a moment.
   */
  pulse(from: string, to: string, label: string): void {
    const layer = this.renderRoot.querySelector('.pulses');
    const ends = this.endsOf(from, to);
    if (layer === null || ends === undefined || this.topology === undefined) return;
    const edge = signalingEdgeBetween(this.topology, from, to);
    const line = edge && this.renderRoot.querySelector(`[data-edge="${CSS.escape(edge.id)}"]`);
    const pulse: Pulse = { layer, from: ends[0], to: ends[1], label };
    line?.classList.add('busy');
    void runPulse(pulse).finally(() => line?.classList.remove('busy'));
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('width') && this.width === 0) this.width = Math.round(this.getBoundingClientRect().width);
  }

  protected override render(): TemplateResult | typeof nothing {
    const { topology } = this;
    if (topology === undefined || this.width === 0) return nothing;
    const size = figureSize(this.width);
    const nodes = shownNodes(topology, this.shown);
    const media = shownEdges(topology.media, nodes, this.shown).map((edge) => ({
      edge,
      label: this.labelAt(edge),
    }));
    const height = Math.max(size.height, ...media.map(({ label }) => label.lowest));
    return html`<svg viewBox="0 0 ${size.width} ${height}" height=${height} role="group" aria-label=${topology.summary}>
      ${shownEdges(topology.signaling, nodes, this.shown).map((edge) => this.renderSignaling(edge))}
      ${media.map(({ edge, label }) => this.renderMedia(edge, label))}
      ${nodes.map((node) => this.renderNode(node))}
      <g class="pulses" aria-hidden="true"></g>
    </svg>`;
  }

  private labelAt(edge: MediaEdge): MediaLabel {
    const via = edge.via === undefined ? undefined : this.place(edge.via);
    return mediaLabel(edge, this.media[edge.id], this.place(edge.from)!, this.place(edge.to)!, via);
  }

  private renderNode(node: TopologyNode): TemplateResult {
    const { x, y } = this.place(node.id)!;
    const above = node.y < 50;
    const caption = this.captions[node.id];
    const near = above ? y - NODE_HALF - 8 : y + NODE_HALF + 16;
    const labelY = above && caption !== undefined ? near - 15 : near;
    return svg`<g class="node">
      <rect x=${x - NODE_HALF} y=${y - NODE_HALF} width=${2 * NODE_HALF} height=${2 * NODE_HALF} rx="6" />
      <path d=${NODE_SYMBOLS[node.kind]} transform="translate(${x - 12} ${y - 12})" />
      <text class="label" text-anchor="middle" x=${x} y=${labelY}>${node.label}</text>
      ${caption === undefined ? nothing : svg`<text text-anchor="middle" x=${x} y=${above ? near : near + 15}>${caption}</text>`}
    </g>`;
  }

  private renderSignaling(edge: SignalingEdge): TemplateResult {
    const [from, to] = this.endsOf(edge.from, edge.to)!;
    const words = this.words[edge.id] ?? edge.protocols.join(', ');
    const size = figureSize(this.width);
    const at = beside(from, to, { x: size.width / 2, y: size.height * 0.6 });
    const choose = (): void => {
      this.dispatchEvent(
        new CustomEvent('cp-edge', {
          bubbles: true,
          composed: true,
          detail: { edge: edge.id, from: edge.from, to: edge.to },
        }),
      );
    };
    const byKey = (event: KeyboardEvent): void => {
      if (event.key !== 'Enter' && event.key !== ' ') return;
      event.preventDefault();
      choose();
    };
    const label = `${this.labelOf(edge.from)} and ${this.labelOf(edge.to)}: ${words}`;
    return svg`<g class="signaling" data-edge=${edge.id} tabindex="0" role="button" aria-label=${label} @click=${choose} @keydown=${byKey}>
      <line class="reach" x1=${from.x} y1=${from.y} x2=${to.x} y2=${to.y} />
      <line class="line" x1=${from.x} y1=${from.y} x2=${to.x} y2=${to.y} />
      <text x=${at.x} y=${at.y} text-anchor=${at.anchor}>${words}</text>
    </g>`;
  }

  private renderMedia(edge: MediaEdge, { lines, words, lock, closed }: MediaLabel): TemplateResult {
    const state = this.media[edge.id];
    const lit = state?.lit === true;
    const says = `Media, ${this.labelOf(edge.from)} and ${this.labelOf(edge.to)}: ${lit ? '' : 'not '}running; ${lines.join(' ')}`;
    return svg`<g class="media ${lit ? 'lit' : ''}" role="img" aria-label=${says}>
      ${mediaStretches(edge, (id) => this.place(id)).map(([a, b]) => svg`<line x1=${a.x} y1=${a.y} x2=${b.x} y2=${b.y} />`)}
      ${closed === undefined ? nothing : svg`<path class="lock" d=${closed ? LOCK_CLOSED : LOCK_OPEN} transform="translate(${lock.x - 8} ${lock.y - 9}) scale(1.35)" />`}
      ${lines.map((line, index) => svg`<text text-anchor="middle" class=${index === 0 && state !== undefined ? 'what' : ''} x=${words.x} y=${words.y + index * 15}>${line}</text>`)}
    </g>`;
  }

  private labelOf(id: string): string {
    return this.topology?.nodes.find((node) => node.id === id)?.label ?? id;
  }

  private place(id: string): Point | undefined {
    const node = this.topology?.nodes.find((candidate) => candidate.id === id);
    return node === undefined ? undefined : pointOf(node, figureSize(this.width));
  }

  private endsOf(from: string, to: string): readonly [Point, Point] | undefined {
    const [a, b] = [this.place(from), this.place(to)];
    return a === undefined || b === undefined || from === to ? undefined : trimmed(a, b);
  }
}

define('cp-topology-map', CpTopologyMap);

declare global {
  interface HTMLElementEventMap {
    'cp-edge': CustomEvent<{ readonly edge: string; readonly from: string; readonly to: string }>;
  }
  interface HTMLElementTagNameMap {
    'cp-topology-map': CpTopologyMap;
  }
}
