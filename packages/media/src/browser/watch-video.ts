import type { SeenVideoFrame } from '../video/judge.ts';
import { readVideoCode } from '../video/picture.ts';
import { ProbeError } from './probe-error.ts';
import { startTicker } from './ticker.ts';
import { wallClockMs } from './wall-clock.ts';

/** What was seen of a video: the codes read, and how many pictures came whether they could be read or not. */
export interface WatchedVideo {
  readonly frames: readonly SeenVideoFrame[];
  /** New pictures, the unreadable ones included. */
  readonly pictures: number;
  readonly width: number;
  readonly height: number;
  readonly startMs: number;
  readonly endMs: number;
  /** How the pictures were taken: from the track, or from the element. */
  readonly by: 'track-processor' | 'element';
}

// Enough for the code's blocks at several pixels each, little enough to read back thirty times a second.
const READ_WIDTH = 168;
const READ_HEIGHT = 132;
const POLL_MS = 15;

interface PictureReader {
  read(image: CanvasImageSource): void;
  readonly frames: SeenVideoFrame[];
  pictures: number;
}

function pictureReader(): PictureReader {
  const canvas = new OffscreenCanvas(READ_WIDTH, READ_HEIGHT);
  const surface = canvas.getContext('2d', { willReadFrequently: true });
  if (!surface) throw new ProbeError('no-canvas', 'the page gives no 2d canvas');
  let last = -1;
  const reader: PictureReader = {
    frames: [],
    pictures: 0,
    read(image) {
      const seenAtMs = wallClockMs();
      surface.drawImage(image, 0, 0, READ_WIDTH, READ_HEIGHT);
      const { data } = surface.getImageData(0, 0, READ_WIDTH, READ_HEIGHT);
      const print = fingerprint(data);
      // Polling sees most pictures twice; a sender that stands still on purpose moves the mark below the code.
      if (print === last) return;
      last = print;
      reader.pictures += 1;
      const code = readVideoCode(data, READ_WIDTH, READ_HEIGHT);
      if (code) reader.frames.push({ ...code, seenAtMs });
    },
  };
  return reader;
}

function fingerprint(data: Uint8ClampedArray): number {
  const words = new Uint32Array(data.buffer, data.byteOffset, data.byteLength >> 2);
  let hash = 0x811c9dc5;
  for (let at = 0; at < words.length; at += 1) hash = Math.imul(hash ^ words[at]!, 0x01000193);
  return hash >>> 0;
}

/** The part of Chromium's breakout box that is used here; Firefox has none. */
interface TrackProcessor {
  readonly readable: ReadableStream<VideoFrame>;
}
type TrackProcessorConstructor = new (init: { track: MediaStreamTrack }) => TrackProcessor;

/**
 * Watches a playing video element for `ms`, in a page before or behind others: from its track where the browser
 * hands out decoded pictures (a hidden page's element may stand still there), else by polling the element.
 * @throws ProbeError `no-track` when the element plays no stream with a video track.
 */
export async function watchVideo(
  video: HTMLVideoElement,
  options: { readonly ms: number },
): Promise<WatchedVideo> {
  const stream = video.srcObject;
  const track = stream instanceof MediaStream ? stream.getVideoTracks()[0] : undefined;
  if (!track) throw new ProbeError('no-track', 'the element plays no stream with a video track');
  const reader = pictureReader();
  const startMs = wallClockMs();
  const Processor = (globalThis as { MediaStreamTrackProcessor?: TrackProcessorConstructor })
    .MediaStreamTrackProcessor;
  if (Processor) await watchTrack(track, Processor, reader, options.ms);
  else await watchElement(video, reader, options.ms);
  const { frames, pictures } = reader;
  return {
    frames,
    pictures,
    width: video.videoWidth,
    height: video.videoHeight,
    startMs,
    endMs: wallClockMs(),
    by: Processor ? 'track-processor' : 'element',
  };
}

async function watchTrack(
  track: MediaStreamTrack,
  Processor: TrackProcessorConstructor,
  reader: PictureReader,
  ms: number,
): Promise<void> {
  // A clone, so that ending the processor leaves the call's own track alone.
  const copy = track.clone();
  const pictures = new Processor({ track: copy }).readable.getReader();
  const until = performance.now() + ms;
  const stop = startTicker(POLL_MS, () => {
    if (performance.now() < until) return;
    stop();
    copy.stop();
    pictures.cancel().catch(() => undefined);
  });
  for (;;) {
    const { done, value } = await pictures.read();
    if (done) return;
    reader.read(value);
    value.close();
  }
}

async function watchElement(video: HTMLVideoElement, reader: PictureReader, ms: number): Promise<void> {
  const until = performance.now() + ms;
  await new Promise<void>((resolve) => {
    const stop = startTicker(POLL_MS, () => {
      if (video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA) reader.read(video);
      if (performance.now() < until) return;
      stop();
      resolve();
    });
  });
}
