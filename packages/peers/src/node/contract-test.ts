import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { JingleOpenOptions, SipOpenOptions } from '../contract.ts';
import type { Driver, Endpoint, Program } from '../driver.ts';
import { PeerError } from '../peer-error.ts';

/** One thing that the contract asks of a peer. */
export interface ContractStep {
  readonly name: string;
  readonly ok: boolean;
  /** What was seen, in words. */
  readonly words: string;
}

export interface ContractReport {
  readonly peer: string;
  readonly ok: boolean;
  readonly steps: readonly ContractStep[];
}

export interface ContractTestOptions {
  /** Where the peer's logs go. */
  readonly folder: string;
  /** A web server that runs: the peer registers there, too. */
  readonly serverUrl?: string;
  /** A registrar that runs, for a phone: what `open-sip` asks of it there. */
  readonly registrar?: (user: string) => Promise<SipOpenOptions>;
  /** An XMPP server that runs, for a Jingle client: what `open-jingle` asks of it there. */
  readonly xmpp?: (user: string) => Promise<JingleOpenOptions>;
}

/** How long `open` may take to find out that there is no web server, in milliseconds. */
const NO_SERVER_MS = 15_000;
const DIED_MS = 5000;

const OPEN = {
  transport: 'ws',
  pattern: 1,
  audio: true,
  video: false,
  data: false,
  audioCodecs: [],
  videoCodecs: [],
  trickle: true,
  relayOnly: false,
} as const;

/**
 * Tests whether a peer keeps the contract of `docs/adding-a-peer.md`, step by step. A step that cannot be taken because
 * an earlier one failed is not listed.
 */
export async function testContract(driver: Driver, options: ContractTestOptions): Promise<ContractReport> {
  await mkdir(options.folder, { recursive: true });
  const steps: ContractStep[] = [];
  const step = async (name: string, work: () => Promise<string>): Promise<boolean> => {
    try {
      steps.push({ name, ok: true, words: await work() });
      return true;
    } catch (error) {
      steps.push({ name, ok: false, words: wordsOf(error) });
      return false;
    }
  };
  let program: Program | undefined;
  const started = await step('starts, is ready in time, and does not claim a made-up feature', async () => {
    const from = performance.now();
    program = await driver.start({ folder: options.folder });
    return `${program.manifest.name} ${program.manifest.version} after ${Math.round(performance.now() - from)} ms`;
  });
  if (started && program !== undefined) {
    await testProgram(program, options, step);
    await step('ends when told to', () => endsWhenTold(program!));
    await step('its death is noticed at once', () => deathIsNoticed(driver, options.folder));
  }
  return { peer: driver.id, ok: steps.every(({ ok }) => ok), steps };
}

type Step = (name: string, work: () => Promise<string>) => Promise<boolean>;

async function testProgram(program: Program, options: ContractTestOptions, step: Step): Promise<void> {
  const endpoint = await program.endpoint('contract test');
  await step('answers an unknown command with unsupported', () => refusesUnknownCommand(endpoint));
  await step('supports each feature that its manifest declares', async () => {
    const { capabilities } = program.manifest;
    const page = options.serverUrl === undefined ? {} : { url: options.serverUrl };
    for (const feature of capabilities) await endpoint.ask('probe', { feature, ...page });
    return `${capabilities.length}: ${capabilities.join(', ')}`;
  });
  const transport = program.manifest.capabilities.includes('transport:ws') ? 'ws' : 'http';
  await step('fails in words, and in time, where there is no web server', async () => {
    const url = `http://127.0.0.1:${await freePort()}/`;
    const from = performance.now();
    const words = await failure(
      endpoint.ask('open', { ...OPEN, transport, url, name: 'contract-test' }, NO_SERVER_MS),
    );
    return `after ${Math.round(performance.now() - from)} ms: ${words}`;
  });
  await step('refuses a call when it is not open, and lives on', async () => {
    const words = await failure(endpoint.ask('call', { to: 'nobody' }));
    await refusesUnknownCommand(endpoint);
    return words;
  });
  if (program.manifest.joins === 'sip') return testPhone(endpoint, options, step);
  if (program.manifest.joins === 'jingle') return testJingle(endpoint, options, step);
  const url = options.serverUrl;
  if (url === undefined) return;
  for (const each of ['ws', 'http'] as const) {
    if (!program.manifest.capabilities.includes(`transport:${each}`)) continue;
    await step(`registers and closes over ${each}, twice`, async () => {
      const name = `contract-${randomBytes(4).toString('hex')}`;
      for (let time = 0; time < 2; time++) {
        await endpoint.ask('open', { ...OPEN, transport: each, url, name });
        await endpoint.ask('close', {});
      }
      return `registered as ${name}, gave the name back, and took it again`;
    });
  }
}

async function testPhone(endpoint: Endpoint, { registrar }: ContractTestOptions, step: Step): Promise<void> {
  if (registrar === undefined) return;
  await testLogin(step, 'registers and closes as a phone', endpoint, async (user) => {
    const account = await registrar(user);
    return (password = account.password) => endpoint.ask('open-sip', { ...account, password });
  });
}

async function testJingle(endpoint: Endpoint, { xmpp }: ContractTestOptions, step: Step): Promise<void> {
  if (xmpp === undefined) return;
  await testLogin(step, 'logs in and closes as a Jingle client', endpoint, async (user) => {
    const account = await xmpp(user);
    return (password = account.password) => endpoint.ask('open-jingle', { ...account, password });
  });
}

/** @param opener of an account of this name: opens there, with its password or another */
async function testLogin(
  step: Step,
  name: string,
  endpoint: Endpoint,
  opener: (user: string) => Promise<(password?: string) => Promise<unknown>>,
): Promise<void> {
  const newName = (): string => `contract-${randomBytes(4).toString('hex')}`;
  await step(`${name}, twice`, async () => {
    const user = newName();
    const open = await opener(user);
    for (let time = 0; time < 2; time++) {
      await open();
      await endpoint.ask('close', {});
    }
    return `registered as ${user}, gave the name back, and took it again`;
  });
  await step('tells of a registration that is refused', async () => {
    const open = await opener(newName());
    const since = endpoint.events.length;
    const words = await failure(open('guessed'));
    const refused = endpoint.wait('a refusal', ({ event }) => event === 'not-registered', 1000, since);
    return `${String((await refused).status)}: ${words}`;
  });
}

async function refusesUnknownCommand(endpoint: Endpoint): Promise<string> {
  const command = `x-${randomBytes(6).toString('hex')}`;
  try {
    // The contract's commands are typed; one that is not of it has to be smuggled in.
    await endpoint.ask(command as 'close', {});
  } catch (error) {
    if (error instanceof PeerError && error.code === 'unsupported') return error.message;
    throw error;
  }
  throw new Error(`it claims to have done ${command}, whose name was made up`);
}

/** What a command that must fail said. @throws Error where it did not fail, or not as a reply */
async function failure(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    if (error instanceof PeerError && (error.code === 'failed' || error.code === 'unsupported'))
      return error.message;
    throw error;
  }
  throw new Error('it said that all was well');
}

async function endsWhenTold(program: Program): Promise<string> {
  const { pid } = program;
  await program.stop();
  const exit = await program.exited;
  if (exit.code !== 0) {
    throw new Error(`exit status ${exit.code}, signal ${exit.signal}: "quit" must end it with 0`);
  }
  if (isAlive(pid)) throw new Error(`process ${pid} is still there`);
  return 'exit status 0, no process left';
}

async function deathIsNoticed(driver: Driver, folder: string): Promise<string> {
  const program = await driver.start({ folder });
  const endpoint = await program.endpoint('contract test');
  const from = performance.now();
  const waiting = endpoint.wait('an event that never comes', () => false, DIED_MS).catch((error) => error);
  process.kill(program.pid, 'SIGKILL');
  const error: unknown = await waiting;
  const ms = Math.round(performance.now() - from);
  const exit = await program.exited;
  await program.stop();
  if (!(error instanceof PeerError) || error.code !== 'died')
    throw new Error(`who waited was told: ${wordsOf(error)}`);
  if (exit.asked) throw new Error('the death was taken for a stop that was asked for');
  return `after ${ms} ms: ${error.message}`;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** A port of this machine where nobody listens. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
