import { html, nothing, type TemplateResult } from 'lit';
import { describeCall } from './call-words.ts';
import { describeFigures } from './figures-words.ts';
import { servedTopology } from './served-topology.ts';
import { type IconName, icon } from './view-icons.ts';
import { type Actions, inCall, type ViewState } from './view-state.ts';

/** What the call is doing, in words. */
export function statusWords({ phone, failure, signaling }: ViewState): TemplateResult {
  const { main, detail } = describeCall(phone, signaling.lacks.presence === undefined);
  const trouble = phone.trouble !== '' ? phone.trouble : failure;
  return html`<div role="status" class="status">
      <p id="status" class="doing" tabindex="-1">${main}</p>
      ${detail === '' ? nothing : html`<p class="detail">${detail}</p>`}
    </div>
    ${trouble === '' ? nothing : html`<p class="trouble" role="alert">${trouble}</p>`}`;
}

/** The ringing call with its three answers; nothing while none rings. */
export function incomingDialog(
  { phone, pending }: ViewState,
  actions: Actions,
): TemplateResult | typeof nothing {
  if (phone.phase !== 'incoming') return nothing;
  return html`<div class="incoming" role="alertdialog" aria-labelledby="ringing-who" aria-describedby="ringing-what" tabindex="-1">
    <p id="ringing-who" class="doing">${phone.party} is calling</p>
    <p id="ringing-what" class="detail">${phone.pictured || phone.remote.some(({ kind }) => kind === 'video') ? 'With picture and sound.' : 'With sound only.'}</p>
    <div class="answers">
      <button class="button strong" type="button" ?disabled=${pending} @click=${() => actions.accept(false)}>${icon('answer')}Accept</button>
      <button class="button strong" type="button" ?disabled=${pending} @click=${() => actions.accept(true)}>${icon('camera')}Accept with video</button>
      <button class="button" type="button" @click=${actions.hangUp}>${icon('hang-up')}Decline</button>
    </div>
  </div>`;
}

/** The buttons of a call; before it is answered, only the one that ends it. */
export function controls(state: ViewState, actions: Actions): TemplateResult | typeof nothing {
  const { phone, pending } = state;
  if (!inCall(phone) || phone.phase === 'incoming') return nothing;
  if (phone.phase !== 'connected') {
    return html`<div class="controls" role="group" aria-label="Call">
      <button class="button ending" type="button" @click=${actions.hangUp}>${icon('hang-up')}Cancel</button>
    </div>`;
  }
  const chat = state.unread > 0 ? `Chat, ${state.unread} unread` : 'Chat';
  const noChat = state.signaling.lacks.data;
  return html`<div class="controls" role="group" aria-label="Call">
    ${toggle('Mute', 'mute', phone.muted, actions.mute)}
    ${toggle('Hold', 'hold', phone.holding, actions.hold)}
    ${toggle('Camera', 'camera', phone.camera, actions.camera, pending || phone.sharing)}
    ${toggle('Share screen', 'screen', phone.sharing, actions.share, pending || !canShare())}
    <button class="button" type="button" aria-label=${chat} aria-expanded=${state.chatOpen} aria-controls="chat" ?disabled=${noChat !== undefined} aria-describedby=${noChat === undefined ? nothing : 'no-chat'} @click=${() => actions.openChat(!state.chatOpen)}>
      ${icon('chat')}Chat${state.unread > 0 ? html`<span class="unread">${state.unread}</span>` : nothing}
    </button>
    <button class="button ending" type="button" @click=${actions.hangUp}>${icon('hang-up')}Hang up</button>
  </div>
  ${noChat === undefined ? nothing : html`<p id="no-chat" class="hint">No chat: ${noChat}.</p>`}
  ${phone.waiting === '' ? nothing : html`<p class="hint">${phone.waiting} waits on hold.</p><button class="button strong" type="button" @click=${actions.connectBoth}>Connect both</button>`}
  ${TELEPHONES.has(servedTopology.id) ? keypad(state, actions) : nothing}`;
}

/** Topologies with telephones in them: they know digits and transfers. */
const TELEPHONES = new Set(['sip', 'sip-ws', 'pstn']);

function keypad({ phone, signaling, pending }: ViewState, actions: Actions): TemplateResult {
  const transfer = (event: SubmitEvent): void => {
    event.preventDefault();
    const target = String(new FormData(event.currentTarget as HTMLFormElement).get('target') ?? '').trim();
    if (target === '') return;
    if ((event.submitter as HTMLButtonElement | null)?.value === 'ask') actions.consult(target);
    else actions.transfer(target);
  };
  const asks = signaling.lacks.consult === undefined && phone.waiting === '';
  return html`<details class="keypad">
    <summary>Keypad and transfer</summary>
    <div class="keys" role="group" aria-label="Digits">
      ${[...'123456789*0#'].map((digit) => html`<button class="button" type="button" aria-label=${digit === '*' ? 'star' : digit === '#' ? 'hash' : digit} @click=${() => actions.press(digit)}>${digit}</button>`)}
    </div>
    <form class="dial" aria-label="Transfer" @submit=${transfer}>
      <label for="target">Transfer to</label>
      <input id="target" name="target" maxlength="256" autocomplete="off" autocapitalize="none" spellcheck="false" />
      <button class="button" type="submit">Transfer</button>
      ${asks ? html`<button class="button" type="submit" value="ask" ?disabled=${pending}>Ask first</button>` : nothing}
    </form>
  </details>`;
}

function toggle(
  label: string,
  sign: IconName,
  on: boolean,
  act: (on: boolean) => void,
  disabled = false,
): TemplateResult {
  return html`<button class="button" type="button" aria-pressed=${on} ?disabled=${disabled} @click=${() => act(!on)}>${icon(sign)}${label}</button>`;
}

// Telephones' browsers have no getDisplayMedia.
function canShare(): boolean {
  return typeof navigator.mediaDevices?.getDisplayMedia === 'function';
}

/** The line of figures under a call. */
export function figuresLine({ phone }: ViewState): TemplateResult | typeof nothing {
  if (phone.phase !== 'connected') return nothing;
  return html`<dl class="figures" aria-label="Figures">
    ${describeFigures(phone.figures).map(({ name, value }) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}
  </dl>`;
}
