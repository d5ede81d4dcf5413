import { randomBytes } from 'node:crypto';
import { BRANCH_COOKIE } from '../../transaction/transaction-key.ts';

/** Random bytes as lower-case hexadecimal. Handed in, so that tests repeat themselves. */
export type RandomHex = (bytes: number) => string;

export const systemRandom: RandomHex = (bytes) => randomBytes(bytes).toString('hex');

/**
 * Makes the identifiers of one endpoint. Tags and Call-IDs are random (RFC 3261 section 19.3); branches are unique by
 * a random stem and a number, which is what section 8.1.1.7 asks for and costs no randomness for each message.
 */
export class Tokens {
  readonly random: RandomHex;
  readonly #stem: string;
  #serial = 0;

  constructor(random: RandomHex = systemRandom) {
    this.random = random;
    this.#stem = `${BRANCH_COOKIE}${random(6)}.`;
  }

  branch(): string {
    this.#serial += 1;
    return this.#stem + this.#serial.toString(36);
  }

  /** Whether a branch is one of ours. */
  isOwn(branch: string): boolean {
    return branch.startsWith(this.#stem);
  }

  /** Whether a text holds a branch of ours. */
  names(text: string): boolean {
    return text.includes(this.#stem);
  }

  tag(): string {
    return this.random(5);
  }

  callId(): string {
    return this.random(12);
  }
}
