import type { Signal } from '@crosspoint/signaling';

/** What a policy has still to give, in its place in the order. */
interface Slot {
  signals: readonly Signal[] | undefined;
}

/** One direction's order: what a late promise gives goes out before what was ready behind it. */
export class Outbound {
  readonly #slots: Slot[] = [];
  #closed = false;

  get isWaiting(): boolean {
    return this.#slots.length > 0;
  }

  /** Takes a place for what is ready but must wait for what stands before it. */
  putReady(signals: readonly Signal[]): void {
    this.#slots.push({ signals });
  }

  /**
   * Takes a place for what is to come. `onReady` is called when it came and `take` may give something, `onFailed` with
   * what the promise was rejected with; neither once the order is closed.
   */
  putPromised(
    promise: PromiseLike<readonly Signal[]>,
    onReady: () => void,
    onFailed: (error: unknown) => void,
  ): void {
    const slot: Slot = { signals: undefined };
    this.#slots.push(slot);
    promise.then(
      (signals) => {
        slot.signals = signals;
        if (!this.#closed) onReady();
      },
      (error) => {
        if (!this.#closed) onFailed(error);
      },
    );
  }

  /** The next that is ready, or undefined. */
  take(): readonly Signal[] | undefined {
    const signals = this.#slots[0]?.signals;
    if (signals !== undefined) this.#slots.shift();
    return signals;
  }

  /** Forgets what waits and what is still to come. */
  close(): void {
    this.#closed = true;
    this.#slots.length = 0;
  }
}
