import type { CallRecord, Cell, TraceLine } from '@crosspoint/report';
import { topologyById } from '@crosspoint/topology';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { baseStyle } from './base-style.ts';
import { edgeWords, mediaOf } from './call-evidence.ts';
import './cp-descriptions.ts';
import type { CpLadder } from './cp-ladder.ts';
import './cp-ladder.ts';
import type { CpTopologyMap } from './cp-topology-map.ts';
import './cp-topology-map.ts';
import { define } from './define.ts';

/** One recorded call: its figure, its ladder, its descriptions. A message opened in the ladder runs in the figure. */
export class CpCall extends LitElement {
  static override properties = { cell: { attribute: false }, call: { attribute: false } };
  static override styles = [
    baseStyle,
    css`
      .two {
        display: grid;
        gap: 1.5rem 2.5rem;
        align-items: start;
      }
      .two > * {
        min-width: 0;
      }
      .defect {
        margin-bottom: 0.75rem;
        padding: 0.4rem 0.75rem;
        border-left: 2px solid var(--cp-broken);
        background: var(--cp-broken-wash);
      }
      .play {
        margin-top: 0.5rem;
      }
      cp-descriptions {
        margin-top: 2rem;
      }
      @media (min-width: 62rem) {
        .two {
          grid-template-columns: minmax(0, 5fr) minmax(0, 7fr);
        }
        .map {
          position: sticky;
          top: 1rem;
        }
      }
    `,
  ];

  declare cell: Cell | undefined;
  declare call: CallRecord | undefined;
  private playing: ReturnType<typeof setTimeout>[] = [];

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.stop();
  }

  protected override willUpdate(): void {
    this.stop();
  }

  protected override render(): TemplateResult | typeof nothing {
    const { cell, call } = this;
    if (cell === undefined || call === undefined) return nothing;
    const topology = topologyById(cell.topology);
    return html`
      ${call.defect === undefined ? nothing : html`<p class="defect">A defect was seeded on purpose into this call: <code>${call.defect}</code>.</p>`}
      <div class="two">
        <div class="map">
          ${
            topology === undefined
              ? nothing
              : html`<cp-topology-map
                    .topology=${topology}
                    .media=${mediaOf(cell, call, topology)}
                    .captions=${{ caller: cell.caller, callee: cell.callee }}
                    .words=${edgeWords(call, topology)}
                    @cp-edge=${this.openEdge}
                  ></cp-topology-map>
                  <button class="button play" type="button" ?disabled=${call.trace.length === 0} @click=${this.play}>Play the messages</button>`
          }
        </div>
        <cp-ladder
          .topology=${topology}
          .entries=${call.trace}
          .descriptions=${call.descriptions}
          @cp-open=${this.showMessage}
        ></cp-ladder>
      </div>
      ${call.descriptions.length === 0 ? nothing : html`<cp-descriptions .call=${call}></cp-descriptions>`}
    `;
  }

  private get map(): CpTopologyMap | null {
    return this.renderRoot.querySelector('cp-topology-map');
  }

  private openEdge(event: CustomEvent<{ from: string; to: string }>): void {
    void this.renderRoot.querySelector<CpLadder>('cp-ladder')?.openLast(event.detail.from, event.detail.to);
  }

  private showMessage(event: CustomEvent<{ entry: TraceLine; open: boolean }>): void {
    if (event.detail.open) this.run(event.detail.entry);
  }

  private run({ node, peer, direction, summary }: TraceLine): void {
    if (direction === 'in') this.map?.pulse(peer, node, summary);
    else this.map?.pulse(node, peer, summary);
  }

  // In the order and proportion of the recording, but no wait so long that nothing seems to happen.
  private play(): void {
    this.stop();
    let delay = 0;
    let before: number | undefined;
    for (const entry of this.call?.trace ?? []) {
      if (before !== undefined) delay += Math.min(900, Math.max(120, (entry.at - before) * 4));
      before = entry.at;
      this.playing.push(setTimeout(() => this.run(entry), delay));
    }
  }

  private stop(): void {
    for (const timer of this.playing) clearTimeout(timer);
    this.playing = [];
  }
}

define('cp-call', CpCall);

declare global {
  interface HTMLElementTagNameMap {
    'cp-call': CpCall;
  }
}
