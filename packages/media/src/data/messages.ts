import { crc32 } from '../checksum.ts';
import { seededRandom } from '../seeded-random.ts';

/*
 * One message of the data probe, big endian: 0 'X' 'P' 'D', 3 kind 'Q' (asked) or 'A' (answered), 4 index, 8 size of the
 * whole message, 12 CRC-32 over the rest, 16 the rest: pseudo-random octets of seed and index.
 */

export const DATA_PROBE_HEADER = 16;
/** 256 KiB: the largest message that every browser takes (`a=max-message-size:262144`). */
export const DATA_PROBE_LARGEST = 262_144;

const MAGIC = [0x58, 0x50, 0x44] as const;
const KIND = { question: 0x51, answer: 0x41 } as const;

export type DataProbeKind = keyof typeof KIND;

export interface DataProbePlan {
  readonly count: number;
  /** Sizes in octets of whole messages, taken in turn; at least 16, at most 256 KiB. */
  readonly sizes: readonly number[];
  readonly seed: number;
}

/** What a message says of itself; `intact` is false when size or checksum disagree. */
export interface DataProbeMessage {
  readonly kind: DataProbeKind;
  readonly index: number;
  readonly size: number;
  readonly intact: boolean;
}

/**
 * The messages to send, in order.
 * @throws RangeError when a size is outside 16..262144 or there is none.
 */
export function dataProbeMessages({ count, sizes, seed }: DataProbePlan): Uint8Array<ArrayBuffer>[] {
  if (sizes.length === 0) throw new RangeError('a data probe needs at least one size');
  return Array.from({ length: count }, (_, index) => probeMessage(index, sizes[index % sizes.length]!, seed));
}

function probeMessage(index: number, size: number, seed: number): Uint8Array<ArrayBuffer> {
  if (!Number.isInteger(size) || size < DATA_PROBE_HEADER || size > DATA_PROBE_LARGEST) {
    throw new RangeError(`size ${size} is not in ${DATA_PROBE_HEADER}..${DATA_PROBE_LARGEST}`);
  }
  const bytes = new Uint8Array(size);
  const random = seededRandom(seed * 65_537 + index);
  for (let at = DATA_PROBE_HEADER; at < size; at += 1) bytes[at] = random();
  const view = new DataView(bytes.buffer);
  bytes.set(MAGIC, 0);
  view.setUint8(3, KIND.question);
  view.setUint32(4, index);
  view.setUint32(8, size);
  view.setUint32(12, crc32(bytes.subarray(DATA_PROBE_HEADER)));
  return bytes;
}

/** Reads a message of the probe, or undefined when it is none. */
export function readDataProbe(bytes: Uint8Array): DataProbeMessage | undefined {
  if (bytes.length < DATA_PROBE_HEADER || MAGIC.some((octet, at) => bytes[at] !== octet)) return undefined;
  const kind = bytes[3] === KIND.question ? 'question' : bytes[3] === KIND.answer ? 'answer' : undefined;
  if (kind === undefined) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const size = view.getUint32(8);
  const intact = size === bytes.length && view.getUint32(12) === crc32(bytes.subarray(DATA_PROBE_HEADER));
  return { kind, index: view.getUint32(4), size, intact };
}

/** The echo of a question as it came, damage included; undefined for anything else. */
export function dataProbeAnswer(bytes: Uint8Array): Uint8Array<ArrayBuffer> | undefined {
  if (readDataProbe(bytes)?.kind !== 'question') return undefined;
  const answer = new Uint8Array(bytes);
  answer[3] = KIND.answer;
  return answer;
}
