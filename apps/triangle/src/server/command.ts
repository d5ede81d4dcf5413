import { appendFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import qrcode from 'qrcode';
import { lanCertificate } from './certificate.ts';
import { ownAddress } from './own-address.ts';
import { PARTNERS, type PartnerName, startPartner } from './partner.ts';
import { seededChange } from './seeded-change.ts';
import { traceFile } from './trace-file.ts';
import { startTriangle, type TriangleServer } from './triangle-server.ts';

interface Options {
  readonly port: number;
  readonly host?: string;
  readonly lan?: boolean;
  readonly transport: 'ws' | 'http';
  readonly callee?: PartnerName;
  readonly defect?: string;
  readonly ringTimeout: number;
  readonly stun?: string[];
  readonly turn?: string[];
  readonly trace?: string;
  readonly json?: boolean;
}

function integer(value: string): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 0) throw new InvalidArgumentError('a whole number, please');
  return number;
}

function port(value: string): number {
  const number = integer(value);
  if (number > 65535) throw new InvalidArgumentError('a port is at most 65535');
  return number;
}

/** The command's options, for `--help` and for who parses. */
export function triangleCommand(): Command {
  return new Command('triangle')
    .description('Two browsers, one web server: open the page it prints in two tabs, and call.')
    .option('-p, --port <port>', 'port to listen on; 0 takes a free one', port, 8080)
    .option('--host <address>', 'address to listen on (default: 127.0.0.1)')
    .option(
      '--lan',
      "serve over HTTPS on this machine's own address, for telephones and tablets; prints a QR code",
    )
    .addOption(
      new Option('--transport <transport>', 'how pages signal').choices(['ws', 'http']).default('ws'),
    )
    .addOption(new Option('--callee <peer>', 'an automatic partner who answers calls').choices([...PARTNERS]))
    .option('--defect <name>', 'seed a known interop bug into every call (see: npm run lab -- prove --list)')
    .option('--ring-timeout <ms>', 'how long a call may ring, in milliseconds', integer, 30_000)
    .option('--stun <url...>', 'STUN servers given to the pages')
    .option(
      '--turn <url...>',
      'TURN servers given to the pages; the shared secret comes in CROSSPOINT_TURN_SECRET',
    )
    .option('--trace <file>', 'append every signaling message to this file, one JSON object a line')
    .option('--json', 'print the address as one line of JSON')
    .exitOverride();
}

/** Runs the app until it is stopped. Bad usage: one line on standard error and exit status 2. */
export async function run(argv: readonly string[], page: string): Promise<void> {
  const command = triangleCommand().configureOutput({ outputError: (text, write) => write(text) });
  try {
    command.parse([...argv], { from: 'user' });
    await serve(command.opts<Options>(), page);
  } catch (error) {
    if (error instanceof CommanderError) process.exit(error.exitCode === 0 ? 0 : 2);
    const code = (error as NodeJS.ErrnoException).code;
    const words =
      code === 'EADDRINUSE' || code === 'EACCES' || code === 'EADDRNOTAVAIL'
        ? `error: cannot listen on port ${command.opts<Options>().port} (${code}); choose another with --port`
        : `error: ${error instanceof Error ? error.message : String(error)}`;
    process.stderr.write(`${words}\n`);
    process.exit(2);
  }
}

async function serve(options: Options, page: string): Promise<void> {
  const lan = options.lan === true ? ownAddress() : undefined;
  if (options.lan === true && lan === undefined)
    throw new Error('--lan: this machine has no address but loopback');
  const secret = process.env.CROSSPOINT_TURN_SECRET;
  if (options.turn !== undefined && !secret)
    throw new Error("--turn: set CROSSPOINT_TURN_SECRET to the TURN server's static-auth-secret");
  if (options.trace !== undefined) appendFileSync(options.trace, '');
  let change = options.defect === undefined ? undefined : seededChange(options.defect);
  const tls = lan === undefined ? undefined : await lanCertificate(lan);
  const server = await startTriangle({
    host: lan !== undefined ? '0.0.0.0' : (options.host ?? '127.0.0.1'),
    port: options.port,
    page,
    noAnswerMs: options.ringTimeout,
    ...(tls !== undefined ? { tls } : {}),
    ...(options.stun !== undefined ? { stun: options.stun } : {}),
    ...(options.turn !== undefined ? { turn: { urls: options.turn, secret: secret! } } : {}),
    ...(options.trace !== undefined ? { tap: traceFile(options.trace) } : {}),
    change: () => change,
  });
  const base = lan === undefined ? server.url : `https://${lan}:${server.port}`;
  const url = options.transport === 'http' ? `${base}/?transport=http` : `${base}/`;
  const stopPartner =
    options.callee === undefined
      ? undefined
      : await startPartner(options.callee, server.url, options.transport);
  if (options.json === true) process.stdout.write(`${JSON.stringify({ url, port: server.port })}\n`);
  else await announce(url, options, change?.name);
  stopOnSignal(server, stopPartner);
  if (process.env.CROSSPOINT_CHILD === '1') {
    followLab((defect) => {
      change = defect === undefined ? undefined : seededChange(defect);
    });
  }
}

async function announce(url: string, options: Options, defect: string | undefined): Promise<void> {
  const lines = [`Crosspoint triangle: open ${url} in two tabs, give two names, and call.`];
  if (options.callee !== undefined)
    lines.push(`${options.callee} answers under the name "${options.callee}".`);
  if (defect !== undefined) lines.push(`Seeded defect in every call: ${defect}.`);
  if (options.lan === true) {
    lines.push('The certificate was made here: the browser will ask once whether to trust it.');
    lines.push(await qrcode.toString(url, { type: 'utf8', margin: 1 }));
  }
  lines.push('Ctrl-C stops it.');
  process.stdout.write(`${lines.join('\n')}\n`);
}

function stopOnSignal(server: TriangleServer, stopPartner: (() => Promise<void>) | undefined): void {
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    void Promise.allSettled([stopPartner?.(), server.close()]).then(() => process.exit(0));
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  // Started by the lab: when the lab is gone, nobody would stop this server.
  if (process.env.CROSSPOINT_CHILD === '1') process.stdin.on('end', stop);
}

/** The lab says which defect the calls from now on shall have, a line of JSON each, and waits for the word. */
function followLab(seed: (defect: string | undefined) => void): void {
  createInterface({ input: process.stdin }).on('line', (line) => {
    const { defect } = JSON.parse(line) as { defect: string | null };
    let answer: object = { seeded: defect };
    try {
      seed(defect ?? undefined);
    } catch (error) {
      answer = { error: error instanceof Error ? error.message : String(error) };
    }
    process.stdout.write(`${JSON.stringify(answer)}\n`);
  });
}
