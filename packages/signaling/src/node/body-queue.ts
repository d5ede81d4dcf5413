import type { MessageQueue } from '../message-queue.ts';
import type { WrittenMessage } from '../wire.ts';
import { bytesOf } from './known-bytes.ts';

interface Kept {
  readonly line: string;
  readonly body: Buffer | string | undefined;
}

/**
 * A queue that keeps a body as the bytes it came in, where they are known: a thousand sessions' strings would be moved
 * about by the garbage collector just as they are about to be forgotten.
 */
export class BodyQueue implements MessageQueue {
  #kept: Kept[] = [];
  #first = 0;

  push({ line, sdp }: WrittenMessage): void {
    this.#kept.push({ line, body: sdp === undefined ? undefined : (bytesOf(sdp) ?? sdp) });
  }

  shift(): void {
    this.#first++;
    if (this.#first * 2 < this.#kept.length) return;
    // One by one where it was the last: there are few, and a new list or a new length would cost more.
    if (this.#first === this.#kept.length) while (this.#kept.length > 0) this.#kept.pop();
    else this.#kept = this.#kept.slice(this.#first);
    this.#first = 0;
  }

  list(): WrittenMessage[] {
    return this.#kept.slice(this.#first).map(({ line, body }) => ({
      line,
      sdp: typeof body === 'object' ? body.toString('latin1') : body,
    }));
  }
}
