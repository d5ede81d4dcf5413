import { describe, expect, it } from 'vitest';
import { judgeVideo, type SeenVideoFrame } from './judge.ts';

/** Fifteen pictures a second with these numbers, each seen 40 ms after it was drawn. */
const seen = (numbers: readonly number[], id = 3): SeenVideoFrame[] =>
  numbers.map((frame, at) => ({
    id,
    frame,
    sentAtMs: 1000 + 67 * frame,
    seenAtMs: 1040 + 67 * at + 67 * numbers[0]!,
  }));
const upTo = (count: number) => Array.from({ length: count }, (_, at) => at);

describe('judgeVideo', () => {
  it('finds nothing wrong with an even stream', () => {
    expect(judgeVideo(seen(upTo(16)))).toEqual({
      ids: [3],
      framesSeen: 16,
      framesLost: 0,
      duplicates: 0,
      reordered: 0,
      frozen: false,
      longestFreezeMs: 67,
      delayMs: 40,
      framesPerSecond: 16000 / 1005,
    });
  });

  it('calls it frozen when pictures keep coming with one number', () => {
    const frozen = judgeVideo(seen([0, 1, 2, ...Array.from({ length: 12 }, () => 3)]));
    expect([frozen.frozen, frozen.duplicates, frozen.framesSeen, frozen.longestFreezeMs]).toEqual([
      true,
      11,
      4,
      737,
    ]);
  });

  it('does not call it frozen when pictures stopped coming, but says how long', () => {
    const stopped = judgeVideo(seen(upTo(5)), { endMs: 3000 });
    expect([stopped.frozen, stopped.longestFreezeMs]).toEqual([false, 3000 - 1040 - 4 * 67]);
  });

  it('does not call it frozen when it stood still and went on', () => {
    const again = judgeVideo(seen([0, ...Array.from({ length: 12 }, () => 1), 2, 3]));
    expect([again.frozen, again.longestFreezeMs]).toEqual([false, 804]);
  });

  it('counts loss, repeats and late pictures over the wrap of the number', () => {
    const judged = judgeVideo(seen([0xfffffe, 0xffffff, 2, 2, 1]));
    expect([judged.framesSeen, judged.framesLost, judged.duplicates, judged.reordered]).toEqual([4, 1, 1, 1]);
  });

  it('judges the asked id and names the others: a looped-back picture is no far picture', () => {
    const judged = judgeVideo([...seen(upTo(3), 1), ...seen(upTo(9), 2)], { id: 1 });
    expect([judged.ids, judged.framesSeen]).toEqual([[1, 2], 3]);
    expect(judgeVideo(seen(upTo(3)), { id: 9 })).toMatchObject({
      framesSeen: 0,
      delayMs: undefined,
      frozen: false,
    });
    expect(judgeVideo([])).toMatchObject({ ids: [], framesSeen: 0, framesLost: 0, longestFreezeMs: 0 });
  });
});
