import { decodePcmu, encodePcmu, encodeRtp } from '@crosspoint/media';
import { describe, expect, it } from 'vitest';
import { AudioReceiver } from './audio-receiver.ts';

const SAMPLES = 160;
/** What G.711 makes of this loudness. */
const heardAs = (value: number): number => decodePcmu(encodePcmu(Int16Array.of(value)))[0]!;

function packet(
  number: number,
  options: { ssrc?: number; gapMs?: number; payloadType?: number } = {},
): Uint8Array {
  return encodeRtp({
    payloadType: options.payloadType ?? 0,
    sequenceNumber: (65_530 + number) & 0xffff,
    timestamp: (0xffff_ff00 + number * SAMPLES + 8 * (options.gapMs ?? 0)) >>> 0,
    ssrc: options.ssrc ?? 1,
    payload: encodePcmu(new Int16Array(SAMPLES).fill(1000 * (number + 1))),
  });
}

function receiver(): AudioReceiver {
  const made = new AudioReceiver();
  made.expect(new Map([[0, 'PCMU']]));
  return made;
}

/** The first sample of each 20 ms. */
const each20 = (pcm: Int16Array): number[] =>
  Array.from({ length: pcm.length / SAMPLES }, (_, at) => pcm[at * SAMPLES]!);

describe('what is heard', () => {
  it('lies where it arrived; what is missing is silence', () => {
    const audio = receiver();
    for (const number of [0, 1, 3]) audio.take(packet(number), 10_000 + 20 * number);
    const { pcm, startedAt } = audio.heard(9980, 10_100);
    expect(startedAt).toBe(9980);
    expect(each20(pcm)).toEqual([0, heardAs(1000), heardAs(2000), 0, heardAs(4000), 0]);
    expect(audio.received).toMatchObject({ packets: 3, lost: 1, codec: 'PCMU' });
  });

  it('is put in order and evened out across the wrap of both counters', () => {
    const audio = receiver();
    for (const [number, late] of [
      [0, 5],
      [2, 0],
      [1, 25],
      [3, 13],
      [8, 2],
    ] as const) {
      audio.take(packet(number), 10_000 + 20 * number + late);
    }
    audio.take(packet(8), 10_170);
    expect(each20(audio.heard(10_000, 10_080).pcm)).toEqual([1, 2, 3, 4].map((n) => heardAs(1000 * n)));
    expect(audio.received).toMatchObject({ packets: 5, lost: 4 });
  });

  it('follows a sender whose clock stood still', () => {
    const audio = receiver();
    audio.take(packet(0), 10_000);
    audio.take(packet(1), 11_000);
    expect(each20(audio.heard(10_980, 11_020).pcm)).toEqual([0, heardAs(2000)]);
  });

  it('goes on with another source', () => {
    const audio = receiver();
    audio.take(packet(0), 10_000);
    audio.take(packet(5, { ssrc: 2, gapMs: 7777 }), 10_020);
    expect(each20(audio.heard(10_000, 10_040).pcm)).toEqual([heardAs(1000), heardAs(6000)]);
    expect(audio.received).toMatchObject({ packets: 2, lost: 0, ssrc: 2 });
  });

  it('is nothing for a payload type that was not agreed', () => {
    const audio = receiver();
    audio.take(packet(0, { payloadType: 111 }), 10_000);
    expect(audio.received).toMatchObject({ packets: 0, codec: undefined });
  });
});
