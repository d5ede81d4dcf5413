import { css } from 'lit';

/** Rows of one height, so that a thousand of them can be laid out without being drawn. */
export const ladderStyle = css`
  :host {
    --time: 3.4rem;
    --row: 2.4rem;
    min-width: 0;
  }
  .filter {
    display: flex;
    align-items: center;
    gap: var(--cp-space);
    padding-bottom: var(--cp-space);
  }
  .head,
  .row,
  .lifelines {
    display: grid;
    grid-template-columns: var(--time) minmax(0, 1fr);
  }
  .head {
    position: sticky;
    top: 0;
    z-index: 2;
    padding: 0.3rem 0;
    border-bottom: 1px solid var(--cp-line-strong);
    background: var(--cp-paper);
  }
  .head .lanes {
    display: grid;
    grid-auto-columns: minmax(0, 1fr);
    grid-auto-flow: column;
  }
  .name {
    padding: 0 2px;
    font-size: var(--cp-text-small);
    font-weight: 600;
    line-height: 1.25;
    text-align: center;
    overflow-wrap: break-word;
  }
  .time {
    align-self: center;
    padding-right: 0.5rem;
    color: var(--cp-soft);
    font-size: var(--cp-text-tiny);
    text-align: right;
  }
  .none {
    padding: 1rem 0 1rem var(--time);
    text-align: center;
  }
  .lifelines {
    position: absolute;
    z-index: 0;
    inset: 0;
    pointer-events: none;
  }
  .lifelines .lanes {
    display: grid;
    grid-auto-columns: minmax(0, 1fr);
    grid-auto-flow: column;
    justify-items: center;
  }
  .lifelines i {
    width: 1px;
    background: var(--cp-line);
  }
  .body,
  .rows {
    position: relative;
    z-index: 1;
  }
  li {
    content-visibility: auto;
    contain-intrinsic-block-size: auto 2.4rem;
  }
  .row {
    position: relative;
    width: 100%;
    height: var(--row);
    padding: 0;
    border: 0;
    background: none;
    text-align: left;
    cursor: pointer;
  }
  .row:focus-visible {
    outline-offset: -2px;
  }
  .row .lanes {
    position: relative;
    --lane: calc(100% / var(--lanes));
    --start: calc((var(--from) + 0.5) * var(--lane));
    --length: calc(var(--span) * var(--lane));
  }
  .label {
    position: absolute;
    top: 0.25rem;
    left: var(--start);
    width: var(--length);
    padding: 0 0.35rem;
    overflow: hidden;
    font-size: var(--cp-text-small);
    line-height: 1.3;
    text-align: center;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .stay .label {
    width: auto;
    max-width: var(--lane);
    padding-left: 0.6rem;
  }
  .arrow {
    position: absolute;
    top: 1.6rem;
    left: calc(var(--start) + 3px);
    width: calc(var(--length) - 6px);
    height: 1.5px;
    background: var(--cp-soft);
  }
  .stay .arrow {
    display: none;
  }
  .arrow::after {
    content: '';
    position: absolute;
    top: -3.25px;
    width: 8px;
    height: 8px;
    background: inherit;
  }
  .right .arrow::after {
    right: -1px;
    clip-path: polygon(0 0, 100% 50%, 0 100%);
  }
  .left .arrow::after {
    left: -1px;
    clip-path: polygon(100% 0, 0 50%, 100% 100%);
  }
  .seen {
    position: absolute;
    top: calc(1.6rem - 2.25px);
    left: calc((var(--seen) + 0.5) * var(--lane) - 3px);
    width: 6px;
    height: 6px;
    border-radius: 50%;
    background: var(--cp-soft);
  }
  .note {
    color: var(--cp-broken);
  }
  .row:hover .label,
  .open .label {
    color: var(--cp-accent);
  }
  .row:hover :is(.arrow, .seen),
  .open :is(.arrow, .seen) {
    background: var(--cp-accent);
  }
  .message {
    display: grid;
    gap: var(--cp-space);
    margin: 0 0 var(--cp-space);
    padding: 0.75rem;
    border: 1px solid var(--cp-line);
    border-left: 2px solid var(--cp-accent);
    border-radius: var(--cp-radius);
    background: var(--cp-paper);
  }
  .scroll {
    max-height: 30rem;
    overflow: auto;
  }
  @media (max-width: 30rem) {
    :host {
      --time: 2.7rem;
    }
    .time {
      padding-right: 0.3rem;
      font-size: 0.6875rem;
    }
    .name,
    .label {
      font-size: var(--cp-text-tiny);
    }
  }
`;
