import { MAX_MESSAGE_BYTES } from './web-link.ts';

/** Cuts a stream of server-sent events (HTML standard section 9.2) into the data of each event. */
export class EventLines {
  #rest = '';
  #data: string[] = [];

  /** @throws Error for an event that does not end */
  take(chunk: string): string[] {
    const events: string[] = [];
    const lines = (this.#rest + chunk).split('\n');
    this.#rest = lines.pop() ?? '';
    if (this.#rest.length > 2 * MAX_MESSAGE_BYTES) throw new Error('an event without end');
    for (const raw of lines) {
      const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
      if (line.startsWith('data:')) this.#data.push(line.slice(line[5] === ' ' ? 6 : 5));
      else if (line === '' && this.#data.length > 0) {
        events.push(this.#data.join('\n'));
        this.#data = [];
      }
    }
    return events;
  }
}
