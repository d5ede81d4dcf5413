import type { DescriptionFinding } from '@crosspoint/report';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { baseStyle } from './base-style.ts';
import './cp-sdp-view.ts';
import { define } from './define.ts';
import { type MessagePart, parseMessageText } from './message-text.ts';

/** One message, laid out for reading or as it was on the wire. */
export class CpMessage extends LitElement {
  static override properties = {
    raw: { type: String },
    findings: { attribute: false },
    asSent: { state: true },
  };
  static override styles = [
    baseStyle,
    css`
      :host {
        display: grid;
        gap: var(--cp-space);
        min-width: 0;
      }
      .choice {
        display: flex;
        gap: 0.35rem;
      }
      pre {
        white-space: pre-wrap;
        font-size: var(--cp-text-small);
        line-height: 1.5;
        tab-size: 2;
      }
      .button {
        min-height: 1.75rem;
      }
    `,
  ];

  declare raw: string;
  /** What lint found in the description the message carries. */
  declare findings: readonly DescriptionFinding[];
  declare private asSent: boolean;

  constructor() {
    super();
    this.raw = '';
    this.findings = [];
    this.asSent = false;
  }

  protected override render(): TemplateResult {
    const show = (asSent: boolean) => (): void => {
      this.asSent = asSent;
    };
    return html`
      <div class="choice" role="group" aria-label="How to show the message">
        <button class="button" type="button" aria-pressed=${!this.asSent} @click=${show(false)}>Decoded</button>
        <button class="button" type="button" aria-pressed=${this.asSent} @click=${show(true)}>As sent</button>
      </div>
      ${this.raw.trim() === '' ? html`<p class="soft">The message is empty.</p>` : nothing}
      ${this.asSent ? html`<pre>${this.raw}</pre>` : parseMessageText(this.raw).map((part) => this.renderPart(part))}
    `;
  }

  private renderPart(part: MessagePart): TemplateResult {
    return part.kind === 'sdp'
      ? html`<cp-sdp-view .text=${part.text} .findings=${this.findings}></cp-sdp-view>`
      : html`<pre>${part.text}</pre>`;
  }
}

define('cp-message', CpMessage);

declare global {
  interface HTMLElementTagNameMap {
    'cp-message': CpMessage;
  }
}
