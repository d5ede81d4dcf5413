import { byeReason, cancelReason, type PhoneReason, refusalReason, reinvite } from '@crosspoint/peers/sip-js';
import { END_REASON_CODES, type EndReason, type EndReasonCode } from '@crosspoint/signaling';
import {
  attachTrack,
  type CallEvents,
  type CallOptions,
  type CallPhase,
  heldByFarSide,
  offersPicture,
  preferOffered,
  remoteTracks,
  sendDigits,
} from '@crosspoint/signaling/browser';
import type { PageCall } from '@crosspoint/web-phone/browser';
import {
  type Core,
  type Invitation,
  Inviter,
  type Notification,
  type Referral,
  type Session,
  SessionState,
  type URI,
} from 'sip.js';
import { CallMedia } from './call-media.ts';

export interface SipCallPlan {
  readonly id: string;
  /** Who is at the other end, as the page shows it. */
  readonly party: string;
  readonly session: Inviter | Invitation;
  readonly options: CallOptions;
  readonly events: CallEvents;
  /** An address that a person typed, as SIP writes it. @throws Error where it is none */
  readonly address: (to: string) => URI;
  /** The far side asks for a call to somebody else (RFC 3515). */
  readonly refer: (referral: Referral) => void;
}

/** One call of a page that is a SIP user agent: a session of SIP.js, and what the telephone does with it. */
export class SipCall implements PageCall {
  readonly id: string;
  readonly party: string;
  readonly outgoing: boolean;
  readonly media: CallMedia;
  readonly connection: RTCPeerConnection;
  readonly pictured: boolean;
  phase: CallPhase;
  readonly #plan: SipCallPlan;
  readonly #session: Inviter | Invitation;
  readonly #events: CallEvents;
  #held = false;
  #holding = false;
  #offering = false;
  /** What has to be offered once the exchange that is under way is over. */
  #next: 'nothing' | 'change' | 'restart' = 'nothing';
  /** After a refusal the browser asks again at once, for ever; the next change of ours carries what was refused. */
  #isRefused = false;
  /** Our side as the last exchange left it. */
  #agreed = '';

  constructor(plan: SipCallPlan) {
    const { id, party, session, options, events } = plan;
    this.#plan = plan;
    this.#session = session;
    this.#events = events;
    this.id = id;
    this.party = party;
    this.outgoing = session instanceof Inviter;
    this.phase = this.outgoing ? 'calling' : 'incoming';
    this.pictured = session.body !== undefined && !this.outgoing && offersPicture(String(session.body));
    const restricted = options.audioCodecs.length > 0 || options.videoCodecs.length > 0;
    this.media = new CallMedia(session.userAgent, { ...options, restricted });
    this.connection = this.media.connection;
    this.#listen();
  }

  #listen(): void {
    const { connection } = this;
    connection.addEventListener('track', () => this.#events.tracks(this.remoteTracks()));
    connection.addEventListener('connectionstatechange', () => {
      if (this.phase === 'ended') return;
      this.#events.transport(connection.connectionState);
      // A phone's media session is being set up until now: a re-INVITE before would tear it down.
      if (connection.connectionState === 'connected' && this.#isUnsettled()) this.#offer('change');
    });
    connection.addEventListener('signalingstatechange', () => {
      if (this.phase === 'connected' && connection.signalingState === 'stable') this.#described();
    });
    connection.addEventListener('negotiationneeded', () => {
      // Within an exchange nothing is missed: the browser asks again at its end. Firefox ESR 153 asks also after it
      // answered a hold, where nothing is left to be said.
      if (!this.#offering && !this.#isRefused && this.#side() !== this.#agreed) this.#offer('change');
    });
    this.#session.stateChange.addListener((state) => {
      if (state === SessionState.Established) this.#connected();
      // Who knows why tells it in the same breath; SIP.js changes the state first.
      if (state === SessionState.Terminated) setTimeout(() => this.#over(this.#unexplained()), 0);
    });
    this.#session.delegate = {
      onBye: (bye) => {
        void bye.accept();
        this.#over(toEndReason(byeReason(bye.request.getHeader('Reason'))));
      },
      onCancel: (cancel) => this.#over(toEndReason(cancelReason(cancel.request.getHeader('Reason')))),
      onRefer: (referral) => this.#plan.refer(referral),
    };
  }

  /** The session ended without a word of the far side's. */
  #unexplained(): EndReason {
    // SIP.js gives a call back that is not answered in time, with 480.
    if (this.phase === 'incoming') return { code: 'no-answer' };
    return { code: 'protocol-error', text: 'SIP.js ended the session' };
  }

  channel(): RTCDataChannel {
    throw new Error('a SIP call has no data channel');
  }

  remoteTracks(): MediaStreamTrack[] {
    return remoteTracks(this.connection);
  }

  #attach(tracks: readonly MediaStreamTrack[]): void {
    for (const track of tracks) attachTrack(this.connection, track, this.#plan.options);
  }

  /** Places the call with these tracks. */
  async start(tracks: readonly MediaStreamTrack[]): Promise<void> {
    this.#attach(tracks);
    await (this.#session as Inviter).invite({
      requestDelegate: {
        onProgress: ({ message }) => this.#progress(message),
        onReject: ({ message }) => this.#refusedWith(message),
        onRedirect: ({ message }) => this.#refusedWith(message),
      },
    });
  }

  #progress({ statusCode, body }: Core.IncomingResponseMessage): void {
    if (this.phase === 'calling' && statusCode === 180) this.#enter('ringing');
    // A description in a provisional response is taken for the answer: what is said before the answer is heard.
    if ((this.phase === 'calling' || this.phase === 'ringing') && body !== '') this.#enter('early');
  }

  #refusedWith(message: Core.IncomingResponseMessage): void {
    const { statusCode = 0, reasonPhrase = '' } = message;
    this.#over(toEndReason(refusalReason(statusCode, reasonPhrase, message.getHeader('Reason'))));
  }

  /** The far side learns that it rings here. */
  async ring(): Promise<void> {
    await (this.#session as Invitation).progress({ statusCode: 180 });
  }

  /** Answers with these tracks. */
  async accept(tracks: readonly MediaStreamTrack[]): Promise<void> {
    this.#attach(tracks);
    preferOffered(this.connection, this.#plan.options);
    await (this.#session as Invitation).accept();
  }

  #connected(): void {
    if (this.phase === 'ended' || this.phase === 'connected') return;
    this.#enter('connected');
    this.#described();
  }

  /** What of our side an offer would carry, so that two of them can be compared. */
  #side(): string {
    return this.connection
      .getTransceivers()
      .map((each) => `${each.receiver.track.kind} ${each.direction} ${each.sender.track === null}`)
      .join(', ');
  }

  /** After each exchange: who is held, and which tracks there are. */
  #described(): void {
    this.#agreed = this.#side();
    const held = heldByFarSide(this.connection);
    if (held !== this.#held) {
      this.#held = held;
      this.#events.held(held);
    }
    this.#events.tracks(this.remoteTracks());
  }

  /** Whether something was added that no exchange has carried. */
  #isUnsettled(): boolean {
    return this.connection
      .getTransceivers()
      .some((each) => each.mid === null && each.direction !== 'stopped' && each.sender.track !== null);
  }

  /** Offers what changed here; one exchange at a time. */
  #offer(what: 'change' | 'restart'): void {
    if (this.phase !== 'connected') return;
    if (this.#offering) {
      if (this.#next !== 'restart') this.#next = what;
      return;
    }
    this.#offering = true;
    this.#options(what === 'restart');
    reinvite(this.#session, Math.random, () => this.media.takeBack())
      .catch((error: unknown) => {
        this.#isRefused = true;
        if (this.phase === 'connected') this.#events.trouble(words(error));
      })
      .finally(() => {
        this.#offering = false;
        this.#options(false);
        const next = this.#next;
        this.#next = 'nothing';
        if (next !== 'nothing') this.#offer(next);
      });
  }

  /** What SIP.js makes its descriptions with: our own offers, and the answers to the far side's. */
  #options(iceRestart: boolean): void {
    this.#session.sessionDescriptionHandlerOptionsReInvite = {
      hold: this.#holding,
      ...(iceRestart ? { offerOptions: { iceRestart } } : {}),
    } as Session['sessionDescriptionHandlerOptionsReInvite'];
  }

  /** Hold (RFC 3264 section 8.4), as SIP.js does it: we go on sending nothing but silence, and ask to be sent nothing. */
  hold(on: boolean): void {
    this.#holding = on;
    for (const { track } of this.connection.getSenders()) if (track !== null) track.enabled = !on;
    this.#options(false);
    this.#change();
  }

  #change(): void {
    this.#isRefused = false;
    this.#offer('change');
  }

  /** The browser asks by itself where the page changed something at the connection. */
  changed(): void {
    this.#isRefused = false;
  }

  add(track: MediaStreamTrack): void {
    this.#isRefused = false;
    this.#attach([track]);
  }

  /** Takes a kind of media out of the call: its m-section is closed (RFC 9429 section 4.2.4). */
  remove(kind: 'audio' | 'video'): void {
    this.#isRefused = false;
    for (const transceiver of this.connection.getTransceivers())
      if (transceiver.receiver.track.kind === kind && transceiver.direction !== 'stopped') transceiver.stop();
  }

  restartIce(): void {
    this.#isRefused = false;
    this.#offer('restart');
  }

  dtmf(digits: string, durationMs: number): Promise<void> {
    return sendDigits(this.connection, digits, durationMs);
  }

  /** Blind transfer (RFC 5589 section 6): the far side calls another, and this call ends when that is answered. */
  transfer(target: string): void {
    const refused = ({ message }: Core.IncomingResponse): void =>
      this.#events.trouble(`the transfer was refused: ${message.statusCode} ${message.reasonPhrase}`);
    Promise.resolve()
      .then(() =>
        this.#session.refer(this.#plan.address(target), {
          requestDelegate: { onReject: refused, onRedirect: refused },
          onNotify: (notification) => this.#notified(notification),
        }),
      )
      .catch((error: unknown) => this.#events.trouble(words(error)));
  }

  #notified(notification: Notification): void {
    void notification.accept();
    const status = Number(/^SIP\/2\.0 (\d{3})/.exec(notification.request.body)?.[1] ?? 0);
    if (status >= 200 && status < 300) this.end({ code: 'normal', text: 'transferred' });
    else if (status >= 300) this.#events.trouble(`the transfer failed: ${status}`);
  }

  /** Ends, cancels or refuses the call, whichever it is now. */
  end(reason: EndReason): void {
    if (this.phase === 'ended') return;
    // The far side may have ended the session just now: then there is nothing left to do.
    this.#bye(reason).catch(() => {});
    this.#over(reason);
  }

  #bye({ code }: EndReason): Promise<unknown> {
    if (this.phase === 'connected') {
      const extraHeaders = code === 'media-failed' ? ['Reason: Q.850;cause=47;text="media failed"'] : [];
      return this.#session.bye({ requestOptions: { extraHeaders } });
    }
    if (this.outgoing) return (this.#session as Inviter).cancel();
    const status = REFUSALS[code] ?? 480;
    return (this.#session as Invitation).reject({ statusCode: status });
  }

  /** The call is over, for a fault of the page's own. */
  close(reason: EndReason): void {
    this.end(reason);
  }

  #over(reason: EndReason): void {
    if (this.phase === 'ended') return;
    this.#enter('ended', reason);
    this.media.close();
  }

  #enter(phase: CallPhase, reason?: EndReason): void {
    this.phase = phase;
    this.#events.phase(phase, reason);
  }
}

const REFUSALS: Readonly<Partial<Record<EndReasonCode, number>>> = {
  busy: 486,
  declined: 603,
  'not-acceptable': 488,
  'media-failed': 488,
};

function toEndReason({ code, text }: PhoneReason): EndReason {
  const known = END_REASON_CODES.find((each) => each === code) ?? 'protocol-error';
  return { code: known, ...(text === undefined ? {} : { text }) };
}

function words(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
