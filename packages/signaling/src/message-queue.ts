import type { WrittenMessage } from './wire.ts';

/** Keeps written messages in their order. */
export interface MessageQueue {
  push(message: WrittenMessage): void;
  /** Forgets the oldest. */
  shift(): void;
  /** All of them, the oldest first. */
  list(): WrittenMessage[];
}

/** A queue that keeps the messages as they are. */
export class StringQueue implements MessageQueue {
  #messages: WrittenMessage[] = [];
  #first = 0;

  push(message: WrittenMessage): void {
    this.#messages.push(message);
  }

  shift(): void {
    this.#first++;
    if (this.#first * 2 < this.#messages.length) return;
    this.#messages = this.#messages.slice(this.#first);
    this.#first = 0;
  }

  list(): WrittenMessage[] {
    return this.#messages.slice(this.#first);
  }
}
