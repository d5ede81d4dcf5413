import { PATTERN_PERIOD_MS, periodPhaseMs, renderPattern } from '../audio/pattern.ts';
import { startElementPattern } from './element-pattern.ts';
import { startTicker } from './ticker.ts';
import { wallClockMs } from './wall-clock.ts';

/** A pattern that plays. */
export interface PlayingAudioPattern {
  readonly track: MediaStreamTrack;
  /** Sends digital silence at the full packet rate: the track stays live and enabled. */
  setSilent(silent: boolean): void;
  stop(): void;
}

/** How often the context's time is laid against the wall clock, and how many readings make one measurement. */
const READING_MS = 40;
const READINGS = 12;
/** The sound is moved when it is off by more; less would be the noise of the readings. */
const LARGEST_OFFSET_MS = 8;

/**
 * Plays the pattern of an endpoint into a track, in step with the wall clock (from about half a second after the
 * start). Where Web Audio depends on a sound card (Firefox) it comes from an element; see `startElementPattern`.
 * @throws RangeError when `id` is not in 0..31.
 */
export async function startAudioPattern(context: AudioContext, id: number): Promise<PlayingAudioPattern> {
  return (await startElementPattern(id)) ?? startContextPattern(context, id);
}

/**
 * One whole period in a loop, begun at the place that is due. The context may be suspended still; the pattern falls
 * into step when it runs, and again when the context's clock was held up.
 */
function startContextPattern(context: AudioContext, id: number): PlayingAudioPattern {
  const { sampleRate } = context;
  const frames = Math.round((sampleRate * PATTERN_PERIOD_MS) / 1000);
  const buffer = context.createBuffer(1, frames, sampleRate);
  buffer.copyToChannel(
    renderPattern(id, { sampleRate, startWallClockMs: 0, frames }) as Float32Array<ArrayBuffer>,
    0,
  );
  const gain = context.createGain();
  const destination = context.createMediaStreamDestination();
  destination.channelCount = 1;
  gain.connect(destination);
  const track = destination.stream.getAudioTracks()[0]!;

  let source: AudioBufferSourceNode | undefined;
  /** Wall clock minus context time for which the running source was started, in ms. */
  let playingOffset = Number.NaN;
  const play = (offset: number) => {
    const at = context.currentTime + 0.02;
    source?.stop(at);
    source = context.createBufferSource();
    source.buffer = buffer;
    source.loop = true;
    source.connect(gain);
    source.start(at, periodPhaseMs(at * 1000 + offset) / 1000);
    playingOffset = offset;
  };

  let readings: number[] = [];
  let lastTime = -1;
  const read = () => {
    const time = context.currentTime;
    const offset = wallClockMs() - time * 1000;
    if (context.state !== 'running' || time === lastTime) return;
    lastTime = time;
    if (Number.isNaN(playingOffset)) play(offset);
    readings.push(offset);
    if (readings.length < READINGS) return;
    // The context's time moves in steps and is read late, never early: the least reading is the nearest.
    const least = Math.min(...readings);
    readings = [];
    if (Math.abs(least - playingOffset) > LARGEST_OFFSET_MS) play(least);
  };
  const stopReading = startTicker(READING_MS, read);
  read();

  return {
    track,
    setSilent(silent) {
      gain.gain.value = silent ? 0 : 1;
    },
    stop() {
      stopReading();
      source?.stop();
      gain.disconnect();
      track.stop();
    },
  };
}
