import { type Cell, countVerdicts, type Matrix, matricesOf, worstVerdict } from '@crosspoint/report';
import { topologyById } from '@crosspoint/topology';
import { css, html, LitElement, type TemplateResult } from 'lit';
import { baseStyle } from './base-style.ts';
import { renderCounts } from './counts.ts';
import { define } from './define.ts';
import { writeRoute } from './route.ts';

/**
 * The cells of a run: a grid of callers (rows) and callees (columns) per topology and transport. A cell is a
 * link; following it also tells `cp-select` with `{ cell }`.
 */
export class CpMatrix extends LitElement {
  static override properties = {
    cells: { attribute: false },
    selected: { type: String },
    hrefOf: { attribute: false },
  };
  static override styles = [
    baseStyle,
    css`
      :host {
        display: flex;
        flex-wrap: wrap;
        gap: 2rem 3rem;
      }
      figure {
        min-width: 0;
        max-width: 100%;
      }
      figcaption {
        padding-bottom: var(--cp-space);
        font-weight: 600;
      }
      .scroll {
        overflow-x: auto;
        /* Room for the outline of a cell that has the focus. */
        margin: -3px;
        padding: 3px;
      }
      table {
        border-collapse: separate;
        border-spacing: 3px;
        margin: -3px;
      }
      th {
        padding: 0.25rem 0.6rem;
        color: var(--cp-soft);
        font-size: var(--cp-text-small);
        font-weight: 400;
        text-align: left;
      }
      tbody th {
        padding-left: 0;
        color: var(--cp-ink);
      }
      thead th:not(:first-child) {
        color: var(--cp-ink);
      }
      td {
        padding: 0;
        height: 1px;
      }
      a,
      .empty {
        display: flex;
        align-items: center;
        gap: 0.15rem 0.7rem;
        min-width: 6.5rem;
        height: 100%;
        min-height: 2.75rem;
        padding: 0.35rem 0.7rem;
        border: 1px solid var(--cp-line);
        border-radius: var(--cp-radius);
        background: var(--cp-panel);
        text-decoration: none;
        white-space: nowrap;
      }
      .empty {
        border-style: dashed;
        background: none;
        color: var(--cp-soft);
      }
      a.has-failed {
        background: var(--cp-failed-wash);
        border-color: transparent;
      }
      a.has-broken {
        background: var(--cp-broken-wash);
        border-color: transparent;
      }
      a.has-unsupported {
        background: var(--cp-unsupported-wash);
      }
      a:hover {
        border-color: var(--cp-accent);
      }
      a[aria-current='true'] {
        border-color: var(--cp-accent);
        box-shadow: inset 0 0 0 1px var(--cp-accent);
      }
      .count > span:first-child {
        display: inline-block;
        min-width: 1.05em;
      }
      @media (max-width: 30rem) {
        a,
        .empty {
          min-width: 4.6rem;
          padding: 0.35rem 0.5rem;
          flex-direction: column;
          align-items: flex-start;
          justify-content: center;
        }
        th {
          padding: 0.25rem 0.35rem;
        }
        .corner {
          display: block;
          width: 3.5rem;
        }
      }
    `,
  ];

  declare cells: readonly Cell[];
  /** The id of the cell that is shown. */
  declare selected: string | undefined;
  /** Where a cell's link leads. */
  declare hrefOf: (cell: Cell) => string;

  constructor() {
    super();
    this.cells = [];
    this.hrefOf = (cell) => writeRoute({ cell: cell.id });
  }

  protected override render(): TemplateResult {
    return html`${matricesOf(this.cells).map((matrix) => this.renderMatrix(matrix))}`;
  }

  private renderMatrix(matrix: Matrix): TemplateResult {
    const title = topologyById(matrix.topology)?.title ?? matrix.topology;
    const words = matrix.transport === 'ws' ? 'WebSocket' : matrix.transport.toUpperCase();
    return html`<figure>
      <figcaption>${title} <span class="soft">over ${words}</span></figcaption>
      <div class="scroll" role="region" tabindex="0" aria-label="${title} over ${words}: caller by row, callee by column">
        <table>
          <thead>
            <tr>
              <th scope="col"><span class="corner">caller<span aria-hidden="true"> ↓ </span> callee<span aria-hidden="true"> →</span></span></th>
              ${matrix.callees.map((callee) => html`<th scope="col">${callee}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${matrix.callers.map(
              (caller) => html`<tr>
                <th scope="row">${caller}</th>
                ${matrix.callees.map((callee) => html`<td>${this.renderCell(matrix.at(caller, callee))}</td>`)}
              </tr>`,
            )}
          </tbody>
        </table>
      </div>
    </figure>`;
  }

  private renderCell(cell: Cell | undefined): TemplateResult {
    if (cell === undefined) return html`<span class="empty">not run</span>`;
    const totals = countVerdicts(cell.results);
    const select = (): void => {
      this.dispatchEvent(new CustomEvent('cp-select', { bubbles: true, composed: true, detail: { cell } }));
    };
    return html`<a
      href=${this.hrefOf(cell)}
      class="has-${worstVerdict(totals)}"
      aria-current=${cell.id === this.selected}
      @click=${select}
      ><span class="hidden-text">${cell.caller} calls ${cell.callee}: </span>${renderCounts(totals)}</a
    >`;
  }
}

define('cp-matrix', CpMatrix);

declare global {
  interface HTMLElementEventMap {
    'cp-select': CustomEvent<{ readonly cell: Cell }>;
  }
  interface HTMLElementTagNameMap {
    'cp-matrix': CpMatrix;
  }
}
