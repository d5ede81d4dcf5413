/** Samples in -1..1, or 16-bit linear. */
export type Pcm = Float32Array | Int16Array;

/** Samples in -1..1 as 16-bit linear, clipped. */
export function toInt16(samples: Float32Array): Int16Array {
  const pcm = new Int16Array(samples.length);
  for (let at = 0; at < samples.length; at += 1) {
    pcm[at] = Math.max(-32768, Math.min(32767, Math.round(samples[at]! * 32768)));
  }
  return pcm;
}

/** 16-bit linear samples as -1..1; samples that are so already are given back as they are. */
export function toFloat32(pcm: Pcm): Float32Array {
  if (pcm instanceof Float32Array) return pcm;
  const samples = new Float32Array(pcm.length);
  for (let at = 0; at < pcm.length; at += 1) samples[at] = pcm[at]! / 32768;
  return samples;
}

/** Loudness of a piece of sound. */
export interface Level {
  /** Root mean square, 0..1. */
  readonly rms: number;
  readonly peak: number;
  /** 20 log10(rms); -Infinity for digital silence. */
  readonly dbfs: number;
}

/** Measures the level over all samples. */
export function measureLevel(pcm: Pcm): Level {
  const samples = toFloat32(pcm);
  let square = 0;
  let peak = 0;
  for (const sample of samples) {
    square += sample * sample;
    peak = Math.max(peak, Math.abs(sample));
  }
  const rms = samples.length === 0 ? 0 : Math.sqrt(square / samples.length);
  return { rms, peak, dbfs: 20 * Math.log10(rms) };
}
