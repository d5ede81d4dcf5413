import { describe, expect, it } from 'vitest';
import { seededRandom } from '../seeded-random.ts';
import {
  decodeVideoCode,
  encodeVideoCode,
  VIDEO_CODE_COLUMNS,
  VIDEO_CODE_ROWS,
  type VideoCode,
} from './code.ts';
import { drawVideoCode, type RgbaPicture, readVideoCode, readVideoCodeLuma } from './picture.ts';

const code: VideoCode = { id: 17, frame: 123_456, sentAtMs: 1_760_000_000_137 };

const drawn = (width: number, height: number, what: VideoCode = code): RgbaPicture => {
  const picture = { data: new Uint8ClampedArray(4 * width * height), width, height };
  drawVideoCode(picture, what);
  return picture;
};
const read = ({ data, width, height }: RgbaPicture) => readVideoCode(data, width, height);

/** Each new pixel is the mean of the old ones under it. */
function scale(from: RgbaPicture, width: number, height: number): RgbaPicture {
  const data = new Uint8ClampedArray(4 * width * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const [left, top] = [Math.floor((x * from.width) / width), Math.floor((y * from.height) / height)];
      const right = Math.max(left + 1, Math.floor(((x + 1) * from.width) / width));
      const bottom = Math.max(top + 1, Math.floor(((y + 1) * from.height) / height));
      let sum = 0;
      for (let v = top; v < bottom; v += 1)
        for (let u = left; u < right; u += 1) sum += from.data[4 * (v * from.width + u)]!;
      data.fill(sum / ((right - left) * (bottom - top)), 4 * (y * width + x), 4 * (y * width + x) + 4);
    }
  }
  return { data, width, height };
}

/** A box blur, which at a fifth of a block is worse than a starved encoder's. */
function blur(from: RgbaPicture, radius: number): RgbaPicture {
  const { width, height } = from;
  const data = new Uint8ClampedArray(from.data.length);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      let [sum, count] = [0, 0];
      for (let v = Math.max(0, y - radius); v <= Math.min(height - 1, y + radius); v += 1) {
        for (let u = Math.max(0, x - radius); u <= Math.min(width - 1, x + radius); u += 1) {
          sum += from.data[4 * (v * width + u)]!;
          count += 1;
        }
      }
      data.fill(sum / count, 4 * (y * width + x), 4 * (y * width + x) + 4);
    }
  }
  return { data, width, height };
}

const noisy = (from: RgbaPicture, seed: number, amount: number): RgbaPicture => {
  const random = seededRandom(seed);
  return { ...from, data: from.data.map((value) => value + ((random() / 2 ** 32) * 2 - 1) * amount) };
};

describe('the block code', () => {
  it('gives back every field at its ends', () => {
    for (const what of [
      code,
      { id: 0, frame: 0, sentAtMs: 0 },
      { id: 255, frame: 0xffffff, sentAtMs: 2 ** 48 - 1 },
    ]) {
      expect(decodeVideoCode(encodeVideoCode(what).map((white) => (white ? 200 : 50)))).toEqual(what);
    }
    expect(() => encodeVideoCode({ ...code, id: 256 })).toThrow(RangeError);
    expect(() => encodeVideoCode({ ...code, sentAtMs: 2 ** 48 })).toThrow(RangeError);
  });

  it('reads nothing when any one block inside is wrong', () => {
    const luma = encodeVideoCode(code).map((white): number => (white ? 235 : 20));
    let refused = 0;
    for (let row = 1; row < VIDEO_CODE_ROWS - 1; row += 1) {
      for (let column = 1; column < VIDEO_CODE_COLUMNS - 1; column += 1) {
        const at = row * VIDEO_CODE_COLUMNS + column;
        expect(decodeVideoCode(luma.with(at, 255 - luma[at]!))).toBeUndefined();
        refused += 1;
      }
    }
    expect(refused).toBe(96);
  });

  it('forgives two blocks of its ring, as under a status line, and no more', () => {
    const luma = encodeVideoCode(code).map((white): number => (white ? 235 : 20));
    const turned = (count: number) => luma.map((value, at) => (at < count ? 255 - value : value));
    expect(decodeVideoCode(turned(2))).toEqual(code);
    expect(decodeVideoCode(turned(3))).toBeUndefined();
  });
});

describe('the picture', () => {
  it.each([
    [160, 120],
    [176, 144],
    [320, 240],
    [640, 360],
    [1280, 720],
    [90, 160],
  ])('is read at %i x %i, in RGBA and in luma alone', (width, height) => {
    const picture = drawn(width, height);
    expect(read(picture)).toEqual(code);
    const luma = picture.data.filter((_, at) => at % 4 === 0);
    expect(readVideoCodeLuma(luma, width, height)).toEqual(code);
  });

  it.each([
    [160, 120],
    [80, 60],
    [213, 160],
    [640, 480],
  ])('is read after an encoder scaled 320 x 240 to %i x %i', (width, height) => {
    expect(read(scale(drawn(320, 240), width, height))).toEqual(code);
  });

  it('survives blur, noise and washed-out levels together', () => {
    for (let seed = 1; seed <= 20; seed += 1) {
      const what = { id: seed, frame: seed * 7919, sentAtMs: code.sentAtMs + seed * 67 };
      const washed = blur(drawn(160, 120, what), 3);
      const faint = { ...washed, data: washed.data.map((value) => 90 + value / 3) };
      expect(read(noisy(faint, seed, 30))).toEqual(what);
    }
  });

  it('cannot be read when it is blurred away, and then says nothing', () => {
    expect(read(blur(drawn(160, 120), 12))).toBeUndefined();
    expect(read(scale(drawn(320, 240), 10, 8))).toBeUndefined();
    expect(readVideoCode(new Uint8ClampedArray(10), 160, 120)).toBeUndefined();
  });

  it('is never read from an ordinary picture: 600 of noise, blocks, gradients and stripes', () => {
    const [width, height] = [112, 88];
    let tried = 0;
    for (let seed = 1; seed <= 600; seed += 1) {
      const random = seededRandom(seed);
      const coarse = Array.from({ length: 154 }, () => random() & 0xff);
      const [a, b] = [random() % 7, random() % 7];
      const kinds: ((x: number, y: number) => number)[] = [
        () => random() & 0xff,
        (x, y) => coarse[(y >> 3) * 14 + (x >> 3)]!,
        (x, y) => a * x + b * y,
        (x, y) => (((x >> 3) + (y >> 3)) % 2 === 0 ? 230 : 20 + ((x * y * a) & 0x1f)),
      ];
      const data = new Uint8ClampedArray(4 * width * height);
      for (let at = 0; at < width * height; at += 1) {
        data.fill(kinds[seed % 4]!(at % width, Math.floor(at / width)), 4 * at, 4 * at + 4);
      }
      expect(readVideoCode(data, width, height)).toBeUndefined();
      tried += 1;
    }
    expect(tried).toBe(600);
  });
});
