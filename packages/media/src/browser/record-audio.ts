import { toInt16 } from '../codec/pcm.ts';
import { resample } from '../codec/resample.ts';
import { runAudioContext, sharedAudioContext } from './audio-context.ts';
import { type CapturedBlock, openCapture } from './capture.ts';
import { type RecordedAudio, recordByRecorder } from './media-recorder.ts';
import { ProbeError } from './probe-error.ts';
import { startTicker } from './ticker.ts';

export interface RecordAudioOptions {
  /** How much to record, in milliseconds. */
  readonly ms: number;
  readonly sampleRate?: 8000 | 16000;
  /** What is thrown away first, while source and jitter buffer start; 200 ms by default. */
  readonly settleMs?: number;
}

/** Contexts that did not run: they are not waited for again. */
const dead = new WeakSet<AudioContext>();

/**
 * Records the first audio track of a stream: by Web Audio, or by a MediaRecorder where Web Audio does not run
 * (Firefox without a sound card).
 * @throws ProbeError `no-track`; `context-suspended` and `context-stalled` when neither way works. A context that
 * stops on the way gives what was captured, where that is at least half.
 */
export async function recordAudio(stream: MediaStream, options: RecordAudioOptions): Promise<RecordedAudio> {
  const { ms, sampleRate = 8000, settleMs = 200 } = options;
  const track = stream.getAudioTracks()[0];
  if (!track) throw new ProbeError('no-track', 'the stream has no audio track');
  const context = sharedAudioContext();
  const only = new MediaStream([track]);
  // Chromium decodes a remote track for Web Audio only while an element plays it.
  const element = new Audio();
  element.muted = true;
  element.srcObject = only;
  element.play().catch(() => undefined);
  try {
    if (dead.has(context) && context.state !== 'running') {
      return await recordByRecorder(only, { ms, sampleRate, settleMs });
    }
    try {
      await runAudioContext(context, 400);
    } catch (cause) {
      // Chromium's recorder would need the same context's permission; the fault is then the page's.
      if (!('mozCaptureStream' in element)) throw cause;
      dead.add(context);
      return await recordByRecorder(only, { ms, sampleRate, settleMs });
    }
    return await recordByContext(context, only, { ms, sampleRate, settleMs });
  } finally {
    element.pause();
    element.srcObject = null;
  }
}

async function recordByContext(
  context: AudioContext,
  stream: MediaStream,
  { ms, sampleRate, settleMs }: Required<RecordAudioOptions>,
): Promise<RecordedAudio> {
  const source = context.createMediaStreamSource(stream);
  const blocks: CapturedBlock[] = [];
  const settleFrames = (settleMs * context.sampleRate) / 1000;
  const wanted = settleFrames + (ms * context.sampleRate) / 1000;
  let frames = 0;
  try {
    await new Promise<void>((resolve, reject) => {
      let lastBlockAt = performance.now();
      let close: (() => void) | undefined;
      const finish = (end: () => void) => {
        stopWatching();
        close?.();
        close = undefined;
        end();
      };
      const stopWatching = startTicker(100, () => {
        if (performance.now() - lastBlockAt < 2000) return;
        if (frames - settleFrames >= (wanted - settleFrames) / 2) finish(resolve);
        else
          finish(() =>
            reject(new ProbeError('context-stalled', `no sound block came after ${frames} frames`)),
          );
      });
      const onBlock = (block: CapturedBlock) => {
        lastBlockAt = performance.now();
        blocks.push(block);
        frames += block.samples.length;
        if (frames >= wanted) finish(resolve);
      };
      openCapture(context, source, onBlock).then((opened) => {
        close = opened;
        if (frames >= wanted) opened();
      }, reject);
    });
  } finally {
    source.disconnect();
  }
  return join(blocks, context.sampleRate, Math.round(settleFrames), Math.round(wanted), sampleRate);
}

function join(
  blocks: readonly CapturedBlock[],
  rate: number,
  from: number,
  to: number,
  sampleRate: number,
): RecordedAudio {
  const all = new Float32Array(blocks.reduce((sum, { samples }) => sum + samples.length, 0));
  let at = 0;
  for (const { samples } of blocks) {
    all.set(samples, at);
    at += samples.length;
  }
  // Blocks are handed over late, never early: the least distance between the clocks is the nearest to the true one.
  const offset = Math.min(...blocks.map((block) => block.wallClockMs - block.contextTime * 1000));
  const startWallClockMs = offset + blocks[0]!.contextTime * 1000 + (from * 1000) / rate;
  return { pcm: toInt16(resample(all.subarray(from, to), rate, sampleRate)), sampleRate, startWallClockMs };
}
