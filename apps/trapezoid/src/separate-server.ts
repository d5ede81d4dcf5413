import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Tap, TraceEntry } from '@crosspoint/signaling';
import type { FederationMember, ServerCounts, ServerPlan } from './federation-member.ts';
import type { FederationWay } from './federation-way.ts';

/** What the process with the server is told. */
export type Order =
  | { readonly type: 'start'; readonly plan: ServerPlan }
  | { readonly type: 'federate'; readonly way: FederationWay }
  | { readonly type: 'show'; readonly entry: TraceEntry }
  | { readonly type: 'counts' };

/** What it tells. */
export type Report =
  | { readonly type: 'ready'; readonly url: string; readonly port: number; readonly sipPort: number }
  | { readonly type: 'failed'; readonly words: string }
  | { readonly type: 'traced'; readonly entry: TraceEntry }
  | { readonly type: 'counts'; readonly counts: ServerCounts };

type Ready = Extract<Report, { type: 'ready' }>;

const MAIN = fileURLToPath(new URL('server-process.ts', import.meta.url));
const AGAIN_MS = 250;
const TRIES = 20;

/** A server of the trapezoid in a process of its own, which is started anew, at the same places, where it dies. */
export class SeparateServer implements FederationMember {
  readonly domain: string;
  readonly url: string;
  readonly port: number;
  readonly sipPort: number;
  readonly #plan: ServerPlan;
  readonly #tap: Tap;
  #child: ChildProcess;
  #way: FederationWay | undefined;
  #waiting: ((counts: ServerCounts) => void)[] = [];
  #closing = false;
  #watching: Promise<void>;

  private constructor(plan: ServerPlan, tap: Tap, child: ChildProcess, ready: Ready) {
    this.#plan = { ...plan, sipPort: ready.sipPort, web: { ...plan.web, port: ready.port } };
    this.#tap = tap;
    this.domain = plan.domain;
    this.url = ready.url;
    this.port = ready.port;
    this.sipPort = ready.sipPort;
    this.#child = child;
    this.#watching = this.#watch(child);
  }

  /** Rejects with the words of the process where it does not start. */
  static async start(plan: ServerPlan, tap: Tap): Promise<SeparateServer> {
    const { child, ready } = await startProcess(plan);
    return new SeparateServer(plan, tap, child, ready);
  }

  get pid(): number {
    return this.#child.pid!;
  }

  federate(way: FederationWay): void {
    this.#way = way;
    this.#order({ type: 'federate', way });
  }

  readonly show: Tap = (entry) => this.#order({ type: 'show', entry });

  counts(): Promise<ServerCounts> {
    const told = new Promise<ServerCounts>((resolve) => this.#waiting.push(resolve));
    this.#order({ type: 'counts' });
    return told;
  }

  async close(): Promise<void> {
    this.#closing = true;
    if (this.#child.connected) this.#child.disconnect();
    await this.#watching;
  }

  #order(order: Order): void {
    if (this.#child.connected) this.#child.send(order, () => {});
  }

  async #watch(first: ChildProcess): Promise<void> {
    for (let child: ChildProcess | undefined = first; child !== undefined; ) {
      this.#child = child;
      child.on('message', (report: Report) => this.#take(report));
      if (this.#way !== undefined) this.#order({ type: 'federate', way: this.#way });
      const end = await endOf(child);
      if (this.#closing) return;
      process.stderr.write(`${this.#plan.node} ended (${end}) and is started again\n`);
      child = await this.#startAgain();
    }
  }

  async #startAgain(): Promise<ChildProcess | undefined> {
    let words = '';
    for (let tries = 0; tries < TRIES && !this.#closing; tries++) {
      try {
        return (await startProcess(this.#plan)).child;
      } catch (error) {
        words = error instanceof Error ? error.message : String(error);
        await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
      }
    }
    process.stderr.write(`${this.#plan.node} does not start again: ${words}\n`);
    return undefined;
  }

  #take(report: Report): void {
    if (report.type === 'traced') this.#tap(report.entry);
    if (report.type === 'counts') for (const tell of this.#waiting.splice(0)) tell(report.counts);
  }
}

async function startProcess(plan: ServerPlan): Promise<{ child: ChildProcess; ready: Ready }> {
  const child = fork(MAIN, [], {
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const ready = await new Promise<Ready>((resolve, reject) => {
    const over = (code: number | null, signal: string | null): void =>
      reject(new Error(`${plan.node} ended (${signal ?? code}) before it was ready`));
    child.once('exit', over);
    child.once('message', (report: Report) => {
      child.off('exit', over);
      if (report.type === 'ready') resolve(report);
      else reject(new Error(report.type === 'failed' ? report.words : `${plan.node} is not ready`));
    });
    child.send({ type: 'start', plan } satisfies Order);
  }).catch((error: unknown) => {
    if (child.connected) child.disconnect();
    throw error;
  });
  return { child, ready };
}

async function endOf(child: ChildProcess): Promise<string> {
  if (child.exitCode === null && child.signalCode === null)
    await new Promise((resolve) => child.once('exit', resolve));
  return child.signalCode ?? `status ${child.exitCode}`;
}
