import { type MessageQueue, StringQueue } from './message-queue.ts';
import { type MessageHead, type WrittenMessage, writeNumbered } from './wire.ts';

/** How many unacknowledged messages one side may have; more means that the other side is gone or hostile. */
export const MAX_UNACKNOWLEDGED = 1024;

/**
 * One direction of a session: numbers what is sent, keeps it until the other side has it, and gives it again after
 * a lost connection. Both ends of the web protocol hold one.
 */
export class Outbox {
  readonly #kept: MessageQueue;
  #next = 1;
  #oldest = 1;

  /** @param kept where messages are kept; empty */
  constructor(kept: MessageQueue = new StringQueue()) {
    this.#kept = kept;
  }

  /** Numbers and writes a message. `ack` is the highest `seq` had from the other side. */
  write(head: MessageHead, ack: number, sdp?: string): WrittenMessage {
    const message = { line: writeNumbered(head, this.#next++, ack), sdp };
    this.#kept.push(message);
    return message;
  }

  /** Forgets what the other side has: all up to `received`. */
  acknowledge(received: number): void {
    for (; this.#oldest <= received && this.#oldest < this.#next; this.#oldest++) this.#kept.shift();
  }

  /** What the other side does not have yet, in order. */
  unacknowledged(): WrittenMessage[] {
    return this.#kept.list();
  }

  /** How many messages the other side does not have yet. */
  get size(): number {
    return this.#next - this.#oldest;
  }

  /** The highest number given so far. */
  get last(): number {
    return this.#next - 1;
  }
}
