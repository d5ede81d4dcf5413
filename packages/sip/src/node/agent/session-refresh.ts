import { type SessionTimer, sessionTimerDelay } from '../../agent/session-timer.ts';
import type { ClockHandle, SipClock } from '../clock.ts';

/** The session timer of one call (RFC 4028 section 10): one timer, for refreshing or for giving up. */
export class SessionRefresh {
  readonly #clock: SipClock;
  readonly #refresh: () => void;
  readonly #expired: () => void;
  #handle: ClockHandle | undefined;
  #timer: SessionTimer | undefined;
  #refreshing = false;

  constructor(clock: SipClock, refresh: () => void, expired: () => void) {
    this.#clock = clock;
    this.#refresh = refresh;
    this.#expired = expired;
  }

  /** What holds; undefined where no timer runs. */
  get timer(): SessionTimer | undefined {
    return this.#timer;
  }

  /** Whether this side refreshes. */
  get isRefreshing(): boolean {
    return this.#refreshing;
  }

  /** Starts anew: a session was set up or refreshed. `role` is this side's in that request. */
  begin(timer: SessionTimer | undefined, role: 'uac' | 'uas'): void {
    this.stop();
    this.#timer = timer;
    if (timer === undefined) return;
    this.#refreshing = timer.refresher === role;
    this.#handle = this.#clock.after(sessionTimerDelay(timer, this.#refreshing), () => {
      this.#handle = undefined;
      if (this.#refreshing) this.#refresh();
      else this.#expired();
    });
  }

  stop(): void {
    if (this.#handle !== undefined) this.#clock.cancel(this.#handle);
    this.#handle = undefined;
  }
}
