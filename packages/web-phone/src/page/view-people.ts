import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { servedTopology } from './served-topology.ts';
import { type Actions, inCall, type ViewState } from './view-state.ts';

/** Who is there, and how to call them. */
export function peopleList({ phone, signaling }: ViewState, actions: Actions): TemplateResult {
  const away = inCall(phone) || phone.signaling !== 'open';
  return html`<h2>People</h2>
    ${phone.users.length === 0 ? html`<p class="hint">${nobody(signaling.lacks.presence)}</p>` : nothing}
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
    </ul>
    ${servedTopology.id === 'triangle' ? nothing : dialForm(away, actions)}`;
}

function nobody(blind: string | undefined): string {
  return blind === undefined
    ? 'Nobody else is on this server. Open this page in another tab, or on another machine.'
    : `Who else is there is not known: ${blind}. Call them by their name.`;
}

/** Somebody who is not on this server. */
function dialForm(away: boolean, actions: Actions): TemplateResult {
  const dial = (event: Event, video: boolean): void => {
    event.preventDefault();
    const form = (event.currentTarget as HTMLElement).closest('form')!;
    const to = String(new FormData(form).get('to') ?? '').trim();
    if (to !== '') actions.dial(to, video);
  };
  return html`<form class="dial" aria-label="Call an address" @submit=${(event: Event) => dial(event, false)}>
    <label for="to">Somebody elsewhere</label>
    <input id="to" name="to" maxlength="256" autocomplete="off" autocapitalize="none" spellcheck="false" placeholder=${DIAL_HINT[servedTopology.id] ?? ''} />
    <button class="button" type="submit" ?disabled=${away}>Audio</button>
    ${VIDEO_TO.has(servedTopology.id) ? html`<button class="button" type="button" ?disabled=${away} @click=${(event: Event) => dial(event, true)}>Video</button>` : nothing}
  </form>`;
}

/** Where somebody elsewhere can be shown a picture. */
const VIDEO_TO = new Set(['trapezoid', 'sip-ws', 'jingle-ws']);

const DIAL_HINT: Readonly<Record<string, string>> = {
  trapezoid: 'name@b.localhost',
  sip: 'phone',
  'sip-ws': 'phone',
  'jingle-ws': 'name@b.localhost/resource',
};

/** One's own name and how one is connected. */
export function selfLine(
  { phone, settings, signaling }: ViewState,
  actions: Actions,
): TemplateResult | typeof nothing {
  if (!phone.registered) return nothing;
  const link = phone.signaling === 'open' ? signaling.link(settings.transport) : 'reconnecting…';
  return html`<span class="own-name">${phone.name}</span>
    <span class="hint link">${link}</span>
    <button class="button" type="button" @click=${actions.leave}>Leave</button>`;
}
