import { type MessageHead, writeMessage } from './wire.ts';

/** How many unacknowledged messages one side may have; more means that the other side is gone or hostile. */
export const MAX_UNACKNOWLEDGED = 1024;

/**
 * One direction of a session: numbers what is sent, keeps it until the other side has it, and gives it again after
 * a lost connection. Both ends of the web protocol hold one.
 */
export class Outbox {
  #next = 1;
  #kept: { seq: number; text: string }[] = [];
  #first = 0;

  /** Numbers and writes a message. `ack` is the highest `seq` had from the other side. */
  write(head: MessageHead, ack: number, sdp?: string): string {
    const seq = this.#next++;
    const text = writeMessage({ ...head, seq, ack }, sdp);
    this.#kept.push({ seq, text });
    return text;
  }

  /** Forgets what the other side has. */
  acknowledge(received: number): void {
    const kept = this.#kept;
    while (this.#first < kept.length && kept[this.#first]!.seq <= received) this.#first++;
    if (this.#first > 64 && this.#first * 2 > kept.length) {
      this.#kept = kept.slice(this.#first);
      this.#first = 0;
    }
  }

  /** What the other side does not have yet, in order. */
  unacknowledged(): string[] {
    return this.#kept.slice(this.#first).map((message) => message.text);
  }

  get size(): number {
    return this.#kept.length - this.#first;
  }

  /** The highest number given so far. */
  get last(): number {
    return this.#next - 1;
  }
}

/** How many messages may come before an acknowledgement goes back by itself, when nothing else carries one. */
export const ACKNOWLEDGE_EVERY = 16;

/** The other direction: takes each number once and in order. */
export class Inbox {
  #received = 0;
  #acknowledged = 0;

  /** `take`: new and next. `again`: had already, to be dropped. `gap`: something before it is missing. */
  accept(seq: number): 'take' | 'again' | 'gap' {
    if (seq === this.#received + 1) {
      this.#received = seq;
      return 'take';
    }
    return seq <= this.#received ? 'again' : 'gap';
  }

  /** The highest number had. Reading it to send it counts as acknowledging. */
  acknowledgement(): number {
    this.#acknowledged = this.#received;
    return this.#received;
  }

  get received(): number {
    return this.#received;
  }

  /** Whether an acknowledgement of its own is due. */
  get due(): boolean {
    return this.#received - this.#acknowledged >= ACKNOWLEDGE_EVERY;
  }
}
