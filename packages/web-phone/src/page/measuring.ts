import {
  type DecodedSoFar,
  judgeDecoded,
  type MediaEvidence,
  NO_EVIDENCE,
  NOTHING_DECODED,
  readDecoded,
} from './media-evidence.ts';
import type { Phone } from './phone.ts';

const EVERY_MS = 1000;
/** Readings that are compared over: who takes breath is not silent yet. */
const READINGS = 3;

/** Reads the call's figures each second while there is one, and judges what was decoded. */
export class Measuring {
  readonly #phone: Phone;
  readonly #evidence: (evidence: MediaEvidence) => void;
  #timer: ReturnType<typeof setInterval> | undefined;
  #readings: DecodedSoFar[] = [];

  constructor(phone: Phone, evidence: (evidence: MediaEvidence) => void) {
    this.#phone = phone;
    this.#evidence = evidence;
  }

  run(on: boolean): void {
    if (on === (this.#timer !== undefined)) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#readings = [NOTHING_DECODED];
    this.#evidence(NO_EVIDENCE);
    if (on) this.#timer = setInterval(() => void this.now(), EVERY_MS);
  }

  /** Measures at once, besides the regular times. */
  async now(): Promise<void> {
    const timer = this.#timer;
    const measured = await this.#phone.measure();
    if (measured === undefined || timer === undefined || this.#timer !== timer) return;
    const now = readDecoded(measured.raw);
    this.#evidence(judgeDecoded(this.#readings[0]!, now));
    this.#readings = [...this.#readings, now].slice(-READINGS);
  }
}
