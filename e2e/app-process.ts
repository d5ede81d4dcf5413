import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** What an app prints with `--json`. */
export interface AppFacts {
  readonly url: string;
  readonly calleeUrl?: string;
  /** The trapezoid's: where its servers take SIP, in the order of their domains. */
  readonly sip?: readonly { readonly domain: string; readonly port: number }[];
  /** Its proxies. */
  readonly proxies?: readonly { readonly node: string; readonly port: number }[];
  /** Programs of the topology that run in processes of their own, by node. */
  readonly pids?: Readonly<Record<string, number>>;
  /** Where the gateway of the sip app takes calls from the registrar. */
  readonly gateway?: string;
  readonly phones?: {
    readonly server: string;
    readonly ws: string;
    readonly domain: string;
    readonly mediaAddress: string;
  };
}

export interface RunningApp {
  readonly facts: AppFacts;
  readonly pid: number;
  /** What it said on standard error. */
  readonly said: () => string;
  /** Asks as the lab asks: a line of JSON, answered by one. */
  order(order: object): Promise<Readonly<Record<string, unknown>>>;
  stop(): Promise<void>;
}

/** An app as a program of its own, on free ports. */
export async function startApp(name: string, ...args: string[]): Promise<RunningApp> {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', `apps/${name}/src/main.ts`, '--port', '0', '--json', ...args],
    { cwd: ROOT, stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, CROSSPOINT_CHILD: '1' } },
  );
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    said += chunk;
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<string> => {
    const { value, done } = await lines.next();
    if (done === true) throw new Error(`the ${name} app ended: ${said}`);
    return value as string;
  };
  const facts = JSON.parse(await next()) as AppFacts;
  return {
    facts,
    pid: child.pid!,
    said: () => said,
    async order(order) {
      child.stdin.write(`${JSON.stringify(order)}\n`);
      return JSON.parse(await next()) as Readonly<Record<string, unknown>>;
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const over = once(child, 'exit');
      child.kill('SIGTERM');
      await over;
    },
  };
}
