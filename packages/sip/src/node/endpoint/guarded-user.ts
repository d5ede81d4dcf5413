import type { SipResponse } from '../../message/message.ts';
import type { SipFinding } from '../finding.ts';
import type { ClientTransaction, ClientUser } from './client-transaction.ts';

/** A user whose faults end nothing but its own work. */
export class GuardedUser implements ClientUser {
  readonly #endpoint: { found(finding: SipFinding): void };
  readonly #user: ClientUser;

  constructor(endpoint: { found(finding: SipFinding): void }, user: ClientUser) {
    this.#endpoint = endpoint;
    this.#user = user;
  }

  response(response: SipResponse, transaction: ClientTransaction): void {
    try {
      this.#user.response(response, transaction);
    } catch (error) {
      this.#found(error);
    }
  }

  failed(why: 'timeout' | 'transport', transaction: ClientTransaction | undefined, error?: Error): void {
    try {
      this.#user.failed(why, transaction, error);
    } catch (fault) {
      this.#found(fault);
    }
  }

  ended(transaction: ClientTransaction): void {
    try {
      this.#user.ended?.(transaction);
    } catch (error) {
      this.#found(error);
    }
  }

  #found(error: unknown): void {
    const text = error instanceof Error ? error.message : String(error);
    this.#endpoint.found({ code: 'handler-failed', text, cause: error });
  }
}
