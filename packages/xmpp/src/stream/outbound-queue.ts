import type { XmlElement } from '../xml/element.ts';

/** XEP-0198 section 4: counts go from 2^32 - 1 to 0. */
export const SM_MODULUS = 2 ** 32;

/** What was sent and is not known to have arrived (XEP-0198). */
export class OutboundQueue {
  #acked: number;
  #stanzas: XmlElement[] = [];

  /** `acked` is 0 on every stream that begins. */
  constructor(acked = 0) {
    this.#acked = acked;
  }

  get size(): number {
    return this.#stanzas.length;
  }

  /** How many stanzas the far side said it has handled. */
  get acked(): number {
    return this.#acked;
  }

  push(stanza: XmlElement): void {
    this.#stanzas.push(stanza);
  }

  /** Takes the far side's count; `false` where it has handled more than was sent (section 4, `handled-count-too-high`). */
  ack(handled: number): boolean {
    const count = (handled - this.#acked + SM_MODULUS) % SM_MODULUS;
    if (count > this.#stanzas.length) return false;
    this.#stanzas.splice(0, count);
    this.#acked = handled;
    return true;
  }

  /** What must be sent again, oldest first. */
  pending(): readonly XmlElement[] {
    return this.#stanzas;
  }
}
