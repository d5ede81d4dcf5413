import { createWriteStream, type WriteStream } from 'node:fs';

/** What is kept of one peer's standard error: a peer that never stops talking must not fill the disk. */
const MAX_LOG_BYTES = 16 * 1024 * 1024;
const TAIL_BYTES = 4096;

/** A peer's standard error: kept as a file, its end in memory. */
export class ProcessLog {
  readonly #file: WriteStream;
  #written = 0;
  #tail = '';

  constructor(path: string) {
    this.#file = createWriteStream(path);
    // A log that cannot be written takes nothing from the run but itself.
    this.#file.on('error', () => {});
  }

  write(chunk: Buffer): void {
    this.#tail = (this.#tail + chunk.toString('utf8')).slice(-TAIL_BYTES);
    if (this.#written >= MAX_LOG_BYTES) return;
    this.#written += chunk.length;
    this.#file.write(chunk);
    if (this.#written >= MAX_LOG_BYTES) this.#file.write('\n(the rest is not kept)\n');
  }

  /** The last line that says something, or nothing. */
  get lastLine(): string | undefined {
    return this.#tail
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '')
      .at(-1);
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.#file.end(resolve));
  }
}
