import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import type { PeerCommand, PeerCommands, PeerEvent } from '../contract.ts';
import type { Endpoint, Exit } from '../driver.ts';
import { EventLog } from '../event-log.ts';
import { PeerError } from '../peer-error.ts';
import { lineCutter } from './process-lines.ts';
import { ProcessLog } from './process-log.ts';
import { type PeerReply, parsePeerLine, resultProblem } from './process-reply.ts';

/** Exit status of a peer that cannot run on this machine (the shell's for a command that is not there). */
export const EXIT_ABSENT = 127;

/** The peer, or what it needs, is not on this machine: no fault of the peer's. */
export class PeerAbsent extends PeerError {}

/** Waiting times in milliseconds. */
export interface ChildTimes {
  readonly ready: number;
  /** For a reply, where the asker names no time. */
  readonly reply: number;
  /** From `quit` to SIGTERM. */
  readonly quit: number;
  /** From SIGTERM to SIGKILL. */
  readonly terminate: number;
}

export const CHILD_TIMES: ChildTimes = { ready: 20_000, reply: 20_000, quit: 4000, terminate: 2000 };

export interface ChildOptions {
  readonly label: string;
  readonly command: readonly string[];
  readonly cwd: string;
  /** Where standard error goes. */
  readonly log: string;
  readonly times?: Partial<ChildTimes>;
}

interface Asked {
  readonly command: string;
  readonly resolve: (reply: PeerReply) => void;
  readonly reject: (error: PeerError) => void;
}

/** One process that speaks the peer contract on its standard streams: an endpoint. */
export class PeerChild implements Endpoint {
  /** Set anew when the process that was probed becomes an endpoint. */
  label: string;
  readonly pid: number;
  readonly exited: Promise<Exit>;
  readonly #log: ProcessLog;
  readonly #events: EventLog;
  readonly #times: ChildTimes;
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #asked = new Map<number, Asked>();
  /** Asked, given up on, and perhaps still answered. */
  readonly #late = new Set<number>();
  #nextId = 1;
  #askedToEnd = false;
  /** Why nothing can be asked any more. */
  #over: PeerError | undefined;
  #exit: Exit | undefined;

  private constructor(options: ChildOptions, process: ChildProcessWithoutNullStreams, pid: number) {
    this.label = options.label;
    this.pid = pid;
    this.#times = { ...CHILD_TIMES, ...options.times };
    this.#process = process;
    this.#log = new ProcessLog(options.log);
    this.#events = new EventLog(options.label);
    this.exited = this.#listen();
  }

  /**
   * Starts the process and waits for its `ready`.
   * @throws PeerAbsent where it is not there or exits with 127; PeerError `died`, `timeout`, `contract`
   */
  static async start(options: ChildOptions): Promise<PeerChild> {
    const [program = '', ...args] = options.command;
    const process = spawn(program, args, { cwd: options.cwd, stdio: ['pipe', 'pipe', 'pipe'] });
    if (process.pid === undefined) {
      const error = await new Promise<NodeJS.ErrnoException>((resolve) => process.once('error', resolve));
      const why = error.code === 'ENOENT' ? `${program} is not on this machine` : error.message;
      throw new PeerAbsent('failed', options.label, `${options.label}: ${why}`);
    }
    const child = new PeerChild(options, process, process.pid);
    try {
      await child.wait('event ready', (event) => event.event === 'ready', child.#times.ready);
      return child;
    } catch (error) {
      await child.stop();
      if (child.#exit?.code !== EXIT_ABSENT) throw error;
      throw new PeerAbsent(
        'failed',
        options.label,
        child.#log.lastLine ?? `exit status ${EXIT_ABSENT} without a reason`,
      );
    }
  }

  get events(): readonly PeerEvent[] {
    return this.#events.events;
  }

  #listen(): Promise<Exit> {
    const { stdin, stdout, stderr } = this.#process;
    const cut = lineCutter();
    // What is written to a process that is just gone: its exit tells more.
    stdin.on('error', () => {});
    stderr.on('data', (chunk: Buffer) => this.#log.write(chunk));
    stdout.on('data', (chunk: Buffer) => {
      if (this.#over !== undefined) return;
      try {
        for (const line of cut(chunk)) if (line.trim() !== '') this.#take(line);
      } catch (error) {
        this.#breach(error instanceof Error ? error.message : String(error));
      }
    });
    return new Promise((resolve) => {
      // `close` comes after both streams have ended: the last words are read before the death is told.
      this.#process.once('close', (code, signal) => {
        const exit: Exit = { code, signal, asked: this.#askedToEnd };
        this.#exit = exit;
        const how = signal === null ? `exit status ${code}` : `signal ${signal}`;
        const last = this.#log.lastLine;
        const words = last === undefined ? how : `${how}; its last words: ${last}`;
        this.#end(new PeerError('died', this.label, `${this.label}: the process ended with ${words}`));
        void this.#log.close().then(() => resolve(exit));
      });
      // A grandchild may hold the streams open after the process is gone.
      this.#process.once('exit', () => {
        const timer = setTimeout(() => {
          stdout.destroy();
          stderr.destroy();
        }, 500);
        this.#process.once('close', () => clearTimeout(timer));
      });
    });
  }

  #take(line: string): void {
    if (this.#over !== undefined) return;
    const said = parsePeerLine(line);
    if (said.kind === 'wrong') this.#breach(said.why);
    else if (said.kind === 'event') this.#events.add(said.event);
    else {
      const { reply } = said;
      const asked = this.#asked.get(reply.id);
      if (asked !== undefined) {
        this.#asked.delete(reply.id);
        asked.resolve(reply);
      } else if (!this.#late.delete(reply.id)) this.#breach(`a reply to ${reply.id}, which was not asked`);
    }
  }

  /** The peer broke the contract: nothing that it says after that can be believed. */
  #breach(why: string): void {
    this.#end(new PeerError('contract', this.label, `${this.label}: ${why}`));
    void this.stop();
  }

  #end(error: PeerError): void {
    if (this.#over !== undefined) return;
    this.#over = error;
    for (const asked of this.#asked.values()) asked.reject(error);
    this.#asked.clear();
    this.#events.end(error);
  }

  async ask<C extends PeerCommand>(
    command: C,
    args: PeerCommands[C],
    timeoutMs?: number,
  ): Promise<Record<string, unknown>> {
    const listening = 'ms' in args && typeof args.ms === 'number' ? args.ms : 0;
    return this.askAnything(command, args, timeoutMs ?? this.#times.reply + listening);
  }

  /** As `ask`, for commands that the contract does not know: how a peer takes those is part of the contract. */
  async askAnything(
    command: string,
    args: object,
    timeoutMs = this.#times.reply,
  ): Promise<Record<string, unknown>> {
    if (this.#over !== undefined) throw this.#over;
    const id = this.#nextId++;
    const reply = await new Promise<PeerReply>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#asked.delete(id);
        this.#late.add(id);
        const words = `${this.label}: no reply to ${command} within ${timeoutMs} ms`;
        reject(new PeerError('timeout', this.label, words));
      }, timeoutMs);
      this.#asked.set(id, {
        command,
        resolve: (answer) => {
          clearTimeout(timer);
          resolve(answer);
        },
        reject: (error) => {
          clearTimeout(timer);
          reject(error);
        },
      });
      this.#process.stdin.write(`${JSON.stringify({ ...args, id, command })}\n`);
    });
    if (!reply.ok) {
      const [code, why] =
        'unsupported' in reply ? (['unsupported', reply.why] as const) : (['failed', reply.error] as const);
      throw new PeerError(code, this.label, `${this.label}: ${command}: ${why}`);
    }
    const result = reply.result ?? {};
    const problem = resultProblem(command as PeerCommand, result);
    if (problem !== undefined) {
      throw new PeerError(
        'contract',
        this.label,
        `${this.label}: the result of ${command} is out of shape: ${problem}`,
      );
    }
    return result;
  }

  wait(what: string, fits: (event: PeerEvent) => boolean, timeoutMs: number, since = 0): Promise<PeerEvent> {
    return this.#events.wait(what, fits, timeoutMs, since);
  }

  /** Writes a line as it is: for the test of the contract. */
  writeLine(line: string): void {
    this.#process.stdin.write(`${line}\n`);
  }

  /** Ends the call, gives the name back and ends the process. */
  async close(): Promise<void> {
    await this.ask('close', {}, this.#times.quit).catch(() => {});
    await this.stop();
  }

  /** Ends the process: `quit`, then SIGTERM, then SIGKILL, and waits until it is gone. Never throws. */
  async stop(): Promise<Exit> {
    this.#askedToEnd = true;
    if (this.#exit === undefined) {
      this.writeLine(JSON.stringify({ id: this.#nextId++, command: 'quit' }));
      this.#process.stdin.end();
      this.#late.add(this.#nextId - 1);
      const { quit, terminate } = this.#times;
      const toTerminate = setTimeout(() => this.#process.kill('SIGTERM'), quit);
      const toKill = setTimeout(() => this.#process.kill('SIGKILL'), quit + terminate);
      await this.exited;
      clearTimeout(toTerminate);
      clearTimeout(toKill);
    }
    return this.exited;
  }
}
