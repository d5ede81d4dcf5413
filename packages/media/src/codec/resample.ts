/** Zero crossings of the sinc on each side: the pass band ends at about 0.45 of the lower rate. */
const CROSSINGS = 16;

/**
 * Resamples by a Hann-windowed sinc that also removes what the lower rate cannot carry. Sample n of the result
 * is the signal at n / `to` seconds: there is no delay to correct for.
 */
export function resample(samples: Float32Array, from: number, to: number): Float32Array {
  if (from === to) return samples;
  const out = new Float32Array(Math.floor((samples.length * to) / from));
  const cutoff = Math.min(1, to / from) * 0.94;
  const reach = CROSSINGS / cutoff;
  // The filter repeats with the fraction of a sample: for 48000 -> 8000 there is one phase, for 44100 -> 16000 160.
  const phases = new Map<number, Float32Array>();
  for (let n = 0; n < out.length; n += 1) {
    const position = (n * from) / to;
    const whole = Math.floor(position);
    const numerator = (n * from) % to;
    let taps = phases.get(numerator);
    if (!taps) {
      taps = sincTaps(numerator / to, cutoff, reach);
      phases.set(numerator, taps);
    }
    const first = whole - (taps.length >> 1);
    let sum = 0;
    for (let tap = 0; tap < taps.length; tap += 1) {
      const sample = samples[first + tap];
      if (sample !== undefined) sum += sample * taps[tap]!;
    }
    out[n] = sum;
  }
  return out;
}

function sincTaps(fraction: number, cutoff: number, reach: number): Float32Array {
  const half = Math.ceil(reach) + 1;
  const taps = new Float32Array(2 * half + 1);
  let sum = 0;
  for (let tap = 0; tap < taps.length; tap += 1) {
    const x = tap - half - fraction;
    if (Math.abs(x) >= reach) continue;
    const argument = Math.PI * x * cutoff;
    const sinc = argument === 0 ? 1 : Math.sin(argument) / argument;
    taps[tap] = sinc * (0.5 + 0.5 * Math.cos((Math.PI * x) / reach));
    sum += taps[tap]!;
  }
  for (let tap = 0; tap < taps.length; tap += 1) taps[tap]! /= sum;
  return taps;
}
