/** What is heard while a call is set up: the own telephone rings, or the far one is heard ringing. */
export type Tone = 'ring' | 'ringback';

/** A tone of a cadence: begin and length in seconds, frequency in hertz. */
interface Note {
  readonly at: number;
  readonly length: number;
  readonly frequency: number;
}

interface Cadence {
  readonly notes: readonly Note[];
  readonly periodMs: number;
  readonly gain: number;
}

const CADENCES: Readonly<Record<Tone, Cadence>> = {
  ring: {
    notes: [0, 0.16, 0.32, 0.48, 0.64, 0.8].map((at, index) => ({
      at,
      length: 0.15,
      frequency: index % 2 === 0 ? 660 : 528,
    })),
    periodMs: 3000,
    gain: 0.12,
  },
  // ITU-T E.180: 425 Hz, one second in five.
  ringback: { notes: [{ at: 0, length: 1, frequency: 425 }], periodMs: 5000, gain: 0.05 },
};

/** Plays one tone at a time. While it is silent it keeps no audio context, which would cost a thread. */
export class Ringer {
  #tone: Tone | undefined;
  #context: AudioContext | undefined;
  #repeat: ReturnType<typeof setInterval> | undefined;

  /** Plays this tone over and over; `undefined` is silence, at once. */
  play(tone: Tone | undefined): void {
    if (tone === this.#tone) return;
    this.#tone = tone;
    clearInterval(this.#repeat);
    this.#context?.close().catch(() => {});
    this.#context = undefined;
    if (tone === undefined) return;
    const context = new AudioContext();
    this.#context = context;
    const cadence = CADENCES[tone];
    playOnce(context, cadence);
    this.#repeat = setInterval(() => playOnce(context, cadence), cadence.periodMs);
  }
}

function playOnce(context: AudioContext, { notes, gain }: Cadence): void {
  for (const note of notes) {
    const begin = context.currentTime + 0.02 + note.at;
    const end = begin + note.length;
    const level = context.createGain();
    // Short ramps: an edge would click.
    level.gain.setValueAtTime(0, begin);
    level.gain.linearRampToValueAtTime(gain, begin + 0.015);
    level.gain.setValueAtTime(gain, end - 0.03);
    level.gain.linearRampToValueAtTime(0, end);
    const tone = context.createOscillator();
    tone.frequency.value = note.frequency;
    tone.connect(level).connect(context.destination);
    tone.start(begin);
    tone.stop(end);
  }
}
