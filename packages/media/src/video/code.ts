import { crc16 } from '../checksum.ts';

/*
 * The picture code: 14 x 10 blocks that fill a picture from its top; one more row below them is no part of the code
 * (the sender moves a mark there so that a frozen code is told from a picture that stopped coming).
 * The outer ring alternates white and black: it gives the levels and proves that this is a code at all. The 12 x 8
 * blocks inside are 96 bits, row by row: id 8, frame 24, sentAtMs 48, CRC-16 over these ten octets 16. A fixed mask is
 * laid over them, so that the many zeros do not make one large black field, which codecs treat unlike detail.
 */

export const VIDEO_CODE_COLUMNS = 14;
export const VIDEO_CODE_ROWS = 10;
/** Rows of the whole picture: the code's and the mark's. */
export const VIDEO_PICTURE_ROWS = VIDEO_CODE_ROWS + 1;

const DATA_COLUMNS = VIDEO_CODE_COLUMNS - 2;
const OCTETS = 12;
const MASK: readonly number[] = [0xa5, 0x3c, 0x96, 0x5a, 0xc3, 0x69, 0x9a, 0xa6, 0x35, 0xca, 0x5c, 0x93];

/** White must stand above black by so much (of 255), or it is no code. */
const LEAST_CONTRAST = 40;

/** What a picture says: who made it, which one it is, and when it was drawn. */
export interface VideoCode {
  /** 0..255. */
  readonly id: number;
  /** Counts up by one per picture, modulo 2^24. */
  readonly frame: number;
  /** Wall clock in whole milliseconds since 1970. */
  readonly sentAtMs: number;
}

/** Whether a block of the ring is white, or undefined for a block inside. */
function ringBlock(row: number, column: number): boolean | undefined {
  const onRing =
    row === 0 || row === VIDEO_CODE_ROWS - 1 || column === 0 || column === VIDEO_CODE_COLUMNS - 1;
  return onRing ? (row + column) % 2 === 0 : undefined;
}

/**
 * The blocks of a code, row by row, true for white: VIDEO_CODE_ROWS x VIDEO_CODE_COLUMNS.
 * @throws RangeError when a field is outside its width.
 */
export function encodeVideoCode({ id, frame, sentAtMs }: VideoCode): boolean[] {
  if (!Number.isInteger(id) || id < 0 || id > 255) throw new RangeError(`video id ${id} is not in 0..255`);
  if (!(sentAtMs >= 0 && sentAtMs < 2 ** 48)) throw new RangeError(`time ${sentAtMs} is not in 0..2^48`);
  const octets = new Uint8Array(OCTETS);
  const view = new DataView(octets.buffer);
  const time = Math.floor(sentAtMs);
  view.setUint32(0, frame & 0xffffff);
  view.setUint8(0, id);
  view.setUint16(4, Math.floor(time / 2 ** 32));
  view.setUint32(6, time >>> 0);
  view.setUint16(10, crc16(octets.subarray(0, 10)));
  const blocks: boolean[] = [];
  for (let row = 0; row < VIDEO_CODE_ROWS; row += 1) {
    for (let column = 0; column < VIDEO_CODE_COLUMNS; column += 1) {
      const bit = (row - 1) * DATA_COLUMNS + (column - 1);
      const octet = bit >> 3;
      const white = () => (((octets[octet]! ^ MASK[octet]!) >> (7 - (bit & 7))) & 1) === 1;
      blocks.push(ringBlock(row, column) ?? white());
    }
  }
  return blocks;
}

/**
 * Reads a code from the mean luma (0..255) of each block, row by row. Undefined when the ring is not there or the
 * checksum disagrees: a picture that says something wrong says nothing.
 */
export function decodeVideoCode(luma: ArrayLike<number>): VideoCode | undefined {
  if (luma.length !== VIDEO_CODE_ROWS * VIDEO_CODE_COLUMNS) return undefined;
  let [white, whites, black, blacks] = [0, 0, 0, 0];
  forEachBlock((row, column, at) => {
    const ring = ringBlock(row, column);
    if (ring === true) {
      white += luma[at]!;
      whites += 1;
    } else if (ring === false) {
      black += luma[at]!;
      blacks += 1;
    }
  });
  white /= whites;
  black /= blacks;
  if (white - black < LEAST_CONTRAST) return undefined;
  const threshold = (white + black) / 2;
  const octets = new Uint8Array(OCTETS);
  let ringErrors = 0;
  forEachBlock((row, column, at) => {
    const isWhite = luma[at]! > threshold;
    const ring = ringBlock(row, column);
    if (ring !== undefined) {
      if (ring !== isWhite) ringErrors += 1;
      return;
    }
    const bit = (row - 1) * DATA_COLUMNS + (column - 1);
    if (isWhite) octets[bit >> 3]! |= 0x80 >> (bit & 7);
  });
  // Two of 44: a status line or a cursor may lie over a corner.
  if (ringErrors > 2) return undefined;
  for (let at = 0; at < OCTETS; at += 1) octets[at]! ^= MASK[at]!;
  const view = new DataView(octets.buffer);
  if (view.getUint16(10) !== crc16(octets.subarray(0, 10))) return undefined;
  return {
    id: view.getUint8(0),
    frame: view.getUint32(0) & 0xffffff,
    sentAtMs: view.getUint16(4) * 2 ** 32 + view.getUint32(6),
  };
}

function forEachBlock(visit: (row: number, column: number, at: number) => void): void {
  for (let row = 0; row < VIDEO_CODE_ROWS; row += 1) {
    for (let column = 0; column < VIDEO_CODE_COLUMNS; column += 1) {
      visit(row, column, row * VIDEO_CODE_COLUMNS + column);
    }
  }
}
