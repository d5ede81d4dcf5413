import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SipOpenOptions } from '../../contract.ts';
import type { Daemon } from '../sip-phone/daemon.ts';
import { freePort } from '../sip-phone/free-port.ts';
import type { PhonePlace } from '../sip-phone/phone-driver.ts';
import { registerScenario } from './register-scenario.ts';
import { startSipp } from './sipp-process.ts';

/** SIPp's exit status where it cannot bind: -2. */
const BIND_ERROR = 254;
const BIND_TRIES = 3;

/** The processes of one phone that is made of SIPp: one for each call that it places, one that answers, one to register. */
export class SippPrograms {
  readonly #place: PhonePlace;
  readonly #server: string;
  readonly #address: string;
  readonly #opening: number;
  readonly #running = new Set<Daemon>();
  #registrations = 0;

  /** `opening`: which one of its phone's this is, from 1; the next has files of its own. */
  constructor(place: PhonePlace, server: string, address: string, opening: number) {
    this.#place = place;
    this.#server = server;
    this.#address = address;
    this.#opening = opening;
  }

  async start(name: string, scenario: string, port: number, more: readonly string[]): Promise<Daemon> {
    const { label, program, folder } = this.#place;
    const where = { address: this.#address, port, remote: this.#server };
    const daemon = await startSipp({ label, program, folder, name, scenario, ...where, more });
    this.#running.add(daemon);
    void daemon.exited.then(() => this.#running.delete(daemon));
    return daemon;
  }

  /** Registers the address that `port` is of, for so many seconds. @returns why it was refused */
  async register(options: SipOpenOptions, port: number, expires: number): Promise<string | undefined> {
    for (let attempt = 1; ; attempt++) {
      const outcome = await this.#registerOnce(options, port, expires);
      if (outcome !== 'port taken') return outcome;
      if (attempt === BIND_TRIES) return `SIPp found no free port in ${attempt} attempts`;
    }
  }

  async #registerOnce(options: SipOpenOptions, port: number, expires: number): Promise<string | undefined> {
    const { user, domain, password } = options;
    const contact = `sip:${user}@${this.#address}:${port}`;
    const name = `register-${this.#opening}-${++this.#registrations}`;
    const scenario = registerScenario({ user, domain, password, contact, expires });
    const own = await freePort(this.#address);
    const { folder } = this.#place;
    const daemon = await this.start(name, scenario, own, ['-m', '1', '-timeout', '10']);
    const exit = await daemon.exited;
    if (exit.code === 0) return undefined;
    // A free port was found, and somebody else took it before SIPp did: nothing was said to the registrar yet.
    if (exit.code === BIND_ERROR) return 'port taken';
    const messages = await readFile(join(folder, `${name}.messages.log`), 'utf8').catch(() => '');
    const last = [...messages.matchAll(/^SIP\/2\.0 (\d{3} [^\r\n]*)/gm)].at(-1);
    return last?.[1] ?? `SIPp ended with ${daemon.ended}; see ${name}.errors.log`;
  }

  /** Ends all of them. Never throws. */
  async stop(): Promise<void> {
    await Promise.all([...this.#running].map((daemon) => daemon.stop()));
  }
}
