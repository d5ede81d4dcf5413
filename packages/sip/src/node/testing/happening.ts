/** A promise with its resolve: what a test waits for instead of time. */
export interface Happening<T> {
  readonly promise: Promise<T>;
  readonly happen: (value: T) => void;
}

export function happening<T = void>(): Happening<T> {
  let happen: (value: T) => void = () => {};
  const promise = new Promise<T>((resolve) => {
    happen = resolve;
  });
  return { promise, happen };
}

/** Things that come one after another, each taken once and in order. */
export class Stream<T> {
  readonly #values: T[] = [];
  readonly #waiting: ((value: T) => void)[] = [];

  push(value: T): void {
    const waiting = this.#waiting.shift();
    if (waiting === undefined) this.#values.push(value);
    else waiting(value);
  }

  next(): Promise<T> {
    const value = this.#values.shift();
    if (value !== undefined) return Promise.resolve(value);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}

/** Turns of the loop until something holds; sockets on one machine need a few. Throws when it never does. */
export async function until(holds: () => boolean, what: string): Promise<void> {
  for (let turn = 0; turn < 20_000; turn += 1) {
    if (holds()) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
  throw new Error(`never: ${what}`);
}
