import type { Signal } from './signal.ts';

/** One side of a call in one protocol: takes Signals and gives Signals. */
export interface Leg {
  /** Which kind of leg this is: `web`, `sip`, `jingle`, `pstn`. */
  readonly protocol: string;
  /** Who is at the far end of the leg, in its protocol's writing. */
  readonly party: string;
  /** Tells the far end of the leg. Never throws for a remote refusal: that comes back as an `end`. */
  send(signal: Signal): void;
  /** Called by the call once: where the leg's own Signals go. Signals that came before are handed over in order. */
  attach(receive: (signal: Signal) => void): void;
}
