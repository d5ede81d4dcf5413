import { css } from 'lit';

/** The report page's own arrangement. */
export const reportStyle = css`
  :host {
    min-height: 100vh;
    background: var(--cp-paper);
  }
  header,
  main,
  footer {
    max-width: 78rem;
    margin: 0 auto;
    padding-inline: clamp(1rem, 4vw, 2.5rem);
  }
  header {
    display: flex;
    flex-wrap: wrap;
    justify-content: space-between;
    align-items: baseline;
    gap: 0.25rem 2rem;
    padding-block: 1.1rem;
  }
  .brand {
    display: flex;
    align-items: center;
    gap: 0.5rem;
    font-weight: 600;
  }
  .brand path {
    fill: none;
    stroke: var(--cp-line-strong);
    stroke-width: 2;
  }
  .brand circle {
    fill: var(--cp-accent);
  }
  main {
    display: grid;
    gap: 2.25rem;
    padding-block: 0.75rem 3rem;
  }
  main > * {
    min-width: 0;
  }
  section {
    display: grid;
    gap: 0.6rem;
  }
  .figures {
    display: flex;
    flex-wrap: wrap;
    gap: 0.5rem 2.75rem;
  }
  .figures a {
    display: grid;
    text-decoration: none;
  }
  .figure {
    font-size: var(--cp-text-figure);
    font-weight: 300;
    line-height: 1.15;
    letter-spacing: -0.01em;
  }
  .figures .word {
    color: var(--cp-soft);
    font-size: var(--cp-text-small);
  }
  .figures a:hover .word {
    color: var(--cp-accent);
    text-decoration: underline;
  }
  .zero {
    color: var(--cp-soft);
  }
  .bar {
    display: block;
    border-radius: 2px;
  }
  .bar rect {
    fill: currentcolor;
  }
  .search {
    display: grid;
    gap: 0.3rem;
    max-width: 30rem;
  }
  .search label {
    font-size: var(--cp-text-small);
    color: var(--cp-soft);
  }
  .search input {
    min-height: 2.4rem;
    padding: 0.3rem 0.7rem;
    border: 1px solid var(--cp-line-strong);
    border-radius: var(--cp-radius);
    background: var(--cp-panel);
  }
  .search input::placeholder {
    color: var(--cp-soft);
    opacity: 1;
  }
  .hits li {
    border-top: 1px solid var(--cp-line);
  }
  .hits li:last-child {
    border-bottom: 1px solid var(--cp-line);
  }
  .hits a {
    display: grid;
    grid-template-columns: 1.4rem minmax(0, 11rem) minmax(0, 19rem) minmax(0, 1fr);
    gap: 0 var(--cp-space);
    padding: 0.45rem 0.25rem;
    color: inherit;
    text-decoration: none;
  }
  .hits a:hover .name {
    color: var(--cp-accent);
  }
  .hits a[aria-current='true'] {
    background: var(--cp-accent-wash);
  }
  .hits .mark {
    font-weight: 600;
    text-align: center;
  }
  .chosen:empty {
    display: none;
  }
  cp-cell {
    padding-top: 2rem;
    border-top: 1px solid var(--cp-line-strong);
  }
  .warning {
    padding: 0.5rem 0.75rem;
    border-left: 2px solid var(--cp-broken);
    background: var(--cp-broken-wash);
  }
  footer {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 16rem), 1fr));
    gap: 2rem 2.5rem;
    padding-block: 2rem 4rem;
    border-top: 1px solid var(--cp-line);
    font-size: var(--cp-text-small);
  }
  footer section {
    align-content: start;
  }
  footer h2 {
    font-size: var(--cp-text-small);
  }
  footer dl {
    display: grid;
    gap: 0.25rem;
  }
  footer dl div {
    display: grid;
    grid-template-columns: 5.5rem minmax(0, 1fr);
    gap: 0.75rem;
  }
  footer dt {
    color: var(--cp-soft);
  }
  @media (max-width: 56rem) {
    .hits a {
      grid-template-columns: 1.4rem minmax(0, 1fr);
    }
    .hits .where,
    .hits .why {
      grid-column: 2;
    }
  }
  @media (max-width: 30rem) {
    .figures {
      gap: 0.5rem 1.6rem;
    }
  }
`;
