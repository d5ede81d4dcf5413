import { randomBytes } from 'node:crypto';
import type { OtherServer } from './other-server.ts';

/** The accounts that clients of the lab have at the other server. */
export class ClientAccounts {
  readonly #server: OtherServer;

  constructor(server: OtherServer) {
    this.#server = server;
  }

  /** Lets a client of this name log in; gives its password, a new one each time. */
  async add(name: string): Promise<string> {
    const password = randomBytes(15).toString('base64url');
    await this.#server.addUser(name, password);
    return password;
  }
}
