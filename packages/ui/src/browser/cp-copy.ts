import { css, html, LitElement, type TemplateResult } from 'lit';
import { baseStyle } from './base-style.ts';
import { define } from './define.ts';

/** A command on a line of its own, with a button that copies it. */
export class CpCopy extends LitElement {
  static override properties = { text: { type: String }, copied: { state: true } };
  static override styles = [
    baseStyle,
    css`
      .line {
        display: flex;
        align-items: flex-start;
        gap: var(--cp-space);
        padding: 0.25rem 0.25rem 0.25rem 0.6rem;
        border: 1px solid var(--cp-line);
        border-radius: var(--cp-radius);
        background: var(--cp-panel);
      }
      code {
        flex: 1;
        padding: 0.25rem 0;
        font-size: var(--cp-text-small);
        user-select: all;
      }
      .button {
        flex: none;
        min-width: 4.2rem;
      }
    `,
  ];

  declare text: string;
  declare private copied: boolean;

  constructor() {
    super();
    this.text = '';
    this.copied = false;
  }

  protected override render(): TemplateResult {
    return html`<div class="line">
      <code>${this.text}</code>
      <button class="button" type="button" @click=${this.copy}>${this.copied ? 'Copied' : 'Copy'}</button>
      <span class="hidden-text" role="status">${this.copied ? 'Copied' : ''}</span>
    </div>`;
  }

  private async copy(): Promise<void> {
    this.copied = await toClipboard(this.text, this.renderRoot.querySelector('code')!);
    setTimeout(() => {
      this.copied = false;
    }, 1500);
  }
}

// A page opened from a file may not be given the clipboard: then the text is at least selected.
async function toClipboard(text: string, shown: Element): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    getSelection()?.selectAllChildren(shown);
    return false;
  }
}

define('cp-copy', CpCopy);

declare global {
  interface HTMLElementTagNameMap {
    'cp-copy': CpCopy;
  }
}
