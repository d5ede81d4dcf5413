import { hash } from 'node:crypto';
import type { RandomHex } from '../endpoint/tokens.ts';

/** Marks that only this proxy can make, for its Record-Route values. */
export class RouteMarks {
  readonly #secret: string;

  constructor(random: RandomHex) {
    this.#secret = random(24);
  }

  /**
   * Says that this proxy itself put its Record-Route into the dialog of this Call-ID. A request with a Route that was
   * made up has no such mark, and relays nothing.
   */
  ofDialog(callId: string): string {
    return this.#seal(callId);
  }

  isOfDialog(mark: string | undefined, callId: string): boolean {
    return mark !== undefined && mark === this.#seal(callId);
  }

  /** The name of a connection within a Route (RFC 5626 section 5.2). */
  ofFlow(id: number): string {
    const text = id.toString(36);
    return `${text}-${this.#seal(`flow ${text}`)}`;
  }

  /** The connection that a token names; undefined where it is none of ours. */
  flowOf(token: string): number | undefined {
    const end = token.indexOf('-');
    if (end < 1) return undefined;
    const text = token.slice(0, end);
    return token.slice(end + 1) === this.#seal(`flow ${text}`) ? Number.parseInt(text, 36) : undefined;
  }

  #seal(text: string): string {
    return hash('sha1', this.#secret + text).slice(0, 16);
  }
}
