import type { Echoed, Joins, PeerEvent, PeerStats, Watched } from '@crosspoint/peers';
import type { TraceEntry } from '@crosspoint/signaling';

export type Side = 'caller' | 'callee';
export const SIDES: readonly Side[] = ['caller', 'callee'];

export function otherSide(side: Side): Side {
  return side === 'caller' ? 'callee' : 'caller';
}

/** The side that is a phone, which is no page; the callee's, where neither is. */
export function phoneSideOf(sides: Readonly<Record<Side, { readonly joins?: Joins }>>): Side {
  return (sides.caller.joins ?? 'web') !== 'web' ? 'caller' : 'callee';
}

/** What one side decoded from the other: mono PCM, kept beside as WAV. */
export interface HeardSample {
  readonly sampleRate: number;
  /** Milliseconds since the Unix epoch, of the first sample. */
  readonly startedAt: number;
  readonly pcm: Int16Array;
  /** The WAV file, relative to the cell's folder. */
  readonly file: string;
}

/** Something a scenario saw in one of its steps. */
export type Observation = { readonly step: string; readonly at: number; readonly side: Side } & (
  | {
      readonly kind: 'heard';
      readonly heard: HeardSample;
      /** Whose patterns, where it is not the two sides' own: a third who came into the call. */
      readonly between?: { readonly own: number; readonly far: number };
    }
  | { readonly kind: 'watched'; readonly watched: Watched }
  | { readonly kind: 'echoed'; readonly echoed: Echoed }
  | { readonly kind: 'stats'; readonly stats: PeerStats }
  /** The step did what it was to do on this side. */
  | { readonly kind: 'done'; readonly words: string }
  /** It did not, and why. */
  | { readonly kind: 'missed'; readonly words: string }
);

/** What broke the scenario off, if something did. */
export interface Fault {
  /** `peer-died`, `server-died`: a program ended. `peer`: a peer did not do its part. `lab`: our own fault. */
  readonly kind: 'peer-died' | 'turn-died' | 'server-died' | 'peer' | 'lab';
  readonly side?: Side;
  readonly step: string;
  readonly words: string;
}

export interface SideEvidence {
  readonly peer: string;
  /** What it attaches to: a page of the web server, a SIP registrar or an XMPP server. */
  readonly joins?: Joins;
  readonly name: string;
  /** The number of its audio pattern and picture code. */
  readonly pattern: number;
  readonly events: readonly PeerEvent[];
}

/** Everything that is known of one call: what a verdict rests on, now and when it is judged again. */
export interface Evidence {
  readonly call: string;
  readonly scenario: string;
  readonly transport: 'ws' | 'http';
  readonly startedAtMs: number;
  readonly durationMs: number;
  readonly caller: SideEvidence;
  readonly callee: SideEvidence;
  readonly trace: readonly TraceEntry[];
  readonly observations: readonly Observation[];
  readonly fault?: Fault;
  /** The seeded defect, where there was one. */
  readonly defect?: string;
}

/** The observations of a step, of one kind. */
export function observed<K extends Observation['kind']>(
  evidence: Evidence,
  kind: K,
  step: string,
  side?: Side,
): Extract<Observation, { kind: K }>[] {
  return evidence.observations.filter(
    (each): each is Extract<Observation, { kind: K }> =>
      each.kind === kind && each.step === step && (side === undefined || each.side === side),
  );
}
