import type { Page } from 'puppeteer-core';
import { type PeerCommand, type PeerCommands, type PeerEvent, peerEventSchema } from '../contract.ts';
import type { Endpoint, Exit } from '../driver.ts';
import { EventLog } from '../event-log.ts';
import { PeerError } from '../peer-error.ts';

/** How long the page holds a request for events open, in milliseconds. */
const HOLD_MS = 20_000;
const ASK_MS = 30_000;
/** How long after the loss of a page its browser's end is waited for, in milliseconds. */
const EXIT_MS = 3000;
const LOST = /Target closed|Session closed|Connection closed|detached|disconnected|no such frame/i;

interface Automation {
  ask(
    command: string,
    args: unknown,
  ): Promise<{
    ok: boolean;
    result?: Record<string, unknown>;
    unsupported?: boolean;
    why?: string;
    error?: string;
  }>;
  take(since: number, waitMs: number): Promise<unknown[]>;
}

/** One page of a browser as an endpoint. */
export class PageEndpoint implements Endpoint {
  readonly label: string;
  readonly #page: Page;
  readonly #log: EventLog;
  readonly #path: string;
  readonly #closed: () => void;
  #gone: PeerError | undefined;
  #leave: (error: PeerError) => void = () => {};
  readonly #left: Promise<never>;
  /** Which loading of the page is heard: events of an earlier one are nobody's business. */
  #generation = 0;

  /** @param path where the page is, seen from the web server's address */
  constructor(label: string, page: Page, path: string, closed: () => void) {
    this.label = label;
    this.#page = page;
    this.#path = path;
    this.#closed = closed;
    this.#log = new EventLog(label);
    this.#left = new Promise((_, reject) => {
      this.#leave = reject;
    });
    this.#left.catch(() => {});
    page.on('pageerror', (error) =>
      this.#log.add({ event: 'trouble', at: Date.now(), words: `page error: ${String(error)}` }),
    );
  }

  get events(): readonly PeerEvent[] {
    return this.#log.events;
  }

  wait(what: string, fits: (event: PeerEvent) => boolean, timeoutMs: number, since = 0): Promise<PeerEvent> {
    return this.#log.wait(what, fits, timeoutMs, since);
  }

  async ask<C extends PeerCommand>(
    command: C,
    args: PeerCommands[C],
    timeoutMs = ASK_MS,
  ): Promise<Record<string, unknown>> {
    if (this.#gone !== undefined) throw this.#gone;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () =>
          reject(
            new PeerError(
              'timeout',
              this.label,
              `${this.label}: no reply to ${command} within ${timeoutMs} ms`,
            ),
          ),
        timeoutMs,
      );
    });
    try {
      return await Promise.race([this.#ask(command, args), late, this.#left]);
    } catch (error) {
      if (error instanceof PeerError) throw error;
      if (LOST.test(String(error))) await this.#howItEnded();
      if (this.#gone !== undefined) throw this.#gone;
      throw new PeerError(
        'failed',
        this.label,
        `${this.label}: ${command}: ${error instanceof Error ? error.message : String(error)}`,
      );
    } finally {
      clearTimeout(timer);
    }
  }

  async #ask(command: string, args: unknown): Promise<Record<string, unknown>> {
    const url = (args as { url?: string }).url;
    const opens = command === 'open' || command === 'open-sip' || command === 'open-jingle';
    if (url !== undefined && (opens || this.#generation === 0))
      await this.#load(new URL(this.#path, url).href);
    if (this.#generation === 0) {
      throw new PeerError('unsupported', this.label, `${command}: there is no page yet that could`);
    }
    const reply = await this.#page.evaluate(
      (name, values) =>
        (window as unknown as { crosspoint: Automation }).crosspoint.ask(name as string, values),
      command,
      args as object,
    );
    if (reply.ok) return reply.result ?? {};
    if (reply.unsupported === true)
      throw new PeerError('unsupported', this.label, reply.why ?? `${command} is not supported`);
    throw new PeerError('failed', this.label, `${this.label}: ${command}: ${reply.error ?? 'failed'}`);
  }

  /** Loads the app's page, and hears what it says from then on. */
  async #load(url: string): Promise<void> {
    const generation = ++this.#generation;
    try {
      await this.#page.goto(url, { waitUntil: 'load' });
    } catch (error) {
      this.#generation = 0;
      throw error;
    }
    await this.#page.waitForFunction(() => 'crosspoint' in window, { timeout: 10_000, polling: 20 });
    void this.#pump(generation);
  }

  async #pump(generation: number): Promise<void> {
    let since = 0;
    while (this.#gone === undefined && this.#generation === generation) {
      try {
        const events = await this.#page.evaluate(
          (from, hold) =>
            (window as unknown as { crosspoint: Automation }).crosspoint.take(from as number, hold as number),
          since,
          HOLD_MS,
        );
        if (this.#generation !== generation) return;
        since += events.length;
        for (const event of events) this.#log.add(peerEventSchema.parse(event));
      } catch (error) {
        // The page was closed, or is being loaded anew for another registration.
        if (this.#gone !== undefined || this.#page.isClosed() || this.#generation !== generation) return;
        if (/context|navigat|destroyed|discarded/i.test(String(error))) return;
        if (LOST.test(String(error))) await this.#howItEnded();
        this.#end('failed', `its events stopped: ${String(error)}`);
      }
    }
  }

  /** The page is lost: whether because its browser is, comes to be known a moment later. */
  #howItEnded(): Promise<unknown> {
    return Promise.race([this.#left.catch(() => {}), new Promise((resolve) => setTimeout(resolve, EXIT_MS))]);
  }

  #end(code: 'died' | 'failed', why: string): void {
    if (this.#gone !== undefined) return;
    this.#gone = new PeerError(code, this.label, `${this.label}: ${why}`);
    this.#log.end(this.#gone);
    this.#leave(this.#gone);
  }

  /** The browser is gone; whoever waits for this page learns how. */
  programEnded(exit: Exit): void {
    const how = exit.signal !== null ? `signal ${exit.signal}` : `status ${exit.code}`;
    this.#end('died', `the browser ended (${how})`);
  }

  /** The lab stops the browser: nothing more is expected of this page. */
  abandon(): void {
    this.#end('failed', 'stopped by the lab');
    this.#closed();
  }

  async close(): Promise<void> {
    if (this.#gone !== undefined) return;
    this.#end('failed', 'closed by the lab');
    this.#closed();
    await this.#page.close().catch(() => {});
  }
}
