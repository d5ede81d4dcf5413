import {
  type Cell,
  type CheckResult,
  countVerdicts,
  VERDICT_MARKS,
  VERDICTS,
  type Verdict,
  writeCount,
  writeDuration,
} from '@crosspoint/report';
import { topologyById } from '@crosspoint/topology';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { baseStyle } from './base-style.ts';
import './cp-call.ts';
import './cp-check.ts';
import './cp-copy.ts';
import { define } from './define.ts';
import { writeRoute } from './route.ts';

/** One cell: its verdicts with what they rest on, the command that runs it again, and its calls. */
export class CpCell extends LitElement {
  static override properties = {
    cell: { attribute: false },
    check: { type: String },
    call: { type: String },
    filter: { state: true },
  };
  static override styles = [
    baseStyle,
    css`
      :host {
        display: grid;
        gap: 1.25rem;
      }
      :host > * {
        min-width: 0;
      }
      h2 {
        font-size: 1.375rem;
        scroll-margin-top: 3.5rem;
      }
      h2:focus {
        outline: none;
      }
      .arrow {
        color: var(--cp-soft);
        font-weight: 400;
      }
      .filters {
        display: flex;
        flex-wrap: wrap;
        gap: 0.35rem;
      }
      .checks > li {
        border-top: 1px solid var(--cp-line);
      }
      .checks > li:last-child {
        border-bottom: 1px solid var(--cp-line);
      }
      section {
        display: grid;
        gap: 0.9rem;
      }
      section > * {
        min-width: 0;
      }
      a.button {
        display: inline-flex;
        align-items: center;
        gap: 0.5rem;
        color: inherit;
        text-decoration: none;
      }
      a.button[aria-current='true'] {
        border-color: var(--cp-accent);
        background: var(--cp-accent-wash);
        color: var(--cp-accent);
      }
    `,
  ];

  declare cell: Cell | undefined;
  /** The id of the check to open. */
  declare check: string | undefined;
  /** The id of the call to show; the first, or the open check's, where undefined. */
  declare call: string | undefined;
  declare private filter: Verdict | undefined;

  protected override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('cell')) this.filter = undefined;
    // A check that a link leads to must not be hidden by a filter chosen before.
    if (changed.has('check') && this.check !== undefined) this.filter = undefined;
  }

  protected override render(): TemplateResult | typeof nothing {
    const { cell } = this;
    if (cell === undefined) return nothing;
    const title = topologyById(cell.topology)?.title ?? cell.topology;
    return html`
      <div>
        <p class="soft">${title} over ${cell.transport === 'ws' ? 'WebSocket' : cell.transport.toUpperCase()}</p>
        <h2 tabindex="-1">${cell.caller} <span class="arrow">calls</span> ${cell.callee}</h2>
      </div>
      <cp-copy .text=${cell.rerun}></cp-copy>
      ${this.renderFilters(cell)}
      <ul class="checks">
        ${repeat(
          cell.results.filter((result) => this.filter === undefined || result.verdict === this.filter),
          (result) => `${cell.id} ${result.check}`,
          (result) => html`<li>${this.renderCheck(result)}</li>`,
        )}
      </ul>
      ${this.renderCalls(cell)}
      <p class="small soft">Evidence in <code>${cell.folder}</code> · ${writeDuration(cell.durationMs)} · ${cell.startedAt}</p>
    `;
  }

  private renderFilters(cell: Cell): TemplateResult {
    const totals = countVerdicts(cell.results);
    const button = (verdict: Verdict | undefined, words: TemplateResult): TemplateResult => html`<button
      class="button"
      type="button"
      aria-pressed=${this.filter === verdict}
      @click=${() => {
        this.filter = verdict;
      }}
    >${words}</button>`;
    return html`<div class="filters" role="group" aria-label="Which checks to show">
      ${button(undefined, html`All ${cell.results.length}`)}
      ${VERDICTS.filter((verdict) => totals[verdict] > 0).map((verdict) =>
        button(
          verdict,
          html`<span class=${verdict} aria-hidden="true">${VERDICT_MARKS[verdict]}</span> ${totals[verdict]} ${verdict}`,
        ),
      )}
    </div>`;
  }

  private renderCheck(result: CheckResult): TemplateResult {
    const open = result.check === this.check || (this.check === undefined && result.verdict === 'failed');
    return html`<cp-check data-check=${result.check} .result=${result} .open=${open}></cp-check>`;
  }

  private renderCalls(cell: Cell): TemplateResult | typeof nothing {
    const judgedFrom = cell.results.find((result) => result.check === this.check)?.call;
    const wanted = this.call ?? judgedFrom;
    const shown = cell.calls.find((call) => call.id === wanted) ?? cell.calls[0];
    if (shown === undefined) return nothing;
    return html`<section aria-labelledby="calls">
      <h3 id="calls">Calls</h3>
      ${
        cell.calls.length < 2
          ? nothing
          : html`<div class="filters">
              ${cell.calls.map(
                (call) => html`<a
                  class="button"
                  href=${writeRoute({ cell: cell.id, call: call.id })}
                  aria-current=${call === shown}
                  >${call.scenario} <span class="soft">${writeDuration(call.durationMs)}</span></a
                >`,
              )}
            </div>`
      }
      <p class="small soft">${cell.calls.length < 2 ? `${shown.scenario}: ` : ''}${writeCount(shown.trace.length, 'message')} in ${writeDuration(shown.durationMs)}</p>
      <cp-call .cell=${cell} .call=${shown}></cp-call>
    </section>`;
  }
}

define('cp-cell', CpCell);

declare global {
  interface HTMLElementTagNameMap {
    'cp-cell': CpCell;
  }
}
