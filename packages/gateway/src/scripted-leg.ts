import type { Leg, Signal } from '@crosspoint/signaling';

/** A leg for tests: keeps what it is told, says what it is asked to, and may react at once. */
export class ScriptedLeg implements Leg {
  readonly protocol = 'scripted';
  readonly party: string;
  readonly told: Signal[] = [];
  /** What the leg does when it is told something, before `send` returns. */
  react: ((signal: Signal) => void) | undefined;
  /** What it has in store for the moment it is attached. */
  readonly before: Signal[] = [];
  #receive: ((signal: Signal) => void) | undefined;

  constructor(party: string) {
    this.party = party;
  }

  attach(receive: (signal: Signal) => void): void {
    this.#receive = receive;
    for (const signal of this.before) receive(signal);
  }

  send(signal: Signal): void {
    this.told.push(signal);
    this.react?.(signal);
  }

  say(...signals: readonly Signal[]): void {
    for (const signal of signals) this.#receive?.(signal);
  }

  /** The types of what it was told, ends with their reason's code. */
  get heard(): readonly string[] {
    return this.told.map((one) => (one.type === 'end' ? `end ${one.reason.code}` : one.type));
  }
}
