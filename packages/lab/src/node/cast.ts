import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Driver, type Endpoint, PeerError, type Program } from '@crosspoint/peers';
import { SIDES, type Side } from '../evidence.ts';
import type { Started } from './stopping.ts';

/** The programs and endpoints of one cell: started when needed, and again when one died. */
export class Cast {
  readonly #drivers: Readonly<Record<Side, Driver>>;
  readonly #folder: string;
  readonly #started: Started;
  readonly #programs = new Map<string, Program>();
  readonly #endpoints = new Map<Side, Endpoint>();
  readonly #dead = new Set<Program>();

  constructor(drivers: Readonly<Record<Side, Driver>>, folder: string, started: Started) {
    this.#drivers = drivers;
    this.#folder = join(folder, 'peers');
    this.#started = started;
    mkdirSync(this.#folder, { recursive: true });
  }

  /** Both endpoints, alive. @throws PeerError where a program does not start */
  async endpoints(): Promise<Readonly<Record<Side, Endpoint>>> {
    const [caller, callee] = await Promise.all(SIDES.map((side) => this.#endpoint(side)));
    return { caller: caller!, callee: callee! };
  }

  async #endpoint(side: Side): Promise<Endpoint> {
    const program = await this.#program(this.#drivers[side]);
    const known = this.#endpoints.get(side);
    if (known !== undefined) return known;
    const endpoint = await program.endpoint(`${this.#drivers[side].id} (${side})`);
    this.#endpoints.set(side, endpoint);
    return endpoint;
  }

  /** The same peer on both sides is one program with two users, as two tabs of a browser are. */
  readonly #starting = new Map<string, Promise<Program>>();

  #program(driver: Driver): Promise<Program> {
    const known = this.#programs.get(driver.id);
    if (known !== undefined && !this.#dead.has(known)) return Promise.resolve(known);
    const starting =
      this.#starting.get(driver.id) ??
      driver.start({ folder: this.#folder }).then((program) => {
        this.#started.add(program);
        this.#programs.set(driver.id, program);
        void program.exited.then(() => this.#dead.add(program));
        this.#starting.delete(driver.id);
        return program;
      });
    this.#starting.set(driver.id, starting);
    starting.catch(() => this.#starting.delete(driver.id));
    return starting;
  }

  /** One more user of a side's program; whoever asked for it closes it. */
  async another(side: Side, label: string): Promise<Endpoint> {
    const program = await this.#program(this.#drivers[side]);
    return program.endpoint(`${this.#drivers[side].id} (${label})`);
  }

  /** The process of a side's program, for who wants to end it in a test. */
  pid(side: Side): number | undefined {
    return this.#programs.get(this.#drivers[side].id)?.pid;
  }

  manifest(side: Side): Program['manifest'] | undefined {
    return this.#programs.get(this.#drivers[side].id)?.manifest;
  }

  /** Puts both endpoints back to where they were before a call; one that cannot is made anew next time. */
  async reset(whole: boolean): Promise<void> {
    await Promise.all(
      SIDES.map(async (side) => {
        const endpoint = this.#endpoints.get(side);
        if (endpoint === undefined) return;
        const program = this.#programs.get(this.#drivers[side].id);
        if (whole || program === undefined || this.#dead.has(program)) {
          this.#endpoints.delete(side);
          await endpoint.close();
          return;
        }
        try {
          await endpoint.ask('close', {}, 5000);
        } catch (error) {
          if (!(error instanceof PeerError)) throw error;
          this.#endpoints.delete(side);
          await endpoint.close();
        }
      }),
    );
  }

  /** What a peer itself says of a capability that it does not declare. */
  async proof(side: Side, capability: string, url: string): Promise<{ declared: false; words: string }> {
    try {
      const endpoint = (await this.endpoints())[side];
      await endpoint.ask('probe', { feature: capability, url });
      return {
        declared: false,
        words: `its manifest does not declare ${capability}, though asked it says that it has it`,
      };
    } catch (error) {
      if (error instanceof PeerError && error.code === 'unsupported')
        return { declared: false, words: `asked for ${capability} it answers: ${error.message}` };
      throw error;
    }
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#endpoints.values()].map((endpoint) => endpoint.close()));
    await Promise.all([...this.#programs.values()].map((program) => this.#started.stop(program)));
  }
}
