import type { Impairment } from '@crosspoint/peers';
import type { Signal } from '@crosspoint/signaling';
import type { SeededBug } from '@crosspoint/sip';
import type { Side } from '../evidence.ts';

/** What becomes of one signal on its way; `from` is whose signal it was. None: it is lost. */
export type SeededChange = (signal: Signal, from: Side) => readonly Signal[];

/** What becomes of messages of SIP at the registrar, on their way between the server and a phone. */
export type SeededWire = SeededBug;

/** A known interop bug that can be put into an otherwise good call. */
export interface Defect {
  /** The case's id in the list of known interop bugs, or one of our own. */
  readonly id: string;
  /** One sentence: what goes wrong. */
  readonly title: string;
  /** How people see it. */
  readonly seen: string;
  /** The cause that explains it, where that is not named as the defect is: one cause may be seeded in two ways. */
  readonly cause?: string;
  /** The violated clause: `RFC 8842 section 5.3`. */
  readonly clause: string;
  /** The scenario that shows it. */
  readonly scenario: string;
  /** The check that must fail. */
  readonly check: string;
  /** A change to signals on their way through the hub; made anew for each call, may hold state of that call. */
  readonly change?: () => SeededChange;
  /** A bug of the registrar that phones register with; made anew each time it is seeded. */
  readonly wire?: () => SeededWire;
  /** What the phone must be able to, for it to show there. */
  readonly phone?: readonly string[];
  /** A media impairment asked of one side once the call is up. */
  readonly impair?: { readonly side: Side; readonly what: Impairment };
}
