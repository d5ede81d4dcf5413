import { encodeWav, PATTERN_PERIOD_MS, renderPattern, toInt16 } from '@crosspoint/media';

/** One period of an audio pattern, ready to be looped: mono, 16 bits. */
export function patternPeriod(pattern: number, sampleRate: number): Int16Array {
  const frames = (sampleRate * PATTERN_PERIOD_MS) / 1000;
  return toInt16(renderPattern(pattern, { sampleRate, startWallClockMs: 0, frames }));
}

/** A WAV file in which a pattern is repeated. It is not bound to the wall clock: who plays it decides when it begins. */
export function patternWav(pattern: number, sampleRate: number, seconds: number): Uint8Array {
  const period = patternPeriod(pattern, sampleRate);
  const times = Math.ceil((1000 * seconds) / PATTERN_PERIOD_MS);
  const sound = new Int16Array(period.length * times);
  for (let time = 0; time < times; time += 1) sound.set(period, time * period.length);
  return encodeWav(sound, sampleRate);
}
