import { spawnSync } from 'node:child_process';
import { closeSync, constants, openSync, readSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Heard } from '../../contract.ts';

/** The format in which the phone plays: the sound card of `ear`. */
export const EAR_RATE = 48_000;
export const EAR_CHANNELS = 2;
const FRAME_BYTES = 2 * EAR_CHANNELS;
const BYTES_PER_MS = (EAR_RATE / 1000) * FRAME_BYTES;

/** What Linux keeps in a pipe: the phone is always so far ahead. */
const PIPE_BYTES = 65_536;
const PIPE_MS = Math.ceil(PIPE_BYTES / BYTES_PER_MS);
/** What the phone itself holds back before it plays it. */
const PLAYOUT_MS = 100;
const TICK_MS = 20;

/**
 * A sound card for a phone without one: ALSA's `file` plug-in writes what the phone plays into a pipe, which is read at
 * the pace of the wall clock. The full pipe holds the phone to that pace, as a sound card would. (Its own recorder,
 * `sndfile`, falls silent with the first change of direction.)
 */
export class AlsaEar {
  readonly #pipe: number;
  readonly #buffer = Buffer.alloc(PIPE_BYTES);
  readonly #listeners = new Set<(sound: Buffer) => void>();
  readonly #timer: NodeJS.Timeout;
  /** When the present run of sound began, and how much of it was read. */
  #since = performance.now();
  #bytes = 0;

  private constructor(pipe: number) {
    this.#pipe = pipe;
    this.#timer = setInterval(() => this.#read(), TICK_MS);
  }

  /**
   * Makes the pipe, and the configuration that ALSA finds by `environment` (the device is named `ear`).
   * @throws Error where the pipe cannot be made
   */
  static async open(folder: string): Promise<{ ear: AlsaEar; environment: Record<string, string> }> {
    const path = join(folder, 'ear');
    // Left by an earlier phone in the same folder.
    await rm(path, { force: true });
    const made = spawnSync('mkfifo', [path], { encoding: 'utf8' });
    if (made.status !== 0) throw new Error(`no pipe to hear by: ${made.stderr ?? made.error?.message}`);
    const configuration = join(folder, 'asound.conf');
    await writeFile(
      configuration,
      `pcm.ear {\n  type file\n  slave.pcm { type null }\n  file "${path}"\n  format "raw"\n}\nctl.ear { type null }\n`,
    );
    // Open for writing, too: the pipe then has no end when the phone stops playing for a while.
    const pipe = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
    return { ear: new AlsaEar(pipe), environment: { ALSA_CONFIG_PATH: configuration } };
  }

  /** What the phone plays in the next milliseconds; where it plays nothing, silence. */
  async hear(ms: number): Promise<Heard> {
    const startedAt = Date.now();
    const wanted = Math.round(ms) * BYTES_PER_MS;
    const heard: Buffer[] = [];
    let skip = (PIPE_MS + PLAYOUT_MS) * BYTES_PER_MS;
    let bytes = 0;
    await new Promise<void>((resolve) => {
      const listener = (sound: Buffer): void => {
        const rest = sound.subarray(Math.min(skip, sound.length));
        skip -= sound.length - rest.length;
        heard.push(rest);
        bytes += rest.length;
        if (bytes < wanted) return;
        this.#listeners.delete(listener);
        resolve();
      };
      this.#listeners.add(listener);
    });
    const all = Buffer.concat(heard).subarray(0, wanted);
    const mono = Buffer.alloc(all.length / EAR_CHANNELS);
    for (let at = 0; at < mono.length; at += 2) mono.writeInt16LE(all.readInt16LE(at * EAR_CHANNELS), at);
    return { sampleRate: EAR_RATE, pcm: mono.toString('base64'), startedAt };
  }

  close(): void {
    clearInterval(this.#timer);
    closeSync(this.#pipe);
  }

  #read(): void {
    const now = performance.now();
    let due = Math.floor(now - this.#since) * BYTES_PER_MS - this.#bytes;
    while (due > 0) {
      const read = this.#readUpTo(Math.min(due, PIPE_BYTES));
      if (read === 0) {
        // Nothing plays, or not fast enough: silence, as from a sound card.
        this.#give(Buffer.alloc(due));
        this.#bytes += due;
        return;
      }
      this.#give(Buffer.from(this.#buffer.subarray(0, read)));
      this.#bytes += read;
      due -= read;
    }
  }

  #readUpTo(bytes: number): number {
    try {
      return readSync(this.#pipe, this.#buffer, 0, bytes, null);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return 0;
      throw error;
    }
  }

  #give(sound: Buffer): void {
    for (const listener of [...this.#listeners]) listener(sound);
  }
}
