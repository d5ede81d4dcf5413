/** How far the far side's media has been decoded here, read from `getStats()`. */
export interface DecodedSoFar {
  /** Of the picture, in frames. */
  readonly frames: number;
  /** Of the sound, in the unit of webrtc-stats `totalAudioEnergy`: it stands still while nothing is heard. */
  readonly energy: number;
}

/** What of the far side's media was decoded here between two readings. */
export interface MediaEvidence {
  readonly sound: boolean;
  readonly picture: boolean;
}

export const NOTHING_DECODED: DecodedSoFar = { frames: 0, energy: 0 };
export const NO_EVIDENCE: MediaEvidence = { sound: false, picture: false };

/** Less than this in a second is the rounding of silence. */
const HEARD_ENERGY = 1e-7;

type Entry = Record<string, unknown>;

/** Sums what every inbound stream has decoded. @param raw the entries of `getStats()` */
export function readDecoded(raw: readonly Entry[]): DecodedSoFar {
  let frames = 0;
  let energy = 0;
  for (const entry of raw) {
    if (entry.type !== 'inbound-rtp') continue;
    if (entry.kind === 'video') frames += number(entry.framesDecoded);
    if (entry.kind === 'audio') energy += number(entry.totalAudioEnergy);
  }
  return { frames, energy };
}

/** Compares two readings. "Connected" is no evidence, and neither is a packet: only what was decoded. */
export function judgeDecoded(before: DecodedSoFar, now: DecodedSoFar): MediaEvidence {
  return { picture: now.frames > before.frames, sound: now.energy - before.energy > HEARD_ENERGY };
}

/** The evidence in words for the figure's media edge. */
export function describeEvidence({ sound, picture }: MediaEvidence): string {
  if (sound && picture) return 'sound and picture arrive';
  if (sound) return 'sound arrives';
  if (picture) return 'picture arrives';
  return 'nothing decoded here yet';
}

function number(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : 0;
}
