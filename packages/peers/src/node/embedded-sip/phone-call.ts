import {
  type Core,
  Invitation,
  type Inviter,
  type Notification,
  type Referral,
  type Session,
  SessionState,
  type URI,
} from 'sip.js';
import { byeReason, cancelReason, refusalReason } from '../../sip-js/end-words.ts';
import { reinvite } from '../../sip-js/reinvite.ts';
import { wordsOf } from '../embedded/call-reason.ts';
import type { Tell } from '../embedded/peer-program.ts';
import type { PhoneReason } from '../sip-phone/refusal-reason.ts';
import { toPhoneReason } from '../sip-phone/refusal-reason.ts';
import { type MediaSettings, PhoneMedia } from './phone-media.ts';
import { ReplacingAddress } from './replacing-address.ts';

/** RFC 3261 section 21, for the statuses that a phone refuses with. */
const REFUSALS: Readonly<Record<number, string>> = {
  480: 'Temporarily Unavailable',
  486: 'Busy Here',
  488: 'Not Acceptable Here',
  603: 'Decline',
};

type Phase = 'calling' | 'incoming' | 'connected' | 'ended';

export interface PhoneCallEvents {
  readonly tell: Tell;
  /** The far side asks for a call to somebody else (RFC 3515). */
  refer(referral: Referral): void;
  over(): void;
}

/** One call: a session of SIP.js, its media, and what is told of both. */
export class PhoneCall {
  readonly media: PhoneMedia;
  /** SIP.js has nothing more to do for it. */
  readonly gone: Promise<void>;
  phase: Phase;
  readonly #session: Session;
  readonly #events: PhoneCallEvents;
  readonly #random: () => number;
  #hasRung = false;
  #isEarly = false;

  constructor(session: Inviter | Invitation, settings: MediaSettings, events: PhoneCallEvents) {
    this.#session = session;
    this.#events = events;
    this.#random = settings.random;
    this.phase = session instanceof Invitation ? 'incoming' : 'calling';
    this.media = new PhoneMedia(settings, {
      state: (state) => this.#transport(state),
      held: (held) => events.tell('held', { held }),
      digit: (digit, durationMs) => events.tell('dtmf', { digit, durationMs }),
      trouble: (words) => events.tell('trouble', { words }),
    });
    session.delegate = {
      onBye: (bye) => {
        void bye.accept();
        this.#over(byeReason(bye.request.getHeader('Reason')));
      },
      onCancel: (cancel) => this.#over(cancelReason(cancel.request.getHeader('Reason'))),
      onRefer: (referral) => events.refer(referral),
    };
    this.gone = new Promise((resolve) => {
      session.stateChange.addListener((state) => {
        if (state === SessionState.Established) this.#connected();
        if (state !== SessionState.Terminated) return;
        resolve();
        // Who knows why tells it in the same breath; SIP.js changes the state first.
        setImmediate(() => this.#over(this.#unexplained));
      });
    });
  }

  get #outgoing(): Inviter {
    return this.#session as Inviter;
  }

  get #incoming(): Invitation {
    return this.#session as Invitation;
  }

  /** The session ended without a word of the far side's. */
  get #unexplained(): PhoneReason {
    const { refusal } = this.media;
    if (refusal !== undefined) return { code: 'not-acceptable', text: refusal };
    // SIP.js gives a call back that is not answered in time, with 480.
    if (this.phase === 'incoming') return { code: 'no-answer' };
    return { code: 'protocol-error', text: 'SIP.js ended the session' };
  }

  /** Places the call. @throws Error where the INVITE cannot be sent */
  async place(): Promise<void> {
    try {
      await this.#outgoing.invite({
        requestDelegate: {
          onProgress: ({ message }) => this.#progress(message),
          onReject: ({ message }) => this.#refused(message),
          onRedirect: ({ message }) => this.#refused(message),
        },
      });
    } catch (error) {
      this.#over({ code: 'protocol-error', text: wordsOf(error) });
      throw error;
    }
  }

  #progress({ statusCode }: Core.IncomingResponseMessage): void {
    if (this.phase !== 'calling') return;
    if (this.media.isAgreed && !this.#isEarly) {
      this.#isEarly = true;
      this.#events.tell('early');
    }
    if (statusCode !== 180 || this.#hasRung) return;
    this.#hasRung = true;
    this.#events.tell('ringing');
  }

  #refused(message: Core.IncomingResponseMessage): void {
    const { statusCode = 0, reasonPhrase = '' } = message;
    this.#over(refusalReason(statusCode, reasonPhrase, message.getHeader('Reason')));
  }

  /** Takes an incoming call: the far side learns that it rings, and hears us already where it is to. */
  async ring(withEarlyMedia: boolean): Promise<void> {
    const { body } = this.#incoming;
    try {
      if (body) this.media.check(body);
    } catch (error) {
      this.#events.tell('trouble', { words: wordsOf(error) });
      this.#refuse(488, 'Not Acceptable Here');
      return;
    }
    this.#events.tell('incoming', { from: this.#incoming.remoteIdentity.uri.toString() });
    await this.#incoming.progress({ statusCode: 180 });
    // Without an offer there is nothing to answer early.
    if (!withEarlyMedia || !body) return;
    // An answer that can be lost is none: where the caller confirms it, it is asked to (RFC 3262 section 3).
    const rel100 = /\b100rel\b/.test(this.#incoming.request.getHeader('Supported') ?? '');
    await this.#incoming.progress({ statusCode: 183, rel100 });
  }

  /** @throws Error where none rings, or its offer cannot be answered */
  async accept(): Promise<void> {
    if (this.phase !== 'incoming') throw new Error('no call rings');
    await this.#incoming.accept();
  }

  #connected(): void {
    if (this.phase === 'ended' || this.phase === 'connected') return;
    this.phase = 'connected';
    this.#events.tell('connected');
  }

  #transport(state: string): void {
    if (this.phase === 'ended') return;
    this.#events.tell('transport', { state });
    if (state === 'failed') {
      this.hangUp({ code: 'media-failed', text: 'the media transport failed (ICE or DTLS)' });
    }
  }

  /** Asks to hold or resume; where the far side does not agree, that is told as `trouble`. @throws Error without a call */
  hold(on: boolean): void {
    if (this.phase !== 'connected') throw new Error('there is no call to hold');
    this.media.holding = on;
    reinvite(this.#session, this.#random).catch((error: unknown) => {
      // What we want stays: an exchange of the far side's may have carried it meanwhile, and the next one will.
      if (this.phase !== 'ended') this.#events.tell('trouble', { words: `hold: ${wordsOf(error)}` });
    });
  }

  /** Blind transfer (RFC 5589 section 6): the far side calls another, and this call ends when that is answered. */
  async transfer(to: URI): Promise<void> {
    if (this.phase !== 'connected') throw new Error('there is no call to transfer');
    await new Promise<void>((resolve, reject) => {
      const refused = ({ message }: Core.IncomingResponse): void =>
        reject(new Error(`REFER was answered ${message.statusCode} ${message.reasonPhrase}`));
      this.#session
        .refer(to, {
          requestDelegate: { onAccept: () => resolve(), onReject: refused, onRedirect: refused },
          onNotify: (notification) => this.#notified(notification),
        })
        .catch(reject);
    });
  }

  #notified(notification: Notification): void {
    void notification.accept();
    const status = Number(/^SIP\/2\.0 (\d{3})/.exec(notification.request.body)?.[1] ?? 0);
    if (status >= 200 && status < 300) this.hangUp({ code: 'normal', text: 'transferred' });
    else if (status >= 300) this.#events.tell('trouble', { words: `transfer failed: ${status}` });
  }

  /** The address at which another call would take the place of this one, at its far side (RFC 3891). @throws Error without a call */
  get replacesAddress(): URI {
    const { dialog } = this.#session;
    if (this.phase !== 'connected' || dialog === undefined) throw new Error('there is no call');
    return new ReplacingAddress(this.#session.remoteIdentity.uri, dialog);
  }

  /** Another call took its place, and SIP.js hung it up. */
  replaced(): void {
    this.#over({ code: 'normal', text: 'replaced' });
  }

  /** Refuses an incoming call. @throws Error where none rings */
  decline(status: number): void {
    if (this.phase !== 'incoming') throw new Error('no call rings');
    this.#refuse(status, REFUSALS[status] ?? 'Refused');
  }

  #refuse(statusCode: number, reasonPhrase: string): void {
    this.#withoutWords(this.#incoming.reject({ statusCode, reasonPhrase }));
    this.#over(toPhoneReason(statusCode, reasonPhrase));
  }

  /** Ends, cancels or refuses the call, whichever it is now. */
  hangUp(reason?: PhoneReason): void {
    switch (this.phase) {
      case 'ended':
        return;
      case 'incoming':
        this.#refuse(480, 'Temporarily Unavailable');
        return;
      case 'calling':
        this.#withoutWords(this.#outgoing.cancel());
        this.#over(reason ?? { code: 'cancelled' });
        return;
      case 'connected':
        this.#withoutWords(this.#session.bye());
        this.#over(reason ?? { code: 'normal' });
    }
  }

  /** The far side may have ended the session just now: then there is nothing left to do. */
  #withoutWords(done: Promise<unknown>): void {
    done.catch((error: unknown) => process.stderr.write(`${wordsOf(error)}\n`));
  }

  #over(reason: PhoneReason): void {
    if (this.phase === 'ended') return;
    this.phase = 'ended';
    this.media.close();
    this.#events.tell('ended', { reason });
    this.#events.over();
  }
}
