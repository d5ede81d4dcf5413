/** Something that was started and must be stopped on every way out. */
export interface Stoppable {
  stop(): Promise<void>;
}

/** Everything that a run has started and not yet stopped. */
export class Started {
  readonly #things = new Set<Stoppable>();
  #stopping = false;

  add<T extends Stoppable>(thing: T): T {
    this.#things.add(thing);
    // Started while all was being stopped: it must not be left over.
    if (this.#stopping) void thing.stop();
    return thing;
  }

  async stop(thing: Stoppable): Promise<void> {
    this.#things.delete(thing);
    await thing.stop();
  }

  async stopAll(): Promise<void> {
    this.#stopping = true;
    await Promise.allSettled([...this.#things].map((thing) => thing.stop()));
    this.#things.clear();
  }
}
