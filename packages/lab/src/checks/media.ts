import { detectPattern, judgeVideo } from '@crosspoint/media';
import { type Evidence, observed, otherSide, type Side } from '../evidence.ts';

type Measured = Record<string, number | string | boolean>;

/** What one side heard of the other in a step. */
export interface Hearing {
  /** The far side's own pattern was there. */
  readonly far: boolean;
  /** Its own pattern came back. */
  readonly echo: boolean;
  readonly silent: boolean;
  /** Whether anything was recorded at all. */
  readonly recorded: boolean;
  readonly measured: Measured;
  readonly words: string;
}

/** Judges what `side` decoded of the far side's sound in a step. */
export function hearing(evidence: Evidence, step: string, side: Side): Hearing {
  const seen = observed(evidence, 'heard', step, side)[0];
  const sample = seen?.heard;
  const own = seen?.between?.own ?? evidence[side].pattern;
  const far = seen?.between?.far ?? evidence[otherSide(side)].pattern;
  if (sample === undefined || sample.pcm.length === 0) {
    const missed = observed(evidence, 'missed', step, side)[0]?.words;
    return {
      far: false,
      echo: false,
      silent: true,
      recorded: false,
      measured: {},
      words: `the ${side} heard nothing at all${missed === undefined ? '' : ` (${missed})`}`,
    };
  }
  const detection = detectPattern(sample.pcm, sample.sampleRate, {
    startWallClockMs: sample.startedAt,
    candidates: [far, own, (far + 11) % 32],
  });
  const farHeard = detection.heard.find((each) => each.id === far);
  const echo = detection.heard.some((each) => each.id === own);
  const measured: Measured = { [`${step}.${side}.rms`]: round(detection.rms, 4) };
  if (farHeard !== undefined) {
    measured[`${step}.${side}.snrDb`] = round(farHeard.snrDb, 1);
    measured[`${step}.${side}.coverage`] = round(farHeard.coverage, 2);
    measured[`${step}.${side}.delayMs`] = Math.round(farHeard.delayMs);
  }
  return {
    far: farHeard !== undefined,
    echo,
    silent: detection.silent,
    recorded: true,
    measured,
    words:
      farHeard !== undefined
        ? `the ${side} heard the far side at ${farHeard.snrDb.toFixed(0)} dB`
        : echo
          ? `the ${side} heard its own echo and not the far side`
          : detection.silent
            ? `the ${side} heard silence`
            : `the ${side} heard sound that is not the far side's pattern`,
  };
}

/** What one side saw of the other in a step. */
export interface Seeing {
  readonly moving: boolean;
  readonly frozen: boolean;
  readonly pictures: number;
  readonly measured: Measured;
  readonly words: string;
}

export function seeing(evidence: Evidence, step: string, side: Side): Seeing {
  const watched = observed(evidence, 'watched', step, side)[0]?.watched;
  const far = evidence[otherSide(side)].pattern;
  if (watched === undefined) {
    const missed = observed(evidence, 'missed', step, side)[0]?.words;
    return {
      moving: false,
      frozen: false,
      pictures: 0,
      measured: {},
      words: `the ${side} saw nothing at all${missed === undefined ? '' : ` (${missed})`}`,
    };
  }
  const frames = watched.frames.filter((frame) => frame.id === far);
  const judged = judgeVideo(frames);
  const distinct = new Set(frames.map((frame) => frame.frame)).size;
  const frozen = frames.length >= 2 && distinct < 2;
  const measured: Measured = {
    [`${step}.${side}.pictures`]: watched.pictures,
    [`${step}.${side}.framesSeen`]: judged.framesSeen,
    [`${step}.${side}.framesLost`]: judged.framesLost,
    ...(judged.delayMs !== undefined ? { [`${step}.${side}.videoDelayMs`]: Math.round(judged.delayMs) } : {}),
  };
  const moving = distinct >= 3;
  return {
    moving,
    frozen,
    pictures: watched.pictures,
    measured,
    words: moving
      ? `the ${side} saw ${distinct} of the far side's frames`
      : frozen
        ? `the ${side} saw the same frame over and over`
        : watched.pictures > 0
          ? `the ${side} saw ${watched.pictures} pictures, none of them the far side's code`
          : `the ${side} saw no picture`,
  };
}

function round(value: number, digits: number): number {
  const scale = 10 ** digits;
  return Math.round(value * scale) / scale;
}
