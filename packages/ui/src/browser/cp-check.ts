import {
  type CheckResult,
  type Diagnosis,
  VERDICT_MARKS,
  writeCount,
  writeDuration,
} from '@crosspoint/report';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { baseStyle } from './base-style.ts';
import { define } from './define.ts';

/** One check: its verdict and reason in a line, and what it rests on when opened. */
export class CpCheck extends LitElement {
  static override properties = { result: { attribute: false }, open: { type: Boolean } };
  static override styles = [
    baseStyle,
    css`
      .line {
        display: grid;
        grid-template-columns: 1.4rem minmax(0, 11rem) minmax(0, 1fr);
        gap: 0 var(--cp-space);
        align-items: baseline;
        padding: 0.4rem 0.25rem;
        list-style: none;
        cursor: pointer;
      }
      summary.line::-webkit-details-marker {
        display: none;
      }
      .line:hover .name {
        color: var(--cp-accent);
      }
      .mark {
        font-weight: 600;
        text-align: center;
      }
      .name {
        overflow-wrap: anywhere;
      }
      .detail {
        display: grid;
        gap: 0.9rem;
        padding: 0.25rem 0.25rem 1.1rem calc(1.4rem + var(--cp-space) + 0.25rem);
      }
      .cause {
        padding: 0.5rem 0.75rem;
        border-left: 2px solid var(--cp-failed);
        background: var(--cp-failed-wash);
      }
      .further summary {
        cursor: pointer;
      }
      .further .cause {
        border-left-color: var(--cp-line-strong);
        background: none;
      }
      .seen {
        margin-top: 0.3rem;
        padding-left: 1rem;
        list-style: disc;
      }
      .measured {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(12rem, 1fr));
        gap: 0.2rem 2rem;
      }
      .measured div {
        display: flex;
        justify-content: space-between;
        gap: 1rem;
        border-bottom: 1px solid var(--cp-line);
      }
      dt {
        color: var(--cp-soft);
      }
      dd {
        text-align: right;
        overflow-wrap: anywhere;
      }
      @media (max-width: 40rem) {
        .line {
          grid-template-columns: 1.4rem minmax(0, 1fr);
        }
        .reason {
          grid-column: 2;
        }
        .detail {
          padding-left: 0.75rem;
        }
      }
    `,
  ];

  declare result: CheckResult | undefined;
  declare open: boolean;

  constructor() {
    super();
    this.open = false;
  }

  protected override render(): TemplateResult | typeof nothing {
    if (this.result === undefined) return nothing;
    const { check, title, verdict, reason } = this.result;
    const toggled = (event: Event): void => {
      this.open = (event.target as HTMLDetailsElement).open;
    };
    return html`<details .open=${this.open} @toggle=${toggled}>
      <summary class="line">
        <span class="mark ${verdict}"><span aria-hidden="true">${VERDICT_MARKS[verdict]}</span><span class="hidden-text">${verdict}:</span></span>
        <span class="name mono">${check}</span>
        <span class="reason ${verdict === 'passed' ? 'soft' : ''}">${verdict === 'passed' ? title : reason}</span>
      </summary>
      ${this.open ? this.renderDetail(this.result) : nothing}
    </details>`;
  }

  private renderDetail({
    title,
    verdict,
    reason,
    proof,
    clause,
    diagnosis,
    measured,
    durationMs,
  }: CheckResult): TemplateResult {
    const [first, ...further] = diagnosis ?? [];
    return html`<div class="detail">
      <p>${verdict === 'passed' ? reason : title} <span class="soft small">${[clause, writeDuration(durationMs)].filter(Boolean).join(' · ')}</span></p>
      ${proof === undefined ? nothing : html`<p><span class="soft">Proof:</span> ${proof}</p>`}
      ${first === undefined ? nothing : renderCause(first)}
      ${
        further.length === 0
          ? nothing
          : html`<details class="further"><summary class="soft small">${writeCount(further.length, 'less likely cause')}</summary>${further.map(renderCause)}</details>`
      }
      ${renderMeasured(measured)}
    </div>`;
  }
}

function renderCause({ cause, words, clause, hop, seen }: Diagnosis): TemplateResult {
  return html`<div class="cause">
    <p><strong class="mono">${cause}</strong>${hop === undefined ? nothing : html` <span class="soft">at</span> ${hop}`}</p>
    <p>${words}${clause === '' ? nothing : html` <span class="soft">(${clause})</span>`}</p>
    ${seen.length === 0 ? nothing : html`<ul class="seen small">${seen.map((evidence) => html`<li>${evidence}</li>`)}</ul>`}
  </div>`;
}

function renderMeasured(measured: CheckResult['measured']): TemplateResult | typeof nothing {
  const entries = Object.entries(measured);
  if (entries.length === 0) return nothing;
  const words = (value: number | string | boolean): string =>
    typeof value === 'boolean'
      ? value
        ? 'yes'
        : 'no'
      : typeof value === 'number'
        ? String(Number(value.toFixed(3)))
        : value;
  return html`<dl class="measured small">
    ${entries.map(([name, value]) => html`<div><dt>${name}</dt><dd>${words(value)}</dd></div>`)}
  </dl>`;
}

define('cp-check', CpCheck);

declare global {
  interface HTMLElementTagNameMap {
    'cp-check': CpCheck;
  }
}
