import { describe, expect, it } from 'vitest';
import { decodePcma, decodePcmu, encodePcma, encodePcmu } from './g711.ts';

const every = Uint8Array.from({ length: 256 }, (_, octet) => octet);

describe('u-law', () => {
  it('expands to the values of G.711 table 2 (14 bits, here times four)', () => {
    const known: [number, number][] = [
      [0x80, 8031],
      [0x8f, 4191],
      [0x90, 3999],
      [0xa0, 1983],
      [0xbf, 495],
      [0xef, 33],
      [0xf0, 30],
      [0xfe, 2],
      [0xff, 0],
      [0x00, -8031],
      [0x7e, -2],
    ];
    expect([...decodePcmu(Uint8Array.from(known, ([octet]) => octet))]).toEqual(
      known.map(([, value]) => value * 4),
    );
  });

  it('gives every character back, but for negative zero', () => {
    expect(encodePcmu(decodePcmu(every))).toEqual(every.map((octet) => (octet === 0x7f ? 0xff : octet)));
  });

  it('clips beyond its full scale', () => {
    expect([...encodePcmu(Int16Array.of(32767, -32768, 0))]).toEqual([0x80, 0x00, 0xff]);
  });
});

describe('A-law', () => {
  it('expands to the values of G.711 table 1 (13 bits with a half step, here times eight)', () => {
    const known: [number, number][] = [
      [0xd5, 1],
      [0xd4, 3],
      [0xc5, 33],
      [0xda, 31],
      [0xf5, 66],
      [0xaa, 4032],
      [0xa5, 2112],
      [0x55, -1],
      [0x2a, -4032],
    ];
    expect([...decodePcma(Uint8Array.from(known, ([octet]) => octet))]).toEqual(
      known.map(([, value]) => value * 8),
    );
  });

  it('gives every character back', () => {
    expect(encodePcma(decodePcma(every))).toEqual(every);
  });
});

describe('both laws', () => {
  it('keep every sample within half of its step: 1/32 of it, and 16 near zero', () => {
    const samples = Int16Array.from({ length: 32000 * 2 + 1 }, (_, at) => at - 32000);
    for (const through of [decodePcmu(encodePcmu(samples)), decodePcma(encodePcma(samples))]) {
      const worst = through.reduce((most, value, at) => {
        const sample = samples[at]!;
        return Math.max(most, Math.abs(value - sample) / (16 + Math.abs(sample) / 32));
      }, 0);
      expect(worst).toBeGreaterThan(0.5);
      expect(worst).toBeLessThanOrEqual(1.01);
    }
  });
});
