import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Side } from '../evidence.ts';
import { LabError } from './lab-error.ts';
import { playedTopology } from './played-topologies.ts';
import { PROJECT_ROOT } from './project-root.ts';

const START_MS = 40_000;
const STOP_MS = 4000;

export interface AppOptions {
  /** The topology as cells name it: `trapezoid-kamailio`. */
  readonly topology: string;
  readonly folder: string;
  readonly transport: 'ws' | 'http';
  readonly noAnswerMs: number;
  readonly turn?: { readonly url: string; readonly secret: string };
}

/** What an app prints with `--json`. */
interface AppLine {
  readonly url: string;
  /** Where the callee's page is another than the caller's. */
  readonly calleeUrl?: string;
  /** How the callee is called: `{name}@b.localhost`. */
  readonly calleeAddress?: string;
  /** Where SIP phones register. */
  readonly phones?: PhonePlace;
  /** Where Jingle clients log in. */
  readonly clients?: ClientPlace;
}

/** Where Jingle clients of a topology log in, and where they reach people who have a page. */
export interface ClientPlace {
  /** Over TCP: `127.0.0.1:5222`. */
  readonly server: string;
  /** Over WebSocket (RFC 7395). */
  readonly ws: string;
  readonly domain: string;
  /** The domain of people who have a page, and the resource of each. */
  readonly pages: string;
  readonly pageResource: string;
  readonly mediaAddress: string;
  /** The authority of its certificate, in PEM. */
  readonly ca: string;
}

/** Where SIP phones of a topology register. */
export interface PhonePlace {
  /** For UDP and TCP: `127.0.0.1:5060`. */
  readonly server: string;
  /** For WebSocket (RFC 7118). */
  readonly ws?: string;
  readonly domain: string;
  readonly mediaAddress: string;
}

/** Where the players of a call go, and how the callee is called. */
export interface Place {
  readonly url: Readonly<Record<Side, string>>;
  readonly address: (name: string) => string;
  readonly phones: PhonePlace | undefined;
  readonly clients: ClientPlace | undefined;
}

function placeOf({ url, calleeUrl = url, calleeAddress = '{name}', phones, clients }: AppLine): Place {
  return {
    url: { caller: url, callee: calleeUrl },
    address: (name) => calleeAddress.replace('{name}', name),
    phones,
    clients,
  };
}

/** A topology's own app, started as people start it, in a process of its own. */
export class AppServer {
  readonly place: Place;
  readonly traceFile: string;
  readonly #child: ChildProcess;
  #exit: string | undefined;
  readonly exited: Promise<void>;

  private constructor(child: ChildProcess, place: Place, traceFile: string) {
    this.#child = child;
    this.place = place;
    this.traceFile = traceFile;
    this.exited = new Promise((resolve) => {
      const over = (code: number | null, signal: string | null): void => {
        this.#exit = signal !== null ? `signal ${signal}` : `status ${code}`;
        resolve();
      };
      if (child.exitCode !== null || child.signalCode !== null) over(child.exitCode, child.signalCode);
      else child.once('exit', over);
    });
  }

  /** @throws LabError where the app does not start */
  static async start(options: AppOptions): Promise<AppServer> {
    const traceFile = join(options.folder, 'server-trace.jsonl');
    writeFileSync(traceFile, '');
    const played = playedTopology(options.topology);
    const main = join(PROJECT_ROOT, 'apps', played?.topology ?? options.topology, 'src', 'main.ts');
    const args = ['--import', 'tsx', main, '--port', '0', '--json', '--transport', options.transport];
    args.push(...(played?.args ?? []));
    args.push('--trace', traceFile, '--ring-timeout', String(options.noAnswerMs));
    if (options.turn !== undefined) args.push('--turn', options.turn.url);
    const child = spawn(process.execPath, args, {
      cwd: PROJECT_ROOT,
      stdio: ['pipe', 'pipe', 'pipe'],
      env: {
        ...process.env,
        // The app ends when the lab is gone.
        CROSSPOINT_CHILD: '1',
        ...(options.turn !== undefined ? { CROSSPOINT_TURN_SECRET: options.turn.secret } : {}),
      },
    });
    child.stdin!.on('error', () => {});
    const log = createWriteStream(join(options.folder, 'server.log'), { flags: 'a' });
    let said = '';
    child.stderr!.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-2000);
      log.write(chunk);
    });
    const lines = createInterface({ input: child.stdout! });
    const place = await new Promise<Place>((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new LabError('broken', `the ${options.topology} server did not start in time`)),
        START_MS,
      );
      lines.once('line', (line) => {
        clearTimeout(timer);
        resolve(placeOf(JSON.parse(line) as AppLine));
      });
      child.once('exit', (code) => {
        clearTimeout(timer);
        reject(
          new LabError('broken', `the ${options.topology} server ended with status ${code}: ${said.trim()}`),
        );
      });
      child.once('error', reject);
    }).catch((error: unknown) => {
      child.kill('SIGKILL');
      throw error;
    });
    return new AppServer(child, place, traceFile);
  }

  get pid(): number {
    return this.#child.pid!;
  }

  /** How it ended, where it did so unasked. */
  get ended(): string | undefined {
    return this.#exit;
  }

  /** Seeds a defect into the calls from now on, or none. The app answers on its standard output when it is done. */
  async seed(defect: string | undefined): Promise<void> {
    await this.#order({ defect: defect ?? null });
  }

  /** Lets a SIP phone of this name register. Gives its password. */
  async phone(name: string): Promise<string> {
    const { password } = (await this.#order({ phone: name })) as { password?: string };
    if (password === undefined) throw new LabError('broken', `the app gave ${name} no password`);
    return password;
  }

  /** Lets a Jingle client of this name log in. Gives its password. */
  async client(name: string): Promise<string> {
    const { password } = (await this.#order({ client: name })) as { password?: string };
    if (password === undefined) throw new LabError('broken', `the app gave ${name} no password`);
    return password;
  }

  /** Asks something of the app that only its topology knows. */
  async ask(order: string, value: string): Promise<Record<string, unknown>> {
    return (await this.#order({ [order]: value })) as Record<string, unknown>;
  }

  #turn: Promise<unknown> = Promise.resolve();

  /** One order at a time: the answers come in order on one output. */
  #order(order: object): Promise<object> {
    const next = this.#turn.then(() => this.#orderNow(order));
    this.#turn = next.catch(() => {});
    return next;
  }

  async #orderNow(order: object): Promise<object> {
    const lines = createInterface({ input: this.#child.stdout! });
    const done = new Promise<string>((resolve) => lines.once('line', resolve));
    this.#child.stdin!.write(`${JSON.stringify(order)}\n`);
    const answer = await Promise.race([done, this.exited]);
    lines.close();
    const given = JSON.parse(answer ?? '{}') as { error?: string };
    if (given.error !== undefined) throw new LabError('broken', given.error);
    return given;
  }

  /** Ends the app and waits until it is gone. */
  async stop(): Promise<void> {
    if (this.#exit !== undefined) return;
    this.#child.kill('SIGTERM');
    const late = setTimeout(() => this.#child.kill('SIGKILL'), STOP_MS);
    await this.exited;
    clearTimeout(late);
  }
}
