import { css } from 'lit';

/**
 * What every page is drawn with: type, space and colour as custom properties on the root. One accent for what
 * can be acted on or is alive; the four verdict colours mean verdicts and nothing else. All text colours reach
 * 4.5:1 on paper, panel and their washes (WCAG 2.2, 1.4.3).
 */
export const tokens = css`
  :root {
    color-scheme: light dark;
    --cp-font: system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Liberation Sans', sans-serif;
    --cp-mono: ui-monospace, 'SF Mono', 'Cascadia Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace;
    --cp-text: 0.9375rem;
    --cp-text-small: 0.8125rem;
    --cp-text-tiny: 0.75rem;
    --cp-text-large: 1.125rem;
    --cp-text-figure: 2.125rem;
    --cp-space: 0.5rem;
    --cp-radius: 4px;
    --cp-paper: #fbfbfa;
    --cp-panel: #ffffff;
    --cp-ink: #1b1f24;
    --cp-soft: #545b64;
    --cp-line: #e2e4e7;
    --cp-line-strong: #b9bfc6;
    --cp-accent: #1c5cb8;
    --cp-accent-wash: #eaf1fb;
    --cp-passed: #1d7a3e;
    --cp-passed-wash: #ebf5ee;
    --cp-failed: #b3261e;
    --cp-failed-wash: #fcedeb;
    --cp-unsupported: #545b64;
    --cp-unsupported-wash: #f0f1f3;
    --cp-broken: #835400;
    --cp-broken-wash: #fbf1dc;
  }
  @media (prefers-color-scheme: dark) {
    :root {
      --cp-paper: #14171a;
      --cp-panel: #1a1e22;
      --cp-ink: #e4e7ea;
      --cp-soft: #a2a9b2;
      --cp-line: #2a2f35;
      --cp-line-strong: #4b535c;
      --cp-accent: #86b4ff;
      --cp-accent-wash: #1c2a3f;
      --cp-passed: #74c990;
      --cp-passed-wash: #16281c;
      --cp-failed: #ff8f85;
      --cp-failed-wash: #331d1b;
      --cp-unsupported: #a2a9b2;
      --cp-unsupported-wash: #23272c;
      --cp-broken: #e5b454;
      --cp-broken-wash: #2e2614;
    }
  }
`;

/** Gives a document the tokens, once, however often it is asked. */
export function adoptTokens(root: Document = document): void {
  const sheet = tokens.styleSheet;
  if (sheet === undefined || root.adoptedStyleSheets.includes(sheet)) return;
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
}
