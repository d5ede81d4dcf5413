import type { DescriptionFinding, DescriptionRecord, TraceLine } from '@crosspoint/report';
import type { Topology } from '@crosspoint/topology';
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { guard } from 'lit/directives/guard.js';
import { repeat } from 'lit/directives/repeat.js';
import { baseStyle } from './base-style.ts';
import './cp-message.ts';
import { define } from './define.ts';
import { ladderStyle } from './ladder-style.ts';
import { arrowOf, type Lane, lanesOf } from './lanes.ts';
import { descriptionIn } from './message-text.ts';

/**
 * A sequence diagram of a trace: a column per node, a row per message. A row opens by click or Enter and shows
 * the message decoded and as it was sent; arrow keys, Home and End move between rows. Opening and closing tell
 * `cp-open` with `{ entry, index, open }`.
 */
export class CpLadder extends LitElement {
  static override properties = {
    topology: { attribute: false },
    entries: { attribute: false },
    descriptions: { attribute: false },
    call: { type: String },
    opened: { state: true },
    current: { state: true },
    length: { state: true },
  };
  static override styles = [baseStyle, ladderStyle];

  declare topology: Topology | undefined;
  /** The messages in their order. Set it to replace them all; `append` adds one. */
  declare entries: readonly TraceLine[];
  /** Descriptions with findings, to show these in the messages that carry them. */
  declare descriptions: readonly DescriptionRecord[];
  /** Only the messages of this call; all of them where undefined or empty. */
  declare call: string | undefined;
  /** By message and not by row: a page that drops old messages keeps what is open open. */
  declare private opened: ReadonlySet<TraceLine>;
  declare private current: number;
  declare private length: number;
  private lanes: readonly Lane[] = [];
  private laneKey = '';
  private atEnd = false;
  /** The array `append` may write into: what a page sets stays the page's. */
  private own: TraceLine[] = [];

  constructor() {
    super();
    this.entries = [];
    this.descriptions = [];
    this.opened = new Set();
    this.current = 0;
    this.length = 0;
  }

  /** Adds messages that were just seen. A ladder scrolled to its end stays there. Nodes go where they always do. */
  override append(...items: (TraceLine | Node | string)[]): void {
    for (const item of items) {
      if (typeof item === 'string' || item instanceof Node) super.append(item);
      else this.owned().push(item);
    }
    this.length = this.entries.length;
  }

  /** Opens the row of that index in `entries`, brings it into view and gives it the focus. */
  async open(index: number): Promise<void> {
    if (this.entries[index] === undefined) return;
    if (!this.opened.has(this.entries[index]!)) this.toggle(index);
    await this.updateComplete;
    this.focusRow(index);
  }

  /** Opens the latest message between two nodes, whichever way it ran. */
  async openLast(a: string, b: string): Promise<void> {
    await this.open(
      this.entries.findLastIndex(
        ({ node, peer }) => (node === a && peer === b) || (node === b && peer === a),
      ),
    );
  }

  protected override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('entries')) this.owned();
    this.lanes = lanesOf(this.topology, this.entries);
    this.laneKey = JSON.stringify(this.lanes);
    this.atEnd = this.scrollHeight - this.scrollTop - this.clientHeight < 8;
  }

  protected override updated(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('length') && this.atEnd) this.scrollTop = this.scrollHeight;
  }

  protected override render(): TemplateResult {
    const calls = [...new Set(this.entries.map((entry) => entry.call).filter((call) => call !== undefined))];
    const rows = this.rows();
    const start = this.entries[rows[0] ?? 0]?.at ?? 0;
    return html`
      ${calls.length > 1 ? this.renderFilter(calls) : nothing}
      <div class="head" aria-hidden="true" .style=${`--lanes: ${this.lanes.length}`}>
        <span class="time">s</span>
        <span class="lanes">${this.lanes.map((lane) => html`<span class="name">${lane.label}</span>`)}</span>
      </div>
      ${rows.length === 0 ? html`<p class="none soft">No messages yet.</p>` : nothing}
      <div class="body">
      <div class="lifelines" aria-hidden="true" .style=${`--lanes: ${this.lanes.length}`}>
        <span></span><span class="lanes">${this.lanes.map(() => html`<i></i>`)}</span>
      </div>
      <ol class="rows" aria-label="Messages" .style=${`--lanes: ${this.lanes.length}`} @keydown=${this.move}>
        ${repeat(
          rows,
          (index) => index,
          (index) =>
            guard(
              [
                this.entries[index],
                this.opened.has(this.entries[index]!),
                index === this.current,
                start,
                this.laneKey,
                this.descriptions,
              ],
              () => this.renderRow(index, start),
            ),
        )}
      </ol>
      </div>
    `;
  }

  private renderFilter(calls: readonly string[]): TemplateResult {
    const choose = (event: Event): void => {
      this.call = (event.target as HTMLSelectElement).value;
    };
    return html`<label class="filter small">
      Call
      <select class="button" @change=${choose}>
        <option value="">all</option>
        ${calls.map((call) => html`<option value=${call} ?selected=${call === this.call}>${call}</option>`)}
      </select>
    </label>`;
  }

  private renderRow(index: number, start: number): TemplateResult {
    const entry = this.entries[index]!;
    const { from, to, seenAt } = arrowOf(this.lanes, entry);
    const open = this.opened.has(this.entries[index]!);
    const label = (lane: number): string => this.lanes[lane]?.label ?? '';
    const place = `--from: ${Math.min(from, to)}; --span: ${Math.abs(to - from)}; --seen: ${seenAt}`;
    const way = from === to ? 'stay' : from < to ? 'right' : 'left';
    return html`<li class=${open ? 'open' : ''}>
      <button
        type="button"
        class="row"
        data-index=${index}
        tabindex=${index === this.current ? 0 : -1}
        aria-expanded=${open}
        @click=${() => this.toggle(index)}
        @focus=${() => {
          this.current = index;
        }}
      >
        <span class="time">${seconds(entry.at - start)}</span>
        <span class="hidden-text"> s, ${label(from)} to ${label(to)}, ${entry.protocol}: </span>
        <span class="lanes ${way}" .style=${place}>
          <span class="arrow"></span><span class="seen"></span>
          <span class="label">${entry.summary}${entry.note === undefined ? nothing : html`<span class="note" aria-hidden="true"> ◆</span><span class="hidden-text">, ${entry.note}</span>`}</span>
        </span>
      </button>
      ${open ? this.renderMessage(entry) : nothing}
    </li>`;
  }

  private renderMessage(entry: TraceLine): TemplateResult {
    const who =
      entry.direction === 'in'
        ? `${entry.node} received from ${entry.peer}`
        : `${entry.node} sent to ${entry.peer}`;
    return html`<div class="message">
      <p class="small soft">${who} · ${entry.protocol} · ${clock(entry.at)}</p>
      ${entry.note === undefined ? nothing : html`<p class="small"><span class="note">◆</span> ${entry.note}</p>`}
      <div class="scroll" role="region" tabindex="0" aria-label="The message ${entry.summary}">
        <cp-message .raw=${entry.raw} .findings=${this.findingsIn(entry.raw)}></cp-message>
      </div>
    </div>`;
  }

  private findingsIn(raw: string): readonly DescriptionFinding[] {
    if (this.descriptions.length === 0) return [];
    const text = descriptionIn(raw);
    return this.descriptions.find((description) => description.text === text)?.findings ?? [];
  }

  private owned(): TraceLine[] {
    if (this.entries !== this.own) {
      const current = this.own[this.current];
      this.own = [...this.entries];
      this.entries = this.own;
      this.length = this.own.length;
      this.current = current === undefined ? 0 : Math.max(0, this.own.indexOf(current));
    }
    return this.own;
  }

  private rows(): number[] {
    const rows: number[] = [];
    this.entries.forEach((entry, index) => {
      if (!this.call || entry.call === this.call) rows.push(index);
    });
    return rows;
  }

  private toggle(index: number): void {
    const entry = this.entries[index]!;
    const opened = new Set(this.opened);
    const open = !opened.delete(entry);
    if (open) opened.add(entry);
    this.opened = opened;
    this.current = index;
    const detail = { entry, index, open };
    this.dispatchEvent(new CustomEvent('cp-open', { bubbles: true, composed: true, detail }));
  }

  private move(event: KeyboardEvent): void {
    if (!(event.target instanceof HTMLElement) || !event.target.classList.contains('row')) return;
    const rows = this.rows();
    const at = rows.indexOf(this.current);
    const targets: Record<string, number> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      Home: 0,
      End: rows.length - 1,
    };
    const next = rows[targets[event.key] ?? -1];
    if (next === undefined) return;
    event.preventDefault();
    this.focusRow(next);
  }

  private focusRow(index: number): void {
    const row = this.renderRoot.querySelector<HTMLElement>(`[data-index="${index}"]`);
    row?.focus();
    row?.scrollIntoView({ block: 'nearest' });
  }
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(3);
}

function clock(at: number): string {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? '' : date.toISOString().slice(11, 23);
}

define('cp-ladder', CpLadder);

declare global {
  interface HTMLElementEventMap {
    'cp-open': CustomEvent<{ readonly entry: TraceLine; readonly index: number; readonly open: boolean }>;
  }
  interface HTMLElementTagNameMap {
    'cp-ladder': CpLadder;
  }
}
