import { type MessageHead, type WrittenMessage, writeNumbered } from './wire.ts';

/** How many unacknowledged messages one side may have; more means that the other side is gone or hostile. */
export const MAX_UNACKNOWLEDGED = 1024;

const FIRST_CAPACITY = 16;

/**
 * One direction of a session: numbers what is sent, keeps it until the other side has it, and gives it again after
 * a lost connection. Both ends of the web protocol hold one.
 */
export class Outbox {
  #next = 1;
  #oldest = 1;
  /** A ring: the message numbered `seq` is at `seq & mask`. */
  #kept: (WrittenMessage | undefined)[] = new Array(FIRST_CAPACITY).fill(undefined);
  #mask = FIRST_CAPACITY - 1;

  /** Numbers and writes a message. `ack` is the highest `seq` had from the other side. */
  write(head: MessageHead, ack: number, sdp?: string): WrittenMessage {
    const seq = this.#next++;
    if (this.size > this.#mask) this.#grow();
    const message = { line: writeNumbered(head, seq, ack), sdp };
    this.#kept[seq & this.#mask] = message;
    return message;
  }

  #grow(): void {
    const mask = this.#mask * 2 + 1;
    const kept = new Array<WrittenMessage | undefined>(mask + 1).fill(undefined);
    for (let seq = this.#oldest; seq < this.#next; seq++) kept[seq & mask] = this.#kept[seq & this.#mask];
    this.#kept = kept;
    this.#mask = mask;
  }

  /** Forgets what the other side has: all up to `received`. */
  acknowledge(received: number): void {
    while (this.#oldest <= received && this.#oldest < this.#next) {
      this.#kept[this.#oldest & this.#mask] = undefined;
      this.#oldest++;
    }
  }

  /** What the other side does not have yet, in order. */
  unacknowledged(): WrittenMessage[] {
    const messages: WrittenMessage[] = [];
    for (let seq = this.#oldest; seq < this.#next; seq++) messages.push(this.#kept[seq & this.#mask]!);
    return messages;
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
