import { type Random32, seededRandom } from '../seeded-random.ts';

/*
 * Sound that holds no pattern, made from a seed: what the tests hold against the detector.
 */

const unit = (random: Random32): number => random() / 2 ** 32;

/** White Gaussian noise of the given root mean square. */
export function whiteNoise(seed: number, frames: number, rms = 0.1): Float32Array {
  const random = seededRandom(seed);
  return Float32Array.from({ length: frames }, () => {
    const radius = Math.sqrt(-2 * Math.log(unit(random) + 1e-12));
    return rms * radius * Math.cos(2 * Math.PI * unit(random));
  });
}

/** Syllables of 80-250 ms: a gliding pitch of many harmonics through three moving formants, with hiss and pauses. */
export function speechLike(seed: number, frames: number, sampleRate: number): Float32Array {
  const random = seededRandom(seed);
  const samples = new Float32Array(frames);
  let at = 0;
  while (at < frames) {
    const length = Math.round(sampleRate * (0.08 + 0.17 * unit(random)));
    const kind = unit(random);
    const pitch = 90 + 160 * unit(random);
    const glide = (unit(random) - 0.5) * 60;
    const formants = [300 + 500 * unit(random), 900 + 1300 * unit(random), 2300 + 700 * unit(random)];
    for (let n = 0; n < length && at + n < frames && kind > 0.15; n += 1) {
      const t = n / sampleRate;
      const swell = Math.sin((Math.PI * n) / length);
      let sample = 0;
      if (kind < 0.3) sample = 0.1 * (unit(random) - 0.5);
      else {
        for (let harmonic = 1; harmonic * pitch < 3400; harmonic += 1) {
          const frequency = harmonic * pitch;
          const gain = formants.reduce(
            (sum, formant) => sum + 1 / (1 + ((frequency - formant) / 90) ** 2),
            0.01,
          );
          sample += 0.1 * gain * Math.sin(2 * Math.PI * harmonic * (pitch * t + (glide * t * t) / 2));
        }
      }
      samples[at + n] = swell * sample;
    }
    at += length;
  }
  return samples;
}

/** Chords of three equally tempered notes with overtones, changed every `noteMs`. */
export function musicLike(seed: number, frames: number, sampleRate: number, noteMs = 180): Float32Array {
  const random = seededRandom(seed);
  const samples = new Float32Array(frames);
  const length = Math.round((sampleRate * noteMs) / 1000);
  for (let at = 0; at < frames; at += length) {
    const notes = Array.from({ length: 3 }, () => 220 * 2 ** (Math.floor(unit(random) * 40) / 12));
    for (let n = 0; n < length && at + n < frames; n += 1) {
      const t = n / sampleRate;
      let sample = 0;
      for (const note of notes) {
        for (let overtone = 1; overtone <= 4; overtone += 1) {
          sample += Math.sin(2 * Math.PI * note * overtone * t) / overtone ** 1.5;
        }
      }
      samples[at + n] = 0.08 * sample * Math.exp((-3 * n) / length);
    }
  }
  return samples;
}
