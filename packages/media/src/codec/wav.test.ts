import { describe, expect, it } from 'vitest';
import { FormatError } from '../format-error.ts';
import { measureLevel } from './pcm.ts';
import { resample } from './resample.ts';
import { decodeWav, encodeWav } from './wav.ts';

const pcm = Int16Array.of(0, 1, -1, 32767, -32768);

describe('WAV', () => {
  it('gives back what was written', () => {
    expect(decodeWav(encodeWav(pcm, 16000))).toEqual({ pcm, sampleRate: 16000 });
  });

  it('takes the first channel, steps over other chunks and takes what a stopped recorder left', () => {
    const mono = encodeWav(pcm, 8000);
    const list = Uint8Array.of(0x4c, 0x49, 0x53, 0x54, 3, 0, 0, 0, 1, 2, 3, 0);
    const file = Uint8Array.from([...mono.subarray(0, 36), ...list, ...mono.subarray(36, 54)]);
    const view = new DataView(file.buffer);
    view.setUint16(22, 2, true);
    view.setUint32(52, 0xffffffff, true);
    expect([...decodeWav(file).pcm]).toEqual([0, -1]);
  });

  it('refuses what is no 16-bit PCM WAV', () => {
    expect(() => decodeWav(Uint8Array.of(1, 2, 3))).toThrow(FormatError);
    const bytes = encodeWav(pcm, 8000);
    bytes[34] = 8;
    expect(() => decodeWav(bytes)).toThrow('8 bits');
    expect(() => decodeWav(encodeWav(pcm, 8000).subarray(0, 36))).toThrow('no data chunk');
  });
});

describe('resample', () => {
  const sine = (rate: number, frequency: number) =>
    Float32Array.from({ length: rate / 2 }, (_, n) => 0.5 * Math.sin((2 * Math.PI * frequency * n) / rate));

  it.each([48000, 44100, 16000])('keeps a 1 kHz sine of %i Hz in its place and level', (rate) => {
    const out = resample(sine(rate, 1000), rate, 8000);
    const wanted = sine(8000, 1000);
    const difference = out.subarray(100, 3900).map((sample, n) => sample - wanted[n + 100]!);
    expect(measureLevel(difference).rms).toBeLessThan(0.002);
  });

  it('removes what the lower rate cannot carry', () => {
    expect(measureLevel(resample(sine(48000, 5200), 48000, 8000).subarray(100, 3900)).dbfs).toBeLessThan(-50);
  });
});
