import { html, nothing, type TemplateResult } from 'lit';
import { servedTopology } from './served-topology.ts';
import type { PageSettings } from './settings.ts';
import { suggestName } from './suggested-name.ts';
import type { Actions, ViewState } from './view-state.ts';

const suggested = suggestName(Math.random());

/** The form that a person begins with. */
export function joinForm(
  { settings, phone, failure, signaling }: ViewState,
  actions: Actions,
): TemplateResult {
  const { trickle: noTrickle, 'transport:http': noHttp } = signaling.lacks;
  const trouble = phone.trouble !== '' ? phone.trouble : failure;
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    actions.join(readForm(event.currentTarget as HTMLFormElement));
  };
  return html`<form class="join" aria-label="Join" @submit=${submit}>
    <p>${servedTopology.summary}</p>
    <div class="field">
      <label for="name">Your name</label>
      <input
        id="name" name="name" required maxlength="64" autocomplete="off" autocapitalize="none" spellcheck="false"
        pattern="[a-zA-Z0-9]([a-zA-Z0-9._\\-]*[a-zA-Z0-9])?" aria-describedby="name-hint"
        .defaultValue=${settings.name !== '' ? settings.name : suggested}
      />
      <p id="name-hint" class="hint">Letters, digits, dots and dashes. Others call you by it.</p>
    </div>
    <label class="check">
      <input type="checkbox" name="test" .defaultChecked=${settings.testSignal} />
      Send a test signal instead of the camera
    </label>
    <details ?open=${!settings.trickle || settings.relayOnly || settings.transport === 'http'}>
      <summary>Advanced</summary>
      <div class="field">
        <label for="transport">Signaling transport</label>
        <select id="transport" name="transport" ?disabled=${noHttp !== undefined} aria-describedby=${noHttp === undefined ? nothing : 'no-http'}>
          <option value="ws" ?selected=${settings.transport === 'ws'}>WebSocket</option>
          <option value="http" ?selected=${settings.transport === 'http'}>HTTP</option>
        </select>
        ${lack('no-http', noHttp)}
      </div>
      <div class="field">
        <label for="gathering">Candidates</label>
        <select id="gathering" name="gathering" ?disabled=${noTrickle !== undefined} aria-describedby=${noTrickle === undefined ? nothing : 'no-trickle'}>
          <option value="trickle" ?selected=${settings.trickle && noTrickle === undefined}>one by one (trickle)</option>
          <option value="full" ?selected=${!settings.trickle || noTrickle !== undefined}>all within the description</option>
        </select>
        ${lack('no-trickle', noTrickle)}
      </div>
      <label class="check">
        <input type="checkbox" name="relay" .defaultChecked=${settings.relayOnly} />
        Only through a TURN server
      </label>
    </details>
    ${trouble === '' ? nothing : html`<p class="trouble" role="alert">${trouble}</p>`}
    <button class="button strong" type="submit">Join</button>
  </form>`;
}

/** Why a choice is not there. */
function lack(id: string, why: string | undefined): TemplateResult | typeof nothing {
  return why === undefined ? nothing : html`<p id=${id} class="hint">Not here: ${why}.</p>`;
}

function readForm(form: HTMLFormElement): PageSettings {
  const values = new FormData(form);
  return {
    name: String(values.get('name') ?? '')
      .trim()
      .toLowerCase(),
    transport: values.get('transport') === 'http' ? 'http' : 'ws',
    trickle: values.get('gathering') !== 'full',
    relayOnly: values.has('relay'),
    testSignal: values.has('test'),
  };
}
