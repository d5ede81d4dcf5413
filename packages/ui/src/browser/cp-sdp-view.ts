import type { DescriptionFinding } from '@crosspoint/report';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { baseStyle } from './base-style.ts';
import { define } from './define.ts';
import { type DiffRow, diffLines, linesOf } from './line-diff.ts';

/**
 * A session description, line by line, each finding under the line it is about. With `compare`, the two
 * descriptions side by side (one under the other where there is no room), `compare` being the earlier.
 */
export class CpSdpView extends LitElement {
  static override properties = {
    text: { type: String },
    findings: { attribute: false },
    compare: { attribute: false },
  };
  static override styles = [
    baseStyle,
    css`
      :host {
        min-width: 0;
        container-type: inline-size;
        font: var(--cp-text-small) / 1.45 var(--cp-mono);
      }
      .frame {
        border: 1px solid var(--cp-line);
        border-radius: var(--cp-radius);
        background: var(--cp-panel);
        padding: 0.35rem 0;
      }
      .line {
        display: grid;
        grid-template-columns: 2.6rem minmax(0, 1fr);
        padding-right: 0.6rem;
      }
      .number {
        color: var(--cp-soft);
        text-align: right;
        padding-right: 0.75rem;
        user-select: none;
      }
      .text {
        white-space: pre-wrap;
        overflow-wrap: anywhere;
      }
      .type {
        color: var(--cp-soft);
      }
      .section {
        margin-top: 0.35rem;
        padding-top: 0.35rem;
        border-top: 1px solid var(--cp-line);
        font-weight: 600;
      }
      .finding {
        display: block;
        margin: 0.1rem 0.6rem 0.35rem 2.6rem;
        padding: 0.3rem 0.6rem;
        border-left: 2px solid currentcolor;
        font: var(--cp-text-small) / 1.45 var(--cp-font);
      }
      .finding .words {
        color: var(--cp-ink);
      }
      .error {
        color: var(--cp-failed);
        background: var(--cp-failed-wash);
      }
      .warning {
        color: var(--cp-broken);
        background: var(--cp-broken-wash);
      }
      .pair {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
      }
      .side.empty {
        display: none;
      }
      .same .side + .side {
        display: none;
      }
      .side.line {
        grid-template-columns: 2.6rem 1.5ch minmax(0, 1fr);
      }
      .mark {
        user-select: none;
      }
      .gone {
        background: var(--cp-failed-wash);
      }
      .come {
        background: var(--cp-passed-wash);
      }
      .skip {
        margin: 0.25rem 0;
        padding: 0.1rem 0.6rem 0.1rem 2.6rem;
        color: var(--cp-soft);
        background: var(--cp-paper);
        font-family: var(--cp-font);
      }
      @container (min-width: 46rem) {
        .pair {
          grid-template-columns: minmax(0, 1fr) minmax(0, 1fr);
        }
        .side.empty,
        .same .side + .side {
          display: grid;
        }
        .side + .side {
          border-left: 1px solid var(--cp-line);
        }
      }
    `,
  ];

  declare text: string;
  declare findings: readonly DescriptionFinding[];
  /** The earlier description to lay beside this one. */
  declare compare: string | undefined;

  constructor() {
    super();
    this.text = '';
    this.findings = [];
  }

  protected override render(): TemplateResult {
    if (this.compare !== undefined) return this.renderDifference(this.compare);
    const lines = linesOf(this.text);
    const lost = this.findings.filter((finding) => finding.line > lines.length);
    return html`<div class="frame">
      ${lines.map((line, index) => html`${renderLine(index + 1, line)}${this.findingsAt(index + 1)}`)}
      ${lost.map(renderFinding)}
    </div>`;
  }

  private findingsAt(line: number): TemplateResult[] {
    return this.findings.filter((finding) => finding.line === line).map(renderFinding);
  }

  private renderDifference(earlier: string): TemplateResult {
    const rows = diffLines(earlier, this.text);
    if (rows.every((row) => row.kind === 'same')) {
      return html`<div class="frame"><p class="skip">The two are the same, line by line.</p></div>`;
    }
    return html`<div class="frame">
      ${foldSame(rows).map((item) => (typeof item === 'number' ? html`<p class="skip">${item} lines the same</p>` : renderPair(item)))}
    </div>`;
  }
}

/** Lines around a change that are shown with it. */
const AROUND = 2;

/** Long stretches without a change become the number of their lines. */
function foldSame(rows: readonly DiffRow[]): (DiffRow | number)[] {
  const near = rows.map((_, index) =>
    rows.slice(Math.max(0, index - AROUND), index + AROUND + 1).some((row) => row.kind !== 'same'),
  );
  const items: (DiffRow | number)[] = [];
  rows.forEach((row, index) => {
    const last = items.at(-1);
    // The section a change is in stays visible: without its m= line an attribute cannot be placed.
    if (near[index] === true || row.right?.text.startsWith('m=') === true) items.push(row);
    else if (typeof last === 'number') items[items.length - 1] = last + 1;
    else items.push(1);
  });
  return items;
}

function renderPair({ kind, left, right }: DiffRow): TemplateResult {
  const side = (line: DiffRow['left'], other: string, mark: string): TemplateResult =>
    line === undefined
      ? html`<div class="side empty"></div>`
      : html`<div class="side line ${kind === 'same' ? '' : other}">
          <span class="number">${line.number}</span>
          <span class="mark">${kind === 'same' ? '' : mark}</span>
          <span class="text">${line.text}</span>
        </div>`;
  return html`<div class="pair ${kind}">${side(left, 'gone', '−')}${side(right, 'come', '+')}</div>`;
}

function renderLine(number: number, line: string): TemplateResult {
  const typed = /^[a-z]=/.test(line);
  return html`<div class="line ${line.startsWith('m=') ? 'section' : ''}">
    <span class="number">${number}</span>
    <span class="text">${typed ? html`<span class="type">${line.slice(0, 2)}</span>${line.slice(2)}` : line}</span>
  </div>`;
}

function renderFinding({ severity, message, clause, code, column }: DescriptionFinding): TemplateResult {
  return html`<p class="finding ${severity}">
    <strong>${severity === 'error' ? '✗ error' : '! warning'}</strong>
    <span class="words">${message}${column > 1 ? html` (column ${column})` : nothing}</span>
    <span class="soft">${clause} · ${code}</span>
  </p>`;
}

define('cp-sdp-view', CpSdpView);

declare global {
  interface HTMLElementTagNameMap {
    'cp-sdp-view': CpSdpView;
  }
}
