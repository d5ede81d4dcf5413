import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { PEER_CONTRACT, type PeerManifest } from '../../contract.ts';
import type { Driver, Endpoint, Exit, Finding, Program } from '../../driver.ts';
import { PeerError } from '../../peer-error.ts';
import { findProgram } from '../program-path.ts';
import type { PhoneEndpoint } from './phone-endpoint.ts';

/** What makes a phone's program a driver. */
export interface PhoneKind {
  readonly id: string;
  readonly name: string;
  /** The programs of which one is needed. */
  readonly programs: readonly string[];
  /** The environment variable that names another one. */
  readonly override: string;
  readonly install: string;
  readonly capabilities: readonly string[];
  /** The version, from the program's own words. */
  version(program: string): string;
  /** One user of it. `died` is to be told of a process that ended unasked. */
  endpoint(made: PhonePlace): PhoneEndpoint;
}

/** Where an endpoint lives. */
export interface PhonePlace {
  readonly label: string;
  readonly program: string;
  /** A folder of its own. */
  readonly folder: string;
  readonly died: (exit: Exit) => void;
}

/** A SIP phone: each endpoint is a phone of its own, started when it is told where to register. */
export function phoneDriver(kind: PhoneKind): Driver {
  const look = (): string | undefined => process.env[kind.override] ?? findProgram(kind.programs);
  const manifestOf = (program: string): PeerManifest => ({
    contract: PEER_CONTRACT,
    id: kind.id,
    name: kind.name,
    version: kind.version(program),
    joins: 'sip',
    command: [program],
    capabilities: [...kind.capabilities],
  });
  return {
    id: kind.id,
    async find(): Promise<Finding> {
      const program = look();
      if (program === undefined) {
        return { found: false, why: `${kind.programs[0]} is not on this machine`, install: kind.install };
      }
      return { found: true, manifest: manifestOf(program), kind: 'program' };
    },
    async start({ folder }): Promise<Program> {
      const program = look();
      if (program === undefined) throw new PeerError('failed', kind.id, `${kind.name} is not installed`);
      await mkdir(folder, { recursive: true });
      return new PhoneProgram(kind, program, manifestOf(program), folder);
    },
  };
}

class PhoneProgram implements Program {
  readonly manifest: PeerManifest;
  readonly exited: Promise<Exit>;
  readonly #kind: PhoneKind;
  readonly #program: string;
  readonly #folder: string;
  readonly #endpoints: PhoneEndpoint[] = [];
  #tell: (exit: Exit) => void = () => {};

  constructor(kind: PhoneKind, program: string, manifest: PeerManifest, folder: string) {
    this.#kind = kind;
    this.#program = program;
    this.manifest = manifest;
    this.#folder = folder;
    this.exited = new Promise((tell) => {
      this.#tell = tell;
    });
  }

  /** Of the endpoint that was opened first. @throws PeerError where none was opened yet */
  get pid(): number {
    const pid = this.#endpoints.map((endpoint) => endpoint.pid).find((each) => each !== undefined);
    if (pid === undefined) throw new PeerError('failed', this.#kind.id, 'no endpoint of it is open');
    return pid;
  }

  async endpoint(label: string): Promise<Endpoint> {
    const folder = join(this.#folder, `${this.#kind.id}-${this.#endpoints.length + 1}`);
    await mkdir(folder, { recursive: true });
    const endpoint = this.#kind.endpoint({
      label,
      program: this.#program,
      folder,
      died: (exit) => this.#tell(exit),
    });
    this.#endpoints.push(endpoint);
    return endpoint;
  }

  async stop(): Promise<void> {
    await Promise.all(this.#endpoints.map((endpoint) => endpoint.stop()));
    this.#tell({ code: 0, signal: null, asked: true });
  }
}
