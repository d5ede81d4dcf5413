import type { Codec } from '@crosspoint/sdp';
import { codecKey, isTelephoneEvent } from './codec-key.ts';
import { otherRelaySide, type RelaySide } from './relay.ts';

const DYNAMIC_FROM = 96;
const DYNAMIC_TO = 127;
/** In a routing table: a payload type that nobody agreed on. */
export const NO_PAYLOAD_TYPE = 255;

interface SideTypes {
  /** By codec: the number under which the side wants to be sent it. */
  readonly wanted: Map<string, number>;
  /** By number: the codec, as this side was told or said itself. What was told weighs more. */
  readonly told: Map<number, string>;
  readonly said: Map<number, string>;
}

/**
 * The numbers of one m-line's codecs on both sides. A number once used for a codec is never another's later
 * (RFC 3264 section 8.3.2).
 */
export class PayloadTypes {
  readonly #sides: Readonly<Record<RelaySide, SideTypes>> = { caller: empty(), callee: empty() };
  #agreed: ReadonlySet<string> = new Set();
  #events: ReadonlySet<string> = new Set();

  /** A side offers `codecs`: what the other one is offered, with the numbers it knows them by. */
  offer(from: RelaySide, codecs: readonly Codec[]): Codec[] {
    const to = this.#sides[otherRelaySide(from)];
    const offered = new Map<string, Codec>();
    for (const codec of codecs) {
      const key = codecKey(codec);
      // The same codec under a second number brings nothing new, and its first number is the one that is wanted.
      if (offered.has(key)) {
        this.#sides[from].said.set(codec.payloadType, key);
        continue;
      }
      this.#say(from, codec, key);
      const payloadType = this.#numberFor(to, key, codec.payloadType);
      to.told.set(payloadType, key);
      offered.set(key, { ...codec, payloadType });
    }
    return [...offered.values()];
  }

  /**
   * A side answers with `codecs`: those of them that it was offered, as the offerer knows them. Empty where it answered
   * nothing that was offered.
   */
  answer(from: RelaySide, codecs: readonly Codec[]): Codec[] {
    const own = this.#sides[from];
    const to = this.#sides[otherRelaySide(from)];
    const offered = new Set(own.told.values());
    const agreed = new Map<string, Codec>();
    for (const codec of codecs) {
      const key = matching(own.told.get(codec.payloadType), codec) ?? codecKey(codec);
      const known = offered.has(key) ? key : [...offered].find((each) => baseOf(each) === baseOf(key));
      if (known === undefined || agreed.has(known)) continue;
      const payloadType = to.wanted.get(known);
      if (payloadType === undefined) continue;
      this.#say(from, codec, known);
      to.told.set(payloadType, known);
      agreed.set(known, { ...codec, payloadType });
    }
    this.#agreed = new Set(agreed.keys());
    this.#events = new Set([...agreed].filter(([, codec]) => isTelephoneEvent(codec)).map(([key]) => key));
    return [...agreed.values()];
  }

  /** By the number in a packet of `from`: the number the other side wants, or NO_PAYLOAD_TYPE. */
  route(from: RelaySide): Uint8Array {
    const { told, said } = this.#sides[from];
    const { wanted } = this.#sides[otherRelaySide(from)];
    const table = new Uint8Array(128).fill(NO_PAYLOAD_TYPE);
    for (const types of [said, told]) {
      for (const [payloadType, key] of types) {
        const number = wanted.get(key);
        if (this.#agreed.has(key) && number !== undefined) table[payloadType] = number;
      }
    }
    return table;
  }

  /** The numbers in packets of `from` that are telephone-events. */
  events(from: RelaySide): Set<number> {
    const { told, said } = this.#sides[from];
    return new Set([...said, ...told].filter(([, key]) => this.#events.has(key)).map(([number]) => number));
  }

  #say(side: RelaySide, codec: Codec, key: string): void {
    const own = this.#sides[side];
    own.wanted.set(key, codec.payloadType);
    own.said.set(codec.payloadType, key);
  }

  #numberFor(side: SideTypes, key: string, wish: number): number {
    const free = (number: number): boolean => {
      const told = side.told.get(number) ?? side.said.get(number);
      return told === undefined || told === key;
    };
    for (const [number, known] of [...side.said, ...side.told])
      if (known === key && free(number)) return number;
    if (free(wish)) return wish;
    for (let number = DYNAMIC_TO; number >= DYNAMIC_FROM; number--) if (free(number)) return number;
    return wish;
  }
}

function empty(): SideTypes {
  return { wanted: new Map(), told: new Map(), said: new Map() };
}

const baseOf = (key: string): string => key.split(';', 1)[0]!;

function matching(key: string | undefined, codec: Codec): string | undefined {
  return key !== undefined && baseOf(key) === baseOf(codecKey(codec)) ? key : undefined;
}
