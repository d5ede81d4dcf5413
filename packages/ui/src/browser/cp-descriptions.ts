import type { CallRecord, DescriptionRecord } from '@crosspoint/report';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { baseStyle } from './base-style.ts';
import './cp-sdp-view.ts';
import { define } from './define.ts';

/** A call's session descriptions hop by hop: what each hop changed in words, and the text of the chosen one. */
export class CpDescriptions extends LitElement {
  static override properties = {
    call: { attribute: false },
    chosen: { state: true },
    earlier: { state: true },
  };
  static override styles = [
    baseStyle,
    css`
      :host {
        display: grid;
        gap: 0.9rem;
      }
      ol {
        display: grid;
        gap: 0.5rem;
      }
      li {
        display: flex;
        flex-wrap: wrap;
        align-items: baseline;
        gap: 0.25rem 0.75rem;
      }
      .changes {
        flex-basis: 100%;
        padding-left: 0.9rem;
        border-left: 2px solid var(--cp-line);
      }
      .changes li {
        display: list-item;
        margin-left: 1rem;
        list-style: disc;
      }
    `,
  ];

  declare call: CallRecord | undefined;
  declare private chosen: string | undefined;
  /** The name of the description the chosen one is compared with. */
  declare private earlier: string | undefined;

  protected override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (!changed.has('call')) return;
    this.chosen = undefined;
    this.earlier = undefined;
  }

  protected override render(): TemplateResult | typeof nothing {
    if (this.call === undefined) return nothing;
    const { descriptions } = this.call;
    const shown = descriptions.find(({ name }) => name === this.chosen);
    const before = descriptions.find(({ name }) => name === this.earlier);
    return html`
      <h3>Session descriptions, hop by hop</h3>
      <ol>
        ${descriptions.map((description) => this.renderItem(description))}
      </ol>
      ${
        shown === undefined
          ? nothing
          : html`<p class="small soft">${before === undefined ? shown.name : `${before.name} → ${shown.name}`}</p>
              <cp-sdp-view .text=${shown.text} .findings=${shown.findings} .compare=${before?.text}></cp-sdp-view>`
      }
    `;
  }

  private renderItem({ name, node, direction, role, findings }: DescriptionRecord): TemplateResult {
    const changes = this.call?.changes.filter((change) => change.to === name) ?? [];
    const only = this.chosen === name && this.earlier === undefined;
    return html`<li>
      <button class="button mono" type="button" aria-pressed=${only} @click=${() => this.choose(name)}>${name}</button>
      <span class="small soft">${role} ${direction === 'in' ? 'into' : 'out of'} ${node}</span>
      ${findings.length === 0 ? nothing : html`<span class="small ${findings.some(({ severity }) => severity === 'error') ? 'failed' : 'broken'}">${findings.length} found</span>`}
      ${changes.map(
        ({ from, words }) => html`
          <button class="button" type="button" aria-pressed=${this.chosen === name && this.earlier === from} @click=${() => this.choose(name, from)}>
            compare with ${from}
          </button>
          ${words.length === 0 ? html`<span class="small soft">unchanged</span>` : html`<ul class="changes small">${words.map((word) => html`<li>${word}</li>`)}</ul>`}
        `,
      )}
    </li>`;
  }

  private choose(name: string, earlier?: string): void {
    const again = this.chosen === name && this.earlier === earlier;
    this.chosen = again ? undefined : name;
    this.earlier = again ? undefined : earlier;
  }
}

define('cp-descriptions', CpDescriptions);

declare global {
  interface HTMLElementTagNameMap {
    'cp-descriptions': CpDescriptions;
  }
}
