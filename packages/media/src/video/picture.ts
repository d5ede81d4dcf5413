import {
  decodeVideoCode,
  encodeVideoCode,
  VIDEO_CODE_COLUMNS,
  VIDEO_CODE_ROWS,
  VIDEO_PICTURE_ROWS,
  type VideoCode,
} from './code.ts';

/** Four octets a pixel, row by row, as canvas ImageData has them. */
export interface RgbaPicture {
  readonly data: Uint8ClampedArray | Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** Fills a rectangle (in pixels) with a grey level 0..255. */
export type PaintRectangle = (x: number, y: number, width: number, height: number, level: number) => void;

// Off the ends of the scale: limited-range video would clip them, and overshoot has room.
const WHITE = 235;
const BLACK = 20;
/** The mark below the code stands at one of so many places. */
const MARK_PLACES = 7;

/**
 * Paints a code over a whole picture by rectangles, for a canvas or any other surface.
 * `mark` counts pictures: it moves the mark in the row below the code and is `code.frame` unless told otherwise; a
 * frozen sender keeps the code and counts the mark on.
 */
export function paintVideoCode(
  paint: PaintRectangle,
  width: number,
  height: number,
  code: VideoCode,
  mark: number = code.frame,
): void {
  const blocks = encodeVideoCode(code);
  const x = (column: number) => Math.round((column * width) / VIDEO_CODE_COLUMNS);
  const y = (row: number) => Math.round((row * height) / VIDEO_PICTURE_ROWS);
  paint(0, 0, width, height, BLACK);
  for (let row = 0; row < VIDEO_CODE_ROWS; row += 1) {
    for (let column = 0; column < VIDEO_CODE_COLUMNS; column += 1) {
      if (!blocks[row * VIDEO_CODE_COLUMNS + column]) continue;
      paint(x(column), y(row), x(column + 1) - x(column), y(row + 1) - y(row), WHITE);
    }
  }
  const place = (mark % MARK_PLACES) * 2;
  paint(x(place), y(VIDEO_CODE_ROWS), x(place + 2) - x(place), height - y(VIDEO_CODE_ROWS), WHITE);
}

/** Draws a code over a whole RGBA picture in place. */
export function drawVideoCode(picture: RgbaPicture, code: VideoCode, mark: number = code.frame): void {
  const { data, width, height } = picture;
  const paint: PaintRectangle = (left, top, across, down, level) => {
    for (let y = top; y < top + down; y += 1) {
      for (let x = left; x < left + across; x += 1) {
        const at = 4 * (y * width + x);
        data[at] = level;
        data[at + 1] = level;
        data[at + 2] = level;
        data[at + 3] = 255;
      }
    }
  };
  paintVideoCode(paint, width, height, code, mark);
}

/** Luma 0..255 at a pixel. */
type LumaAt = (x: number, y: number) => number;

function readBlocks(lumaAt: LumaAt, width: number, height: number): VideoCode | undefined {
  if (width < VIDEO_CODE_COLUMNS || height < VIDEO_PICTURE_ROWS) return undefined;
  const luma = new Float32Array(VIDEO_CODE_ROWS * VIDEO_CODE_COLUMNS);
  for (let row = 0; row < VIDEO_CODE_ROWS; row += 1) {
    for (let column = 0; column < VIDEO_CODE_COLUMNS; column += 1) {
      // The middle of the block: its edges are what scaling and the codec's filters smear.
      const [left, right] = middle(column, width / VIDEO_CODE_COLUMNS);
      const [top, bottom] = middle(row, height / VIDEO_PICTURE_ROWS);
      let sum = 0;
      for (let y = top; y < bottom; y += 1) for (let x = left; x < right; x += 1) sum += lumaAt(x, y);
      luma[row * VIDEO_CODE_COLUMNS + column] = sum / ((right - left) * (bottom - top));
    }
  }
  return decodeVideoCode(luma);
}

function middle(index: number, size: number): [number, number] {
  const from = Math.floor((index + 0.3) * size);
  return [from, Math.max(from + 1, Math.ceil((index + 0.7) * size))];
}

/** Reads the code of an RGBA picture of any size that is at least one pixel a block. */
export function readVideoCode(
  rgba: Uint8ClampedArray | Uint8Array,
  width: number,
  height: number,
): VideoCode | undefined {
  if (rgba.length < 4 * width * height) return undefined;
  const lumaAt: LumaAt = (x, y) => {
    const at = 4 * (y * width + x);
    return 0.299 * rgba[at]! + 0.587 * rgba[at + 1]! + 0.114 * rgba[at + 2]!;
  };
  return readBlocks(lumaAt, width, height);
}

/** Reads the code of a luma plane (the Y of I420 or NV12); `stride` is octets a row. */
export function readVideoCodeLuma(
  plane: Uint8Array | Uint8ClampedArray,
  width: number,
  height: number,
  stride: number = width,
): VideoCode | undefined {
  if (plane.length < stride * (height - 1) + width) return undefined;
  return readBlocks((x, y) => plane[y * stride + x]!, width, height);
}
