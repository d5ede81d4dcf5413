import { paintVideoCode } from '../video/picture.ts';
import { ProbeError } from './probe-error.ts';
import { startTicker } from './ticker.ts';
import { wallClockMs } from './wall-clock.ts';

/** A picture code that plays. */
export interface PlayingVideoPattern {
  readonly track: MediaStreamTrack;
  /** Pictures keep coming, and their frame number and time stand still. */
  setFrozen(frozen: boolean): void;
  stop(): void;
}

export interface VideoPatternOptions {
  /** 0..255. */
  readonly id: number;
  readonly width: number;
  readonly height: number;
  readonly fps: number;
}

/**
 * Draws a new picture code `fps` times a second into a track, also in a page behind another.
 * @throws ProbeError `no-canvas` when the page cannot draw.
 */
export function startVideoPattern(options: VideoPatternOptions): PlayingVideoPattern {
  const { id, width, height, fps } = options;
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const surface = canvas.getContext('2d');
  if (!surface) throw new ProbeError('no-canvas', 'the page gives no 2d canvas');
  const paint = (x: number, y: number, across: number, down: number, level: number) => {
    surface.fillStyle = `rgb(${level},${level},${level})`;
    surface.fillRect(x, y, across, down);
  };
  let mark = 0;
  let frozenCode: { id: number; frame: number; sentAtMs: number } | undefined;
  const code = () => frozenCode ?? { id, frame: mark, sentAtMs: wallClockMs() };
  const draw = () => {
    mark += 1;
    paintVideoCode(paint, width, height, code(), mark);
  };
  draw();
  // Without a rate each drawing is a picture: Firefox samples at a given rate and misses a third of them.
  const stream = canvas.captureStream();
  const track = stream.getVideoTracks()[0]!;
  const stopTicking = startTicker(1000 / fps, draw);
  return {
    track,
    setFrozen(frozen) {
      frozenCode = frozen ? code() : undefined;
    },
    stop() {
      stopTicking();
      track.stop();
    },
  };
}
