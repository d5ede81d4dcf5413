import { describe, expect, it } from 'vitest';
import { type FrameTaker, gatherFrames, handOverFrames, sendTextFrame } from './frame-gathering.ts';
import { encodeTextFrame } from './text-frame.ts';

/** Writes down what it is handed, copied or, where it is slow, as it was lent. */
class Taker implements FrameTaker {
  readonly taken: Buffer[] = [];
  readonly #slow: boolean;

  constructor(slow = false) {
    this.#slow = slow;
  }

  takeFrames(frames: Buffer): boolean {
    this.taken.push(this.#slow ? frames : Buffer.from(frames));
    return !this.#slow;
  }
}

const frames = (...texts: string[]): Buffer => Buffer.concat(texts.map((text) => encodeTextFrame(text)));

describe('frames', () => {
  it('are handed over one by one where nothing is gathered', () => {
    const taker = new Taker();
    sendTextFrame(taker, 'a');
    sendTextFrame(taker, 'b', 'body');
    expect(taker.taken).toEqual([frames('a'), frames('b\nbody')]);
  });

  it('of one read go to one taker in one piece, and to each in their order', () => {
    const one = new Taker();
    const other = new Taker();
    gatherFrames(() => {
      for (const text of ['a', 'b', 'c']) sendTextFrame(one, text);
      sendTextFrame(other, 'd');
      sendTextFrame(one, 'e');
      expect(one.taken).toEqual([frames('a', 'b', 'c')]);
      expect(other.taken).toEqual([frames('d')]);
    });
    expect(one.taken).toEqual([frames('a', 'b', 'c'), frames('e')]);
  });

  it('that cannot stand beside the others keep their place', () => {
    const taker = new Taker();
    const texts = ['a', 'é', 'b', 'x'.repeat(70_000), 'y'.repeat(40_000), 'z'.repeat(40_000), 'c'];
    gatherFrames(() => {
      for (const text of texts) sendTextFrame(taker, text);
    });
    expect(Buffer.concat(taker.taken).equals(frames(...texts))).toBe(true);
  });

  it('go out before what asks for it', () => {
    const taker = new Taker();
    gatherFrames(() => {
      sendTextFrame(taker, 'a');
      handOverFrames();
      expect(taker.taken).toEqual([frames('a')]);
    });
    expect(taker.taken).toHaveLength(1);
  });

  it('that wait in a socket are not written over', () => {
    const slow = new Taker(true);
    sendTextFrame(slow, 'first');
    sendTextFrame(slow, 'second');
    sendTextFrame(new Taker(), 'third');
    expect(slow.taken).toEqual([frames('first'), frames('second')]);
  });

  it('are handed over where the work throws', () => {
    const taker = new Taker();
    const work = (): void =>
      gatherFrames(() => {
        sendTextFrame(taker, 'a');
        throw new Error('seeded');
      });
    expect(work).toThrow('seeded');
    sendTextFrame(taker, 'b');
    expect(taker.taken).toEqual([frames('a'), frames('b')]);
  });
});
