import './page.css';
import './call.css';
import { automate, EventFeed, feedPhoneEvents } from './automation.ts';
import { describeFailure } from './failure-words.ts';
import { Measuring } from './measuring.ts';
import { cameraSource, patternSource } from './media-source.ts';
import type { PageSignaling } from './page-signaling.ts';
import { Phone } from './phone.ts';
import { IDLE, type PhoneState } from './phone-state.ts';
import { forget, remember, remembered, tokenOf } from './remembered.ts';
import { Ringer } from './ringer.ts';
import { type PageSettings, readSettings } from './settings.ts';
import { patternOf } from './test-pattern.ts';
import { PageView } from './view-page.ts';
import { type Actions, inCall } from './view-state.ts';

/** Makes the page: the telephone, its automation and what is seen of them, on the signaling that is given. */
export function runPage(signaling: PageSignaling): void {
  const settings = readSettings(location.search);
  const feed = new EventFeed();
  const ringer = new Ringer();
  let hadCall = false;

  const view = new PageView(
    document.querySelector<HTMLElement>('#page')!,
    IDLE,
    settings,
    signaling,
    actions(),
  );
  const trace = signaling.makeTrace(() => view.state.settings.transport, {
    opened: () => view.traceOpened(),
    entry: (entry) => view.trace(entry),
  });
  const fed = feedPhoneEvents(feed);
  const phone = new Phone(
    signaling.makeLine,
    {
      ...fed,
      changed,
      wire: (direction, text) => trace.watch(direction, text),
      transport(state) {
        fed.transport?.(state);
        if (state === 'connected') void measuring.now();
      },
    },
    { transport: settings.transport, trickle: settings.trickle, relayOnly: settings.relayOnly },
  );
  const measuring = new Measuring(phone, (evidence) => view.set({ evidence }));

  window.crosspoint = automate(phone, signaling, feed, () => view.video);

  function changed(state: PhoneState): void {
    const before = view.state.phone;
    view.phoneChanged(state);
    if (state.chat.length > before.chat.length && state.chat.at(-1)?.mine === false && !view.state.chatOpen)
      view.set({ unread: view.state.unread + 1 });
    if (state.phase !== before.phase) phaseChanged(state);
    if (!view.state.person) return;
    measuring.run(state.phase === 'connected' || state.phase === 'early');
    ringer.play(state.phase === 'incoming' ? 'ring' : state.phase === 'ringing' ? 'ringback' : undefined);
  }

  function phaseChanged(state: PhoneState): void {
    if (inCall(state)) {
      hadCall = true;
      wantTrace();
    } else view.set({ chatOpen: false, unread: 0, pending: false });
  }

  /** Each open trace keeps one of the few connections that a browser gives a server: not before there is a call. */
  function wantTrace(): void {
    trace.want(view.state.person && hadCall && document.visibilityState === 'visible');
  }

  /** Does a button's work and tells the person where it fails. */
  async function attempt(asked: 'camera' | 'screen' | 'other', work: () => Promise<void>): Promise<void> {
    view.set({ pending: true, failure: '' });
    try {
      await work();
    } catch (error) {
      view.set({ failure: describeFailure(error, asked) });
    } finally {
      view.set({ pending: false });
    }
  }

  function join(chosen: PageSettings): void {
    void phone.leave();
    phone.configure({
      transport: chosen.transport,
      trickle: chosen.trickle,
      relayOnly: chosen.relayOnly,
      source: chosen.testSignal ? patternSource(patternOf(chosen.name)) : cameraSource(),
    });
    remember(chosen);
    view.set({ settings: chosen, person: true, failure: '' });
    phone.register(chosen.name, tokenOf(chosen.name));
  }

  function actions(): Actions {
    return {
      join,
      leave() {
        forget();
        void phone.leave();
        trace.want(false);
        hadCall = false;
      },
      dial: (to, video) => void attempt('camera', () => phone.dial(to, { audio: true, video })),
      accept: (video) => void attempt('camera', () => phone.accept({ audio: true, video })),
      hangUp: () => phone.hangUp(),
      mute: (on) => phone.mute(on),
      hold: (on) => phone.hold(on),
      camera: (on) => void attempt('camera', () => phone.camera(on)),
      share: (on) => void attempt('screen', () => phone.shareScreen(on)),
      say: (text) => phone.say(text),
      // Not `pending`: the next digit may be pressed while this one goes out.
      press: (digit) =>
        void phone
          .press(digit)
          .catch((error: unknown) => view.set({ failure: describeFailure(error, 'other') })),
      transfer: (target) => phone.transfer(target),
      consult: (target) => void attempt('other', () => phone.consult(target)),
      connectBoth: () => phone.connectBoth(),
      openChat: (open) => view.set({ chatOpen: open, unread: 0 }),
    };
  }

  document.addEventListener('visibilitychange', wantTrace);
  // A page that goes away tells the far side, which would otherwise wait for media that does not come back.
  // Firefox has closed the page's sockets when it comes to `pagehide`; Safari on telephones knows nothing else.
  for (const event of ['beforeunload', 'pagehide'])
    addEventListener(event, () => {
      if (view.state.person) phone.hangUp();
    });

  // A reload takes the name back; an address that asks for another name does not.
  const back = remembered();
  if (back !== undefined && (settings.name === '' || settings.name === back.settings.name))
    join(back.settings);
}
