import { PATTERN_PERIOD_MS, periodPhaseMs, renderPattern } from '../audio/pattern.ts';
import { toInt16 } from '../codec/pcm.ts';
import { encodeWav } from '../codec/wav.ts';
import type { PlayingAudioPattern } from './audio-pattern.ts';
import { startTicker } from './ticker.ts';
import { wallClockMs } from './wall-clock.ts';

const SAMPLE_RATE = 48000;
/** The seam of a looping element may be heard; one a minute is little. */
const PERIODS = 15;
const READING_MS = 50;
const READINGS = 8;
/** What it took an element to begin in Firefox 153: 50-140 ms. */
const START_LOSS_MS = 90;
/** A seek is heard too, so only what matters to a delay is put right. */
const LARGEST_OFFSET_MS = 25;

type CapturingElement = HTMLAudioElement & { readonly mozCaptureStream: () => MediaStream };

function isCapturing(element: HTMLAudioElement): element is CapturingElement {
  return 'mozCaptureStream' in element;
}

/**
 * Plays a pattern from a muted audio element whose sound is captured, which Firefox can: its Web Audio never leaves
 * `suspended` on a machine without a sound card (seen in 153 ESR), while elements play there by the system's clock.
 * Undefined where elements cannot be captured so.
 */
export async function startElementPattern(id: number): Promise<PlayingAudioPattern | undefined> {
  const element = new Audio();
  if (!isCapturing(element)) return undefined;
  const frames = (SAMPLE_RATE * PATTERN_PERIOD_MS * PERIODS) / 1000;
  const pcm = toInt16(renderPattern(id, { sampleRate: SAMPLE_RATE, startWallClockMs: 0, frames }));
  const wav = encodeWav(pcm, SAMPLE_RATE) as Uint8Array<ArrayBuffer>;
  const url = URL.createObjectURL(new Blob([wav], { type: 'audio/wav' }));
  element.src = url;
  element.loop = true;
  element.muted = true;
  // Before the recording's head is read there is no track.
  await new Promise<void>((resolve) => {
    element.oncanplaythrough = () => resolve();
    element.onerror = () => resolve();
    element.load();
  });
  const track = element.mozCaptureStream().getAudioTracks()[0];
  if (!track) return undefined;

  /** How far the sound is behind the wall clock: -2000 .. 2000 ms. */
  const lagMs = () => {
    const behind = periodPhaseMs(wallClockMs() - element.currentTime * 1000);
    return behind < PATTERN_PERIOD_MS / 2 ? behind : behind - PATTERN_PERIOD_MS;
  };
  let readings: number[] = [];
  /** What a seek loses by itself, learnt from the one before. */
  let seekLossMs = START_LOSS_MS;
  let seeks = 0;
  const read = () => {
    if (element.paused || element.seeking || element.readyState < HTMLMediaElement.HAVE_FUTURE_DATA) return;
    readings.push(lagMs());
    if (readings.length < READINGS) return;
    const lag = [...readings].sort((a, b) => a - b)[READINGS >> 1]!;
    readings = [];
    if (Math.abs(lag) <= LARGEST_OFFSET_MS) return;
    if (seeks > 0) seekLossMs = Math.max(0, Math.min(500, seekLossMs + lag));
    seeks += 1;
    // Never near the end of the recording: a seek across the seam would be a second seek.
    element.currentTime = (PATTERN_PERIOD_MS + periodPhaseMs(wallClockMs() + seekLossMs)) / 1000;
  };
  const stopReading = startTicker(READING_MS, read);
  element.currentTime = periodPhaseMs(wallClockMs() + START_LOSS_MS) / 1000;
  element.play().catch(() => undefined);

  return {
    track,
    setSilent(silent) {
      // A disabled track sends silence at the full packet rate (Media Capture and Streams, section 4.3.1).
      track.enabled = !silent;
    },
    stop() {
      stopReading();
      element.pause();
      track.stop();
      URL.revokeObjectURL(url);
    },
  };
}
