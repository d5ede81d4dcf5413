import { html, type TemplateResult } from 'lit';
import type { Actions, ViewState } from './view-state.ts';

/** What was written over the data channel, and where to write. */
export function chatPanel({ phone }: ViewState, actions: Actions): TemplateResult {
  const open = phone.phase === 'connected';
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const field = form.elements.namedItem('text') as HTMLInputElement;
    actions.say(field.value.trim());
    field.value = '';
  };
  return html`<h2>Chat</h2>
    <div class="lines" role="log" aria-label="Messages of the chat" tabindex="0"><ol>
      ${phone.chat.map(({ mine, text }) => html`<li class=${mine ? 'mine' : ''}><span class="name">${mine ? 'you' : phone.party}</span> ${text}</li>`)}
    </ol></div>
    <form class="say" aria-label="Chat" @submit=${submit}>
      <input name="text" aria-label="Message" placeholder="Message" maxlength="4000" autocomplete="off" ?disabled=${!open} />
      <button class="button" type="submit" ?disabled=${!open}>Send</button>
    </form>`;
}
