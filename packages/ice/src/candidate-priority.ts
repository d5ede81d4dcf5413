import type { CandidateType } from './candidate.ts';
import { crc32 } from './stun/crc32.ts';

/** The recommended type preferences (RFC 8445 section 5.1.2.2). */
export const typePreferences: { readonly [Type in CandidateType]: number } = {
  host: 126,
  prflx: 110,
  srflx: 100,
  relay: 0,
};

export interface PriorityParts {
  /** 0 to 126. */
  readonly typePreference: number;
  /** 0 to 65535; 65535 where there is one address only. */
  readonly localPreference: number;
  /** 1 to 256. */
  readonly component: number;
}

/**
 * 2^24 x type preference + 2^8 x local preference + (256 - component), RFC 8445 section 5.1.2.1.
 * Throws RangeError for parts out of range.
 */
export function candidatePriority({ typePreference, localPreference, component }: PriorityParts): number {
  check('type preference', typePreference, 0, 126);
  check('local preference', localPreference, 0, 65_535);
  check('component', component, 1, 256);
  return typePreference * 0x1000000 + localPreference * 0x100 + (256 - component);
}

/** The parts that `candidatePriority` would have made this priority of. */
export function toPriorityParts(priority: number): PriorityParts {
  return {
    typePreference: Math.floor(priority / 0x1000000),
    localPreference: Math.floor(priority / 0x100) & 0xffff,
    component: 256 - (priority & 0xff),
  };
}

/**
 * 2^32 x min(G,D) + 2 x max(G,D) + (G>D ? 1 : 0), RFC 8445 section 6.1.2.3: `controlling` is G, the priority of the
 * controlling agent's candidate, `controlled` is D. A bigint: it has up to 63 bits.
 */
export function pairPriority(controlling: number, controlled: number): bigint {
  const least = BigInt(Math.min(controlling, controlled));
  const most = BigInt(Math.max(controlling, controlled));
  return (least << 32n) + 2n * most + (controlling > controlled ? 1n : 0n);
}

export interface FoundationParts {
  readonly type: CandidateType | (string & {});
  readonly baseAddress: string;
  /** The STUN or TURN server it was learnt from, where there is one. */
  readonly serverAddress?: string;
  readonly transport: string;
}

/**
 * A foundation: the same for the same type, base address, server and transport, and another otherwise (RFC 8445
 * section 5.1.1.3), as a decimal number of 32 bits like the browsers'. Two of an agent's few tuples share one
 * with a probability of 2^-32, which only costs a pair its turn.
 */
export function candidateFoundation(parts: FoundationParts): string {
  const { type, baseAddress, serverAddress = '', transport } = parts;
  const tuple = [type, baseAddress.toLowerCase(), serverAddress.toLowerCase(), transport.toLowerCase()];
  return String(crc32(new TextEncoder().encode(tuple.join('\n'))));
}

function check(what: string, value: number, least: number, most: number): void {
  if (!Number.isInteger(value) || value < least || value > most) {
    throw new RangeError(`the ${what} is ${least} to ${most}, not ${value} (RFC 8445 section 5.1.2.1)`);
  }
}
