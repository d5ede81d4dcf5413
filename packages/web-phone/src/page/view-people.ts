import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { type Actions, inCall, type ViewState } from './view-state.ts';

/** Who is there, and how to call them. */
export function peopleList({ phone }: ViewState, actions: Actions): TemplateResult {
  const away = inCall(phone) || phone.signaling !== 'open';
  return html`<h2>People</h2>
    ${phone.users.length === 0 ? html`<p class="hint">Nobody else is here. Open this page in another tab, or on another machine.</p>` : nothing}
    <ul>
      ${repeat(
        phone.users,
        ({ name }) => name,
        ({ name, busy }) => html`<li>
          <span class="who"><span class="name">${name}</span>${busy ? html` <span class="hint">in a call</span>` : nothing}</span>
          <button class="button" type="button" ?disabled=${away} aria-label="Call ${name} with audio" @click=${() => actions.dial(name, false)}>
            Audio
          </button>
          <button class="button" type="button" ?disabled=${away} aria-label="Call ${name} with video" @click=${() => actions.dial(name, true)}>
            Video
          </button>
        </li>`,
      )}
    </ul>`;
}

/** One's own name and how one is connected. */
export function selfLine({ phone, settings }: ViewState, actions: Actions): TemplateResult | typeof nothing {
  if (!phone.registered) return nothing;
  const link =
    phone.signaling === 'open'
      ? settings.transport === 'http'
        ? 'over HTTP'
        : 'over WebSocket'
      : 'reconnecting…';
  return html`<span class="own-name">${phone.name}</span>
    <span class="hint link">${link}</span>
    <button class="button" type="button" @click=${actions.leave}>Leave</button>`;
}
