import { css } from 'lit';

/** What every component's inside starts from: type, focus, buttons. */
export const baseStyle = css`
  :host {
    display: block;
    box-sizing: border-box;
    color: var(--cp-ink);
    font: var(--cp-text) / 1.5 var(--cp-font);
    font-variant-numeric: tabular-nums;
    -webkit-text-size-adjust: 100%;
  }
  :host([hidden]) {
    display: none;
  }
  *,
  *::before,
  *::after {
    box-sizing: inherit;
  }
  h1,
  h2,
  h3,
  h4,
  p,
  ul,
  ol,
  dl,
  dd,
  pre,
  figure {
    margin: 0;
    padding: 0;
  }
  h1,
  h2,
  h3,
  h4 {
    font-weight: 600;
    line-height: 1.3;
  }
  h2 {
    font-size: var(--cp-text-large);
  }
  h3,
  h4 {
    font-size: var(--cp-text);
  }
  ul,
  ol {
    list-style: none;
  }
  a {
    color: var(--cp-accent);
    text-underline-offset: 0.2em;
  }
  code,
  pre,
  .mono {
    font-family: var(--cp-mono);
    font-size: 0.92em;
    overflow-wrap: anywhere;
  }
  .soft {
    color: var(--cp-soft);
  }
  .small {
    font-size: var(--cp-text-small);
  }
  .passed {
    color: var(--cp-passed);
  }
  .failed {
    color: var(--cp-failed);
  }
  .unsupported {
    color: var(--cp-unsupported);
  }
  .broken {
    color: var(--cp-broken);
  }
  button,
  select,
  input {
    font: inherit;
    color: inherit;
  }
  .button {
    min-height: 2rem;
    padding: 0.15rem 0.65rem;
    border: 1px solid var(--cp-line-strong);
    border-radius: var(--cp-radius);
    background: var(--cp-panel);
    font-size: var(--cp-text-small);
    cursor: pointer;
  }
  .button:hover {
    border-color: var(--cp-accent);
  }
  .button[aria-pressed='true'] {
    border-color: var(--cp-accent);
    background: var(--cp-accent-wash);
    color: var(--cp-accent);
  }
  :focus-visible {
    outline: 2px solid var(--cp-accent);
    outline-offset: 1px;
    border-radius: 2px;
  }
  .hidden-text {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
`;
