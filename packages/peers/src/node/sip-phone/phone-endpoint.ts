import type { PeerCommand, PeerCommands, PeerEvent } from '../../contract.ts';
import type { Endpoint, Exit } from '../../driver.ts';
import { EventLog } from '../../event-log.ts';
import { PeerError } from '../../peer-error.ts';
import type { PhoneReason } from './refusal-reason.ts';

/** For a reply, where the asker names no time, in milliseconds. */
const REPLY_MS = 20_000;

/** What a phone does at each command; a command that is not here is unsupported. */
export type PhoneCommands = {
  readonly [C in PeerCommand]?: (args: PeerCommands[C]) => Promise<Record<string, unknown> | undefined>;
};

/** A SIP phone as an endpoint: commands in, events out. One process, or a few, behind it. */
export abstract class PhoneEndpoint implements Endpoint {
  readonly label: string;
  readonly #log: EventLog;
  readonly #capabilities: readonly string[];
  /** Why nothing can be asked any more. */
  #over: PeerError | undefined;
  #giveUp = new Set<(error: PeerError) => void>();

  protected constructor(label: string, capabilities: readonly string[]) {
    this.label = label;
    this.#log = new EventLog(label);
    this.#capabilities = capabilities;
  }

  protected abstract readonly commands: PhoneCommands;

  /** The process to end, were it not to end by itself, once there is one. */
  abstract readonly pid: number | undefined;

  /** Ends all of its processes. Never throws. */
  abstract stop(): Promise<void>;

  get events(): readonly PeerEvent[] {
    return this.#log.events;
  }

  async ask<C extends PeerCommand>(
    command: C,
    args: PeerCommands[C],
    timeoutMs?: number,
  ): Promise<Record<string, unknown>> {
    if (this.#over !== undefined) throw this.#over;
    if (command === 'probe') return this.#probe(args as PeerCommands['probe']);
    // A name that is not of the contract must not find what objects have by themselves.
    const handler = Object.hasOwn(this.commands, command) ? this.commands[command] : undefined;
    if (handler === undefined) throw this.unsupported(`${command}: not a thing that it can do`);
    const listening = 'ms' in args && typeof args.ms === 'number' ? args.ms : 0;
    return this.#within(command, handler(args), timeoutMs ?? REPLY_MS + listening);
  }

  #probe({ feature }: PeerCommands['probe']): Record<string, unknown> {
    if (this.#capabilities.includes(feature)) return {};
    throw this.unsupported(`it does not have ${feature}`);
  }

  async #within(
    command: string,
    work: Promise<Record<string, unknown> | undefined>,
    timeoutMs: number,
  ): Promise<Record<string, unknown>> {
    let timer: NodeJS.Timeout | undefined;
    let giveUp: (error: PeerError) => void = () => {};
    const cut = new Promise<never>((_, reject) => {
      giveUp = reject;
      this.#giveUp.add(giveUp);
      const words = `${this.label}: no reply to ${command} within ${timeoutMs} ms`;
      timer = setTimeout(() => reject(new PeerError('timeout', this.label, words)), timeoutMs);
    });
    try {
      return (await Promise.race([work, cut])) ?? {};
    } catch (error) {
      if (error instanceof PeerError) throw error;
      throw this.failed(`${command}: ${error instanceof Error ? error.message : String(error)}`);
    } finally {
      clearTimeout(timer);
      this.#giveUp.delete(giveUp);
    }
  }

  wait(what: string, fits: (event: PeerEvent) => boolean, timeoutMs: number, since = 0): Promise<PeerEvent> {
    return this.#log.wait(what, fits, timeoutMs, since);
  }

  /** Ends the call and gives the name back, then ends the processes. */
  async close(): Promise<void> {
    await this.ask('close', {}).catch(() => {});
    await this.stop();
  }

  protected say(event: string, fields: Record<string, unknown> = {}): void {
    this.#log.add({ event, at: Date.now(), ...fields });
  }

  protected sayEnded(reason: PhoneReason): void {
    this.say('ended', { reason });
  }

  /** `words`: the last answer of the registrar, as `401 Unauthorized`, or why there was none. */
  protected sayNotRegistered(words: string): void {
    const status = /^\d{3}(?= )/.exec(words)?.[0];
    this.say('not-registered', { words, ...(status === undefined ? {} : { status: Number(status) }) });
  }

  /** Its program is gone: who waits learns it, and nothing can be asked any more. */
  protected died(exit: Exit, lastWords: string | undefined): void {
    const how = exit.signal === null ? `exit status ${exit.code}` : `signal ${exit.signal}`;
    const words = lastWords === undefined ? how : `${how}; its last words: ${lastWords}`;
    this.#over = new PeerError('died', this.label, `${this.label}: the process ended with ${words}`);
    this.#log.end(this.#over);
    for (const giveUp of this.#giveUp) giveUp(this.#over);
  }

  protected failed(words: string): PeerError {
    return new PeerError('failed', this.label, `${this.label}: ${words}`);
  }

  protected unsupported(words: string): PeerError {
    return new PeerError('unsupported', this.label, `${this.label}: ${words}`);
  }
}
