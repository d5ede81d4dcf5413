import { type ChildProcess, spawn } from 'node:child_process';
import type { Exit } from '../../driver.ts';
import { PeerError } from '../../peer-error.ts';
import { ProcessLog } from '../process-log.ts';
import { findProgram } from '../program-path.ts';

/** From SIGTERM to SIGKILL, in milliseconds. */
const TERMINATE_MS = 3000;

export interface DaemonOptions {
  /** Names it in messages. */
  readonly label: string;
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** Where both of its outputs go. */
  readonly log: string;
  readonly env?: Readonly<Record<string, string>>;
  /** It starts children of its own, which end with it. */
  readonly family?: boolean;
  /** Keeps its standard input open: for a program that reads a prompt's commands from there, or ends with it. */
  readonly input?: boolean;
  /** What it says on either output, piece by piece. */
  readonly heard?: (text: string) => void;
}

/** A program of the system that runs until it is told to end. */
export class Daemon {
  readonly label: string;
  readonly pid: number;
  readonly exited: Promise<Exit>;
  readonly #process: ChildProcess;
  readonly #family: boolean;
  readonly #log: ProcessLog;
  #asked = false;
  #exit: Exit | undefined;

  private constructor(options: DaemonOptions, process: ChildProcess, pid: number) {
    this.label = options.label;
    this.pid = pid;
    this.#process = process;
    this.#family = options.family ?? false;
    this.#log = new ProcessLog(options.log);
    for (const output of [process.stdout, process.stderr]) {
      output?.on('data', (chunk: Buffer) => {
        this.#log.write(chunk);
        options.heard?.(chunk.toString('utf8'));
      });
    }
    process.stdin?.on('error', () => {});
    this.exited = new Promise((resolve) => {
      process.once('exit', (code, signal) => {
        this.#exit = { code, signal, asked: this.#asked };
        // What it started must not outlive it, not even where it was killed.
        if (this.#family) this.#killFamily();
        const { stdout, stderr } = process;
        setTimeout(() => {
          stdout?.destroy();
          stderr?.destroy();
        }, 200).unref();
      });
      process.once('close', () => {
        void this.#log
          .close()
          .then(() => resolve(this.#exit ?? { code: null, signal: null, asked: this.#asked }));
      });
    });
  }

  /** @throws PeerError `failed` where it cannot be started at all */
  static async start(options: DaemonOptions): Promise<Daemon> {
    const [program, ...args] = endingWithUs(options.program, options.args);
    const child = spawn(program, args, {
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
      stdio: [options.input === true ? 'pipe' : 'ignore', 'pipe', 'pipe'],
      detached: options.family ?? false,
    });
    if (child.pid === undefined) {
      const error = await new Promise<Error>((resolve) => child.once('error', resolve));
      throw new PeerError('failed', options.label, `${options.label}: ${error.message}`);
    }
    return new Daemon(options, child, child.pid);
  }

  /** How it ended, once it has. */
  get ended(): string | undefined {
    if (this.#exit === undefined) return undefined;
    const { code, signal } = this.#exit;
    return signal === null ? `exit status ${code}` : `signal ${signal}`;
  }

  /** The last line of its output that says something. */
  get lastWords(): string | undefined {
    return this.#log.lastLine;
  }

  write(text: string): void {
    this.#process.stdin?.write(text);
  }

  /** Ends it, politely first, and waits until it is gone. Never throws. */
  async stop(terminateMs = TERMINATE_MS): Promise<Exit> {
    this.#asked = true;
    if (this.#exit === undefined) {
      this.#process.stdin?.end();
      this.#process.kill('SIGTERM');
      const late = setTimeout(() => this.#process.kill('SIGKILL'), terminateMs);
      await this.exited;
      clearTimeout(late);
    }
    return this.exited;
  }

  #killFamily(): void {
    try {
      process.kill(-this.pid, 'SIGKILL');
    } catch {
      // Nobody is left.
    }
  }
}

/** The kernel ends the program where this process dies without a word, as a killed one does (Linux, by util-linux). */
function endingWithUs(program: string, args: readonly string[]): [string, ...string[]] {
  const setpriv = findProgram(['setpriv']);
  return setpriv === undefined ? [program, ...args] : [setpriv, '--pdeathsig', 'TERM', program, ...args];
}
