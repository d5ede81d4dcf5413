import type { XmppClock } from '../clock.ts';

/** Notices that nothing comes any more: asks once, and gives up where that stays without an answer. */
export class Silence {
  readonly #clock: XmppClock;
  readonly #silenceMs: number;
  readonly #answerMs: number;
  readonly #ask: () => void;
  readonly #dead: () => void;
  #heard: number;
  #asked = false;
  #timer: object | number | undefined;

  constructor(clock: XmppClock, silenceMs: number, answerMs: number, ask: () => void, dead: () => void) {
    this.#clock = clock;
    this.#silenceMs = silenceMs;
    this.#answerMs = answerMs;
    this.#ask = ask;
    this.#dead = dead;
    this.#heard = clock.now();
    this.#watch(silenceMs);
  }

  heard(): void {
    this.#heard = this.#clock.now();
    this.#asked = false;
  }

  stop(): void {
    if (this.#timer !== undefined) this.#clock.cancel(this.#timer);
    this.#timer = undefined;
  }

  #watch(ms: number): void {
    this.#timer = this.#clock.after(ms, () => {
      const left = this.#heard + this.#silenceMs - this.#clock.now();
      if (left > 0) this.#watch(left);
      else if (this.#asked) this.#dead();
      else {
        this.#asked = true;
        this.#watch(this.#answerMs);
        this.#ask();
      }
    });
  }
}
