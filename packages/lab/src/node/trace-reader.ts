import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import type { TraceEntry } from '@crosspoint/signaling';

/** How often a trace is looked at while somebody waits for an entry, in milliseconds. */
const LOOK_MS = 20;

/** Reads the trace that an app writes while it runs. */
export class TraceReader {
  readonly #path: string;
  #offset = 0;
  // A reader may come between two writes of a long line, and in the middle of a character.
  readonly #decoder = new StringDecoder('utf8');
  #rest = '';
  #entries: TraceEntry[] = [];

  constructor(path: string) {
    this.#path = path;
  }

  /** Everything since the last `take`, and forgets it. */
  take(): TraceEntry[] {
    this.#read();
    const entries = this.#entries;
    this.#entries = [];
    return entries;
  }

  /** What there is since the last `take`; it stays. */
  look(): readonly TraceEntry[] {
    this.#read();
    return this.#entries;
  }

  /** Waits until the entries since the last `take` fit. Resolves `false` when the time is up. */
  async until(fits: (entries: readonly TraceEntry[]) => boolean, timeoutMs: number): Promise<boolean> {
    const deadline = Date.now() + timeoutMs;
    while (!fits(this.look())) {
      if (Date.now() > deadline) return false;
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
    return true;
  }

  #read(): void {
    const file = openSync(this.#path, 'r');
    try {
      const size = fstatSync(file).size;
      if (size <= this.#offset) return;
      const buffer = Buffer.alloc(size - this.#offset);
      const read = readSync(file, buffer, 0, buffer.length, this.#offset);
      this.#offset += read;
      const lines = (this.#rest + this.#decoder.write(buffer.subarray(0, read))).split('\n');
      this.#rest = lines.pop() ?? '';
      for (const line of lines) this.#entries.push(JSON.parse(line) as TraceEntry);
    } finally {
      closeSync(file);
    }
  }
}
