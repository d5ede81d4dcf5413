import { type Run, totalsOf, VERDICTS, writeCount, writeDuration } from '@crosspoint/report';
import { html, LitElement, nothing, svg, type TemplateResult } from 'lit';
import { baseStyle } from './base-style.ts';
import './cp-cell.ts';
import './cp-matrix.ts';
import { define } from './define.ts';
import { renderHits } from './hit-list.ts';
import { reportStyle } from './report-style.ts';
import { parseRoute, type Route, writeRoute } from './route.ts';
import { renderRunFacts } from './run-facts.ts';

/** A whole run as a page: the figures, the matrix, the chosen cell. What is shown is in the address behind `#`. */
export class CpRunReport extends LitElement {
  static override properties = { run: { attribute: false }, route: { state: true } };
  static override styles = [baseStyle, reportStyle];

  declare run: Run | undefined;
  declare private route: Route;
  private readonly follow = (): void => {
    this.route = parseRoute(location.hash);
  };

  constructor() {
    super();
    this.route = parseRoute(location.hash);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener('hashchange', this.follow);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener('hashchange', this.follow);
  }

  protected override render(): TemplateResult | typeof nothing {
    const { run, route } = this;
    if (run === undefined) return nothing;
    const cell = run.cells.find((candidate) => candidate.id === route.cell);
    return html`
      <header>
        <p class="brand">
          <svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true">
            <path d="M2 7h20M2 17h20M7 2v20M17 2v20" />
            <circle cx="17" cy="7" r="4" />
          </svg>
          Crosspoint
        </p>
        <p class="soft small">${run.startedAt.slice(0, 16).replace('T', ' ')} UTC · ${writeDuration(run.durationMs)} · <code>${run.command}</code></p>
      </header>
      <main>
        <h1 class="hidden-text">Run ${run.id}</h1>
        ${run.interrupted === true ? html`<p class="warning">The run was interrupted before its last cell: what is missing here was not judged.</p>` : nothing}
        ${this.renderFigures(run)}
        <cp-matrix .cells=${run.cells} .selected=${route.cell} @cp-select=${this.reveal}></cp-matrix>
        <div class="search">
          <label for="search">Find a check</label>
          <input
            id="search"
            type="search"
            autocomplete="off"
            spellcheck="false"
            placeholder="opus, verdict:failed, caller:firefox"
            .value=${route.q ?? ''}
            @input=${this.search}
          />
        </div>
        ${renderHits(run, route)}
        <div class="chosen" aria-live="off">
          ${
            cell === undefined
              ? route.cell === undefined
                ? nothing
                : html`<p class="warning">This run has no cell <code>${route.cell}</code>.</p>`
              : html`<cp-cell .cell=${cell} .check=${route.check} .call=${route.call}></cp-cell>`
          }
        </div>
      </main>
      <footer>${renderRunFacts(run)}</footer>
    `;
  }

  protected override updated(changed: Map<PropertyKey, unknown>): void {
    const before = changed.get('route') as Route | undefined;
    if (!changed.has('route') || before === undefined) return;
    if (this.route.cell !== before.cell || this.route.check !== before.check) void this.reveal();
  }

  protected override firstUpdated(): void {
    if (this.route.cell !== undefined) void this.reveal();
  }

  private renderFigures(run: Run): TemplateResult {
    const totals = totalsOf(run);
    const all = VERDICTS.reduce((sum, verdict) => sum + totals[verdict], 0);
    return html`<section aria-label="Totals">
      <ul class="figures">
        ${VERDICTS.map(
          (verdict) => html`<li>
            <a href=${writeRoute({ q: `verdict:${verdict}` })} class=${totals[verdict] === 0 ? 'zero' : verdict}>
              <span class="figure">${totals[verdict]}</span>
              <span class="word">${verdict}</span>
            </a>
          </li>`,
        )}
      </ul>
      <svg class="bar" width="100%" height="4" aria-hidden="true">${this.renderBar(totals, all)}</svg>
      <p class="soft small">${writeCount(all, 'check')} in ${writeCount(run.cells.length, 'cell')}</p>
    </section>`;
  }

  private renderBar(totals: ReturnType<typeof totalsOf>, all: number): TemplateResult[] {
    let x = 0;
    return VERDICTS.filter((verdict) => totals[verdict] > 0).map((verdict) => {
      const share = (100 * totals[verdict]) / all;
      const part = svg`<rect class=${verdict} x="${x}%" width="${share}%" height="4" />`;
      x += share;
      return part;
    });
  }

  private search(event: Event): void {
    const q = (event.target as HTMLInputElement).value;
    const route: Route = { ...this.route, q };
    // Typing is one step: Back leaves the search and does not walk through its letters.
    history.replaceState(null, '', writeRoute(route));
    this.route = route;
  }

  private async reveal(): Promise<void> {
    await this.updateComplete;
    const cell = this.renderRoot.querySelector('cp-cell');
    if (cell === null) return;
    await cell.updateComplete;
    const check = this.route.check;
    const target =
      check === undefined
        ? cell.renderRoot.querySelector('h2')
        : cell.renderRoot.querySelector(`[data-check="${CSS.escape(check)}"]`);
    target?.scrollIntoView({ block: check === undefined ? 'start' : 'center' });
    if (target instanceof HTMLHeadingElement) target.focus({ preventScroll: true });
  }
}

define('cp-run-report', CpRunReport);

declare global {
  interface HTMLElementTagNameMap {
    'cp-run-report': CpRunReport;
  }
}
