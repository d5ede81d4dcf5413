import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { manifestSchema, type PeerManifest } from '../contract.ts';
import type { Driver, Endpoint, Exit, Finding, Program, Surroundings } from '../driver.ts';
import { PeerError } from '../peer-error.ts';
import { type ChildTimes, PeerChild } from './process-child.ts';

export interface ProcessDriverOptions {
  /** Started instead of the manifest's `command`. */
  readonly command?: readonly string[];
  readonly times?: Partial<ChildTimes>;
}

/**
 * The peer whose manifest lies in a folder (`docs/adding-a-peer.md`): an outside program on the other side of a pipe,
 * one process for each endpoint.
 */
export function processDriver(folder: string, options: ProcessDriverOptions = {}): Driver {
  const home = resolve(folder);
  const start = (surroundings: Surroundings): Promise<ProcessProgram> =>
    ProcessProgram.start(home, options, surroundings);
  return {
    id: idOf(home),
    start,
    async find(): Promise<Finding> {
      const scratch = await mkdtemp(join(tmpdir(), 'crosspoint-peer-'));
      try {
        const program = await start({ folder: scratch });
        await program.stop();
        return { found: true, manifest: program.manifest, kind: 'program' };
      } catch (error) {
        // A liar is there, but must not be used; who asks for it by name learns why.
        return { found: false, why: error instanceof Error ? error.message : String(error) };
      } finally {
        await rm(scratch, { recursive: true, force: true });
      }
    },
  };
}

/** The id by which the lab asks for this peer, before its manifest is known to be right. */
function idOf(home: string): string {
  try {
    const { id } = JSON.parse(readFileSync(join(home, 'peer.json'), 'utf8')) as { id?: unknown };
    return typeof id === 'string' ? id : basename(home);
  } catch {
    return basename(home);
  }
}

/**
 * Reads `peer.json` of a folder.
 * @throws PeerError `contract` naming what is wrong with it
 */
export async function readManifest(folder: string): Promise<PeerManifest> {
  const path = join(folder, 'peer.json');
  const wrong = (why: string): PeerError => new PeerError('contract', basename(folder), `${path}: ${why}`);
  let value: unknown;
  try {
    value = JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    throw wrong(error instanceof SyntaxError ? 'is not JSON' : 'cannot be read');
  }
  const checked = manifestSchema.safeParse(value);
  if (checked.success) return checked.data;
  const issue = checked.error.issues[0];
  throw wrong(`${issue?.path.map(String).join('.') ?? ''}: ${issue?.message ?? 'refused by the schema'}`);
}

class ProcessProgram implements Program {
  readonly manifest: PeerManifest;
  readonly exited: Promise<Exit>;
  readonly #home: string;
  readonly #options: ProcessDriverOptions;
  readonly #surroundings: Surroundings;
  readonly #children = new Set<PeerChild>();
  /** The process that `start` probed, until an endpoint takes it. */
  #spare: PeerChild | undefined;
  #started = 0;
  #pid = 0;
  #tell: (exit: Exit) => void = () => {};

  private constructor(
    manifest: PeerManifest,
    home: string,
    options: ProcessDriverOptions,
    surroundings: Surroundings,
  ) {
    this.manifest = manifest;
    this.#home = home;
    this.#options = options;
    this.#surroundings = surroundings;
    this.exited = new Promise((tell) => {
      this.#tell = tell;
    });
  }

  static async start(
    home: string,
    options: ProcessDriverOptions,
    surroundings: Surroundings,
  ): Promise<ProcessProgram> {
    const program = new ProcessProgram(await readManifest(home), home, options, surroundings);
    const first = await program.#spawn(program.manifest.id);
    program.#spare = first;
    try {
      await refuseLiar(first, program.manifest);
    } catch (error) {
      await program.stop();
      throw error;
    }
    return program;
  }

  get pid(): number {
    return this.#pid;
  }

  async #spawn(label: string): Promise<PeerChild> {
    const number = this.#started++;
    const child = await PeerChild.start({
      label,
      command: this.#options.command ?? this.manifest.command,
      cwd: this.#home,
      log: join(this.#surroundings.folder, `${this.manifest.id}-${number + 1}.log`),
      ...(this.#options.times !== undefined ? { times: this.#options.times } : {}),
    });
    if (number === 0) this.#pid = child.pid;
    this.#children.add(child);
    void child.exited.then((exit) => {
      this.#children.delete(child);
      if (this.#spare === child) this.#spare = undefined;
      // One endpoint that was closed leaves the program; one that died has taken it along.
      if (!exit.asked) this.#tell(exit);
    });
    return child;
  }

  async endpoint(label: string): Promise<Endpoint> {
    const spare = this.#spare;
    this.#spare = undefined;
    if (spare === undefined) return this.#spawn(label);
    spare.label = label;
    return spare;
  }

  async stop(): Promise<void> {
    const exits = await Promise.all([...this.#children].map((child) => child.stop()));
    this.#tell({ ...(exits.at(-1) ?? { code: 0, signal: null }), asked: true });
  }
}

/**
 * A peer that claims a feature which nobody can have would claim anything.
 * @throws PeerError `contract`
 */
export async function refuseLiar(child: PeerChild, manifest: PeerManifest): Promise<void> {
  const feature = `x-${randomBytes(8).toString('hex')}`;
  try {
    await child.ask('probe', { feature });
  } catch (error) {
    if (error instanceof PeerError && error.code === 'unsupported') return;
    if (error instanceof PeerError && error.code === 'failed') {
      throw new PeerError(
        'contract',
        manifest.id,
        `${manifest.id}: a feature unknown to it must be answered "unsupported": ${error.message}`,
      );
    }
    throw error;
  }
  throw new PeerError(
    'contract',
    manifest.id,
    `${manifest.id} is a liar: it claims the feature ${feature}, whose name was made up`,
  );
}
