import type { TraceEntry } from '@crosspoint/signaling';
import '@crosspoint/ui/browser';
import { nothing, render } from 'lit';
import { describeCall } from './call-words.ts';
import { NO_EVIDENCE } from './media-evidence.ts';
import type { PageSignaling } from './page-signaling.ts';
import type { PhoneState } from './phone-state.ts';
import { type Region, region } from './region.ts';
import { servedTopology } from './served-topology.ts';
import type { PageSettings } from './settings.ts';
import { skeleton } from './skeleton.ts';
import { controls, figuresLine, incomingDialog, statusWords } from './view-call.ts';
import { chatPanel } from './view-chat.ts';
import { joinForm } from './view-join.ts';
import { peopleList, selfLine } from './view-people.ts';
import { Stage } from './view-stage.ts';
import { type Actions, inCall, type ViewState } from './view-state.ts';
import { TopologyView } from './view-topology.ts';

/** The page: takes what changed, and draws the parts that it concerns, once for all that changed together. */
export class PageView {
  state: ViewState;
  readonly #stage: Stage;
  readonly #topology: TopologyView;
  readonly #regions: readonly Region[];
  readonly #host: HTMLElement;
  #due = false;
  #phase = 'idle';

  constructor(
    host: HTMLElement,
    phone: PhoneState,
    settings: PageSettings,
    signaling: PageSignaling,
    actions: Actions,
  ) {
    this.state = {
      phone,
      settings,
      signaling,
      person: false,
      chatOpen: false,
      unread: 0,
      evidence: NO_EVIDENCE,
      pending: false,
      failure: '',
    };
    this.#host = host;
    render(skeleton(), host);
    this.#stage = new Stage(this.#part('#stage'));
    this.#topology = new TopologyView(
      host.querySelector('cp-topology-map')!,
      host.querySelector('cp-ladder')!,
    );
    this.#regions = this.#makeRegions(actions);
    this.#draw();
  }

  #part(selector: string): HTMLElement {
    return this.#host.querySelector<HTMLElement>(selector)!;
  }

  #makeRegions(actions: Actions): Region[] {
    return [
      region(
        this.#part('#join'),
        ({ phone, settings, failure }) => [phone.registered, phone.name, phone.trouble, settings, failure],
        (state) => (state.phone.registered ? nothing : joinForm(state, actions)),
      ),
      region(
        this.#part('#self'),
        ({ phone, settings }) => [phone.registered, phone.name, phone.signaling, settings.transport],
        (state) => selfLine(state, actions),
      ),
      region(
        this.#part('#people'),
        ({ phone }) => [phone.users, inCall(phone), phone.signaling],
        (state) => peopleList(state, actions),
      ),
      region(
        this.#part('#words'),
        (state) => {
          const { main, detail } = describeCall(state.phone, state.signaling.lacks.presence === undefined);
          return [main, detail, state.phone.trouble, state.failure, state.phone.registered];
        },
        (state) => (state.phone.registered ? statusWords(state) : nothing),
      ),
      region(
        this.#part('#ringing'),
        ({ phone, pending }) => [phone.phase, phone.party, phone.remote, phone.pictured, pending],
        (state) => incomingDialog(state, actions),
      ),
      region(
        this.#part('#buttons'),
        ({ phone, chatOpen, unread, pending }) => [
          ...[phone.phase, phone.muted, phone.holding, phone.camera, phone.sharing],
          ...[chatOpen, unread, pending],
        ],
        (state) => controls(state, actions),
      ),
      region(
        this.#part('#figures'),
        ({ phone }) => [phone.phase, phone.figures],
        (state) => figuresLine(state),
      ),
      region(
        this.#part('#chat'),
        ({ phone, chatOpen }) => [phone.chat, phone.phase, phone.party, chatOpen],
        (state) => chatPanel(state, actions),
      ),
    ];
  }

  get video(): HTMLVideoElement {
    return this.#part('#remote') as HTMLVideoElement;
  }

  set(change: Partial<ViewState>): void {
    this.state = { ...this.state, ...change };
    if (this.#due) return;
    this.#due = true;
    queueMicrotask(() => {
      this.#due = false;
      this.#draw();
    });
  }

  phoneChanged(phone: PhoneState): void {
    this.#stage.play(phone);
    this.set({ phone });
  }

  traceOpened(): void {
    this.#topology.traceOpened();
  }

  trace(entry: TraceEntry): void {
    this.#topology.add(entry);
  }

  #draw(): void {
    const { phone, chatOpen, person } = this.state;
    for (const draw of this.#regions) draw(this.state);
    this.#stage.draw(this.state);
    this.#topology.draw(this.state);
    this.#part('main').dataset.joined = String(phone.registered);
    this.#part('#call').dataset.phase = phone.phase;
    this.#part('#people').hidden = !phone.registered;
    this.#part('#messages').hidden = !phone.registered;
    const chat = this.#part('#chat');
    if (chat.hidden === (chatOpen && inCall(phone))) {
      chat.hidden = !chat.hidden;
      if (!chat.hidden) chat.querySelector('input')?.focus();
    }
    const lines = chat.querySelector('.lines');
    if (lines !== null && !chat.hidden) lines.scrollTop = lines.scrollHeight;
    if (phone.phase !== this.#phase) this.#entered(phone, person);
  }

  /** The button that was pressed may be gone now: the focus goes to what took its place. */
  #entered(phone: PhoneState, person: boolean): void {
    this.#phase = phone.phase;
    const calling = phone.phase === 'incoming';
    document.title = calling ? `${phone.party} is calling` : `Crosspoint: ${servedTopology.title}`;
    if (!person) return;
    if (calling) this.#host.querySelector<HTMLElement>('.incoming')?.focus();
    else if (document.activeElement === document.body || document.activeElement === null)
      this.#host.querySelector<HTMLElement>('#status')?.focus();
  }
}
