import type { PeerEvent } from './contract.ts';
import { PeerError } from './peer-error.ts';

interface Waiter {
  readonly fits: (event: PeerEvent) => boolean;
  readonly resolve: (event: PeerEvent) => void;
  readonly reject: (error: Error) => void;
}

/** What an endpoint has said, and who waits for what. */
export class EventLog {
  readonly #peer: string;
  readonly events: PeerEvent[] = [];
  readonly #waiters = new Set<Waiter>();
  #over: PeerError | undefined;

  constructor(peer: string) {
    this.#peer = peer;
  }

  add(event: PeerEvent): void {
    this.events.push(event);
    for (const waiter of [...this.#waiters]) {
      if (!waiter.fits(event)) continue;
      this.#waiters.delete(waiter);
      waiter.resolve(event);
    }
  }

  /** The peer is gone: who waits now, or later, learns it. */
  end(error: PeerError): void {
    this.#over = error;
    for (const waiter of [...this.#waiters]) waiter.reject(error);
    this.#waiters.clear();
  }

  wait(what: string, fits: (event: PeerEvent) => boolean, timeoutMs: number, since = 0): Promise<PeerEvent> {
    const past = this.events.slice(since).find(fits);
    if (past !== undefined) return Promise.resolve(past);
    if (this.#over !== undefined) return Promise.reject(this.#over);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiters.delete(waiter);
        reject(new PeerError('timeout', this.#peer, `${this.#peer}: no ${what} within ${timeoutMs} ms`));
      }, timeoutMs);
      const waiter: Waiter = {
        fits,
        resolve: (event) => {
          clearTimeout(timer);
          resolve(event);
        },
        reject: (error) => {
          clearTimeout(timer);
          reject(error);
        },
      };
      this.#waiters.add(waiter);
    });
  }
}
