import { appendFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Tap } from '@crosspoint/signaling';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import qrcode from 'qrcode';
import { lanCertificate } from './certificate.ts';
import type { SeededChange } from './join-legs.ts';
import { ownAddress } from './own-address.ts';
import { PARTNERS, type PartnerName, startPartner } from './partner.ts';
import { seededChange } from './seeded-change.ts';
import { traceFile } from './trace-file.ts';
import type { TurnAccess } from './web-server.ts';

/** The page that every app serves, as it was built. */
export const PAGE = fileURLToPath(new URL('../../dist', import.meta.url));

/** The options that every app has. */
export interface AppOptions {
  readonly port: number;
  readonly host?: string;
  readonly lan?: boolean;
  readonly transport: 'ws' | 'http';
  readonly callee?: string;
  readonly defect?: string;
  readonly ringTimeout: number;
  readonly stun?: string[];
  readonly turn?: string[];
  readonly trace?: string;
  readonly json?: boolean;
}

/** What an app is started with. */
export interface AppStart<O extends AppOptions> {
  readonly options: O;
  /** The built page. */
  readonly page: string;
  /** The address to listen on, and what the page's server needs besides. */
  readonly web: {
    readonly host: string;
    readonly port: number;
    readonly page: string;
    readonly tls?: { readonly key: string; readonly cert: string };
    readonly stun?: readonly string[];
    readonly turn?: TurnAccess;
    readonly tap?: Tap;
  };
  /** The defect that calls from now on shall have. */
  readonly change: () => SeededChange | undefined;
}

/** An app that runs. */
export interface RunningApp {
  readonly port: number;
  /** The caller's page, without a path. */
  readonly url: string;
  /** The callee's page, where it is another. */
  readonly calleeUrl?: string;
  /** How the callee is called: `{name}@b.localhost`; without it by name alone. */
  readonly calleeAddress?: string;
  /** What a person has to know, in lines. */
  readonly words: (url: string) => readonly string[];
  /** Anything the lab has to know besides, printed with `--json`. */
  readonly facts?: Readonly<Record<string, unknown>>;
  close(): Promise<void>;
}

/** One app: its name, its own options, and how it starts. */
export interface App<O extends AppOptions> {
  readonly name: string;
  readonly description: string;
  /** Adds the options that only this app has. */
  readonly extend?: (command: Command) => Command;
  /** Partners that `--callee` may name. */
  readonly partners?: readonly string[];
  /** Starts a partner that is not one of the web. Undefined: it is one of the web. */
  readonly startPartner?: (name: string, app: RunningApp) => Promise<(() => Promise<void>) | undefined>;
  /** Whether it has a SIP registrar of its own, into which a bug can be put; none has without it. */
  readonly hasRegistrar?: (options: O) => boolean;
  /** What else the lab may ask of the app while it runs, a line of JSON each: `{"phone": "name"}`. */
  readonly lab?: Readonly<Record<string, (value: string) => Promise<object>>>;
  readonly start: (start: AppStart<O>) => Promise<RunningApp>;
}

/** An option's value that counts something. @throws InvalidArgumentError */
export function wholeNumber(value: string): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 0) throw new InvalidArgumentError('a whole number, please');
  return number;
}

export function port(value: string): number {
  const number = wholeNumber(value);
  if (number > 65535) throw new InvalidArgumentError('a port is at most 65535');
  return number;
}

/** An app's command with its options. */
export function appCommand<O extends AppOptions>(app: App<O>): Command {
  const command = new Command(app.name)
    .description(app.description)
    .option('-p, --port <port>', 'port to listen on; 0 takes a free one', port, 8080)
    .option('--host <address>', 'address to listen on (default: 127.0.0.1)')
    .option(
      '--lan',
      "serve over HTTPS on this machine's own address, for telephones and tablets; prints a QR code",
    )
    .addOption(
      new Option('--transport <transport>', 'how pages signal').choices(['ws', 'http']).default('ws'),
    )
    .addOption(
      new Option('--callee <peer>', 'an automatic partner who answers calls').choices([
        ...(app.partners ?? PARTNERS),
      ]),
    )
    .option('--defect <name>', 'seed a known interop bug into every call (see: npm run lab -- prove --list)')
    .option('--ring-timeout <ms>', 'how long a call may ring, in milliseconds', wholeNumber, 30_000)
    .option('--stun <url...>', 'STUN servers given to the pages')
    .option(
      '--turn <url...>',
      'TURN servers given to the pages; the shared secret comes in CROSSPOINT_TURN_SECRET',
    )
    .option('--trace <file>', 'append every signaling message to this file, one JSON object a line')
    .option('--json', 'print the address as one line of JSON')
    .exitOverride();
  return app.extend?.(command) ?? command;
}

/** Runs an app until it is stopped. Bad usage: one line on standard error and exit status 2. */
export async function runApp<O extends AppOptions>(app: App<O>, argv: readonly string[]): Promise<void> {
  const command = appCommand(app).configureOutput({ outputError: (text, write) => write(text) });
  try {
    command.parse([...argv], { from: 'user' });
    await serve(app, command.opts<O>());
  } catch (error) {
    if (error instanceof CommanderError) process.exit(error.exitCode === 0 ? 0 : 2);
    const code = (error as NodeJS.ErrnoException).code;
    const words =
      code === 'EADDRINUSE' || code === 'EACCES' || code === 'EADDRNOTAVAIL'
        ? `error: cannot listen on port ${command.opts<O>().port} (${code}); choose another with --port`
        : `error: ${error instanceof Error ? error.message : String(error)}`;
    process.stderr.write(`${words}\n`);
    process.exit(2);
  }
}

async function serve<O extends AppOptions>(app: App<O>, options: O): Promise<void> {
  const lan = options.lan === true ? ownAddress() : undefined;
  if (options.lan === true && lan === undefined)
    throw new Error('--lan: this machine has no address but loopback');
  const secret = process.env.CROSSPOINT_TURN_SECRET;
  if (options.turn !== undefined && !secret)
    throw new Error("--turn: set CROSSPOINT_TURN_SECRET to the TURN server's static-auth-secret");
  if (options.trace !== undefined) appendFileSync(options.trace, '');
  const seeded = (name: string): SeededChange | undefined => {
    const change = seededChange(name);
    if (change?.wire !== undefined && app.hasRegistrar?.(options) !== true)
      throw new Error(`--defect: ${name} is a bug of a SIP registrar, and there is none of ours here`);
    return change;
  };
  let change = options.defect === undefined ? undefined : seeded(options.defect);
  const tls = lan === undefined ? undefined : await lanCertificate(lan);
  const running = await app.start({
    options,
    page: PAGE,
    web: {
      host: lan !== undefined ? '0.0.0.0' : (options.host ?? '127.0.0.1'),
      port: options.port,
      page: PAGE,
      ...(tls !== undefined ? { tls } : {}),
      ...(options.stun !== undefined ? { stun: options.stun } : {}),
      ...(options.turn !== undefined ? { turn: { urls: options.turn, secret: secret! } } : {}),
      ...(options.trace !== undefined ? { tap: traceFile(options.trace) } : {}),
    },
    change: () => change,
  });
  const shown = (url: string): string => {
    const base = lan === undefined ? url : `https://${lan}:${new URL(url).port}`;
    return options.transport === 'http' ? `${base}/?transport=http` : `${base}/`;
  };
  const stopPartner =
    options.callee === undefined ? undefined : await partner(app, options.callee, running, options.transport);
  const url = shown(running.url);
  if (options.json === true) {
    const { calleeUrl, calleeAddress, facts } = running;
    const line = {
      url,
      port: running.port,
      ...(calleeUrl === undefined ? {} : { calleeUrl: shown(calleeUrl) }),
      ...(calleeAddress === undefined ? {} : { calleeAddress }),
      ...facts,
    };
    process.stdout.write(`${JSON.stringify(line)}\n`);
  } else {
    const calleeUrl = running.calleeUrl === undefined ? url : shown(running.calleeUrl);
    const lines = [...running.words(url === calleeUrl ? url : `${url} and ${calleeUrl}`)];
    if (options.callee !== undefined) {
      const address = (running.calleeAddress ?? '{name}').replace('{name}', options.callee);
      lines.push(`${options.callee} answers under the name "${address}".`);
    }
    if (change !== undefined) lines.push(`Seeded defect in every call: ${change.name}.`);
    if (options.lan === true) {
      lines.push('The certificate was made here: the browser will ask once whether to trust it.');
      lines.push(await qrcode.toString(url, { type: 'utf8', margin: 1 }));
    }
    lines.push('Ctrl-C stops it.');
    process.stdout.write(`${lines.join('\n')}\n`);
  }
  stopOnSignal(running, stopPartner);
  if (process.env.CROSSPOINT_CHILD === '1') {
    followLab({
      ...app.lab,
      defect: async (name: string | null) => {
        change = name === null ? undefined : seeded(name);
        return { seeded: name };
      },
    });
  }
}

async function partner<O extends AppOptions>(
  app: App<O>,
  name: string,
  running: RunningApp,
  transport: 'ws' | 'http',
): Promise<() => Promise<void>> {
  const own = await app.startPartner?.(name, running);
  return own ?? startPartner(name as PartnerName, running.calleeUrl ?? running.url, transport);
}

function stopOnSignal(running: RunningApp, stopPartner: (() => Promise<void>) | undefined): void {
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    void Promise.allSettled([stopPartner?.(), running.close()]).then(() => process.exit(0));
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  // Started by the lab: when the lab is gone, nobody would stop this server.
  if (process.env.CROSSPOINT_CHILD === '1') process.stdin.on('end', stop);
}

/** The lab asks for something, a line of JSON each, and waits for the word. */
function followLab(orders: Readonly<Record<string, (value: never) => Promise<object>>>): void {
  createInterface({ input: process.stdin }).on('line', (line) => {
    const [name, value] = Object.entries(JSON.parse(line) as Record<string, unknown>)[0] ?? [];
    const order = name === undefined ? undefined : orders[name];
    const done =
      order === undefined ? Promise.reject(new Error(`no such order: ${line}`)) : order(value as never);
    done.then(
      (answer) => process.stdout.write(`${JSON.stringify(answer)}\n`),
      (error: unknown) =>
        process.stdout.write(
          `${JSON.stringify({ error: error instanceof Error ? error.message : String(error) })}\n`,
        ),
    );
  });
}
