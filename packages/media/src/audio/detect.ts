import { measureLevel, type Pcm, toFloat32 } from '../codec/pcm.ts';
import { resample } from '../codec/resample.ts';
import { measurePresence, refinePhase } from './measure.ts';
import { PATTERN_COUNT, PATTERN_PERIOD_MS, periodPhaseMs, SLOT_MS } from './pattern.ts';
import { type Fit, maskPattern, searchPatterns } from './search.ts';
import { ANALYSIS_RATE, HOP_MS, measureTones, TONES, WINDOW_MS } from './tone-energies.ts';

/** Below this the sound counts as silence. */
export const SILENCE_DBFS = -60;

/** Sound is judged in pieces of about this length: over more, a jitter buffer may have moved it. */
const PIECE_MS = 1000;

/** Delays are given from here to one period later; a sender's clock may be a little ahead. */
const LEAST_DELAY_MS = -500;

// Chosen between what 2,000 windows without a pattern reached and what degraded patterns score; see the test.
const LEAST_SCORE = 0.48;
const LEAST_SCORE_BESIDE = 0.5;
const LEAST_DISTINCTNESS = 5;
const LEAST_COVERAGE = 0.4;
const LEAST_COVERAGE_BESIDE = 0.6;
const LEAST_SLOTS = 8;
/** An echo further below the loudest pattern cannot be told from that pattern's own splatter. */
const LEAST_BESIDE_DB = -32;
const MOST_PATTERNS = 3;
const STEADY_MS = 15;

/** A pattern that was heard. */
export interface HeardPattern {
  readonly id: number;
  /** Its tones against everything else while they sound: a louder pattern beside it makes this negative. */
  readonly snrDb: number;
  /** Level of its tones in dB below full scale. */
  readonly levelDbfs: number;
  /** Share of its tones that arrived, 0..1. */
  readonly coverage: number;
  /** From the sender's wall clock to the receiver's, -500 .. 3500 ms; means something when they share the clock. */
  readonly delayMs: number;
}

export interface AudioDetection {
  /** Loudest first; an echo of the own pattern stands behind the far one. */
  readonly heard: readonly HeardPattern[];
  readonly rms: number;
  readonly peak: number;
  /** The whole piece is below SILENCE_DBFS. */
  readonly silent: boolean;
}

export interface DetectOptions {
  /** Wall clock of the first sample, in milliseconds. */
  readonly startWallClockMs: number;
  /** The ids to report; the default is all. The others are searched too, so that none is taken for another. */
  readonly candidates?: readonly number[];
}

/**
 * Finds audio patterns in a piece of sound (0.8 s and more) at any sample rate from 8 kHz. Longer pieces are judged
 * second by second: coverage is then over all of them, level, ratio and delay are medians over those that heard it.
 */
export function detectPattern(pcm: Pcm, sampleRate: number, options: DetectOptions): AudioDetection {
  const level = measureLevel(pcm);
  const { rms, peak } = level;
  if (level.dbfs < SILENCE_DBFS) return { heard: [], rms, peak, silent: true };
  const samples = resample(toFloat32(pcm), sampleRate, ANALYSIS_RATE);
  const durationMs = (samples.length * 1000) / ANALYSIS_RATE;
  const pieces = Math.max(1, Math.round(durationMs / PIECE_MS));
  const size = Math.floor(samples.length / pieces);
  const found: HeardPattern[][] = [];
  for (let piece = 0; piece < pieces; piece += 1) {
    const startMs = options.startWallClockMs + (piece * size * 1000) / ANALYSIS_RATE;
    found.push(detectPiece(samples.subarray(piece * size, (piece + 1) * size), startMs));
  }
  const wanted = options.candidates ?? Array.from({ length: PATTERN_COUNT }, (_, id) => id);
  const heard = merge(found).filter(({ id }) => wanted.includes(id));
  return { heard, rms, peak, silent: false };
}

function detectPiece(samples: Float32Array, startMs: number): HeardPattern[] {
  const tones = measureTones(samples);
  const mask = new Uint8Array(tones.hops * TONES);
  const heard: HeardPattern[] = [];
  const skip = new Set<number>();
  const isExplained = (sample: number, tone: number): boolean => {
    const hop = Math.round(((sample * 1000) / ANALYSIS_RATE - WINDOW_MS / 2) / HOP_MS);
    return mask[Math.max(0, Math.min(tones.hops - 1, hop)) * TONES + tone] === 1;
  };
  // In the middle of a slot the window's ends lie on the tone's: nothing of it shows at other frequencies then.
  const phases: number[] = [];
  const isSteady = (hop: number): boolean =>
    phases.every((phase) => Math.abs(((phase + hop * HOP_MS) % SLOT_MS) - SLOT_MS / 2) <= STEADY_MS);
  while (heard.length < MOST_PATTERNS) {
    const fit = searchPatterns(tones, mask, skip, isSteady);
    if (!fit || !isPattern(fit, heard.length)) break;
    // The fit is for the centre of the first window; the sound begins half a window earlier.
    const phaseMs = refinePhase(samples, fit.id, fit.phaseMs - WINDOW_MS / 2, isExplained);
    const { coverage, slots, snrDb, levelDbfs } = measurePresence(samples, fit.id, phaseMs, isExplained);
    const enough = heard.length === 0 ? LEAST_COVERAGE : LEAST_COVERAGE_BESIDE;
    if (slots < LEAST_SLOTS || coverage < enough) break;
    const loudest = heard[0];
    if (loudest && levelDbfs < loudest.levelDbfs + LEAST_BESIDE_DB) break;
    const delayMs = periodPhaseMs(startMs - phaseMs - LEAST_DELAY_MS) + LEAST_DELAY_MS;
    heard.push({ id: fit.id, snrDb, levelDbfs, coverage, delayMs });
    skip.add(fit.id);
    const firstHopPhaseMs = phaseMs + WINDOW_MS / 2 + PATTERN_PERIOD_MS;
    phases.push(firstHopPhaseMs);
    maskPattern(mask, tones.hops, fit.id, firstHopPhaseMs);
  }
  return heard;
}

function isPattern({ score, distinctness }: Fit, found: number): boolean {
  return score >= (found === 0 ? LEAST_SCORE : LEAST_SCORE_BESIDE) && distinctness >= LEAST_DISTINCTNESS;
}

function merge(pieces: readonly (readonly HeardPattern[])[]): HeardPattern[] {
  const byId = new Map<number, HeardPattern[]>();
  for (const part of pieces.flat()) byId.set(part.id, [...(byId.get(part.id) ?? []), part]);
  return [...byId]
    .map(([id, parts]) => ({
      id,
      snrDb: median(parts.map(({ snrDb }) => snrDb)),
      levelDbfs: median(parts.map(({ levelDbfs }) => levelDbfs)),
      coverage: parts.reduce((sum, { coverage }) => sum + coverage, 0) / pieces.length,
      delayMs: median(parts.map(({ delayMs }) => delayMs)),
    }))
    .sort((a, b) => b.levelDbfs - a.levelDbfs);
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}
