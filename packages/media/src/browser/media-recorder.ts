import { toInt16 } from '../codec/pcm.ts';
import { startTicker } from './ticker.ts';
import { wallClockMs } from './wall-clock.ts';

/** Sound as it left the jitter buffer and the decoder. */
export interface RecordedAudio {
  readonly pcm: Int16Array;
  readonly sampleRate: number;
  /** Wall clock of the first sample. */
  readonly startWallClockMs: number;
}

/**
 * Records a stream by a MediaRecorder and decodes what it made (Opus at 128 kbit/s: a second coding, which the pattern
 * survives at over 30 dB). It needs no running AudioContext, and knows its beginning to about 15 ms.
 */
export async function recordByRecorder(
  stream: MediaStream,
  {
    ms,
    sampleRate,
    settleMs,
  }: { readonly ms: number; readonly sampleRate: number; readonly settleMs: number },
): Promise<RecordedAudio> {
  const recorder = new MediaRecorder(stream, { audioBitsPerSecond: 128_000 });
  const parts: Blob[] = [];
  recorder.ondataavailable = ({ data }) => parts.push(data);
  const stopped = new Promise<void>((resolve) => {
    recorder.onstop = () => resolve();
  });
  const startedAt = wallClockMs();
  recorder.start();
  await new Promise<void>((resolve) => {
    const stop = startTicker(10, () => {
      if (wallClockMs() - startedAt < settleMs + ms + 40) return;
      stop();
      resolve();
    });
  });
  recorder.stop();
  await stopped;
  const file = await new Blob(parts, { type: recorder.mimeType }).arrayBuffer();
  // Decoding resamples to the rate of its context; an offline one needs no sound card.
  const decoded = await new OfflineAudioContext(1, sampleRate, sampleRate).decodeAudioData(file);
  const from = Math.round((settleMs * sampleRate) / 1000);
  const samples = decoded.getChannelData(0).subarray(from, from + Math.round((ms * sampleRate) / 1000));
  return { pcm: toInt16(samples), sampleRate, startWallClockMs: startedAt + settleMs };
}
