/** What was found about one check. `unsupported` and `broken` are never green and always counted. */
export type Verdict = 'passed' | 'failed' | 'unsupported' | 'broken';

/** The verdicts in the order in which they are counted and shown. */
export const VERDICTS = ['passed', 'failed', 'unsupported', 'broken'] as const satisfies readonly Verdict[];

/** The version of the shape below, as `Run.schema` carries it. */
export const RUN_SCHEMA_ID = 'crosspoint.run/1';

/** One whole matrix: who took part, where, and every cell. */
export interface Run {
  readonly schema: typeof RUN_SCHEMA_ID;
  readonly id: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly durationMs: number;
  /** What was typed. */
  readonly command: string;
  /** The version of Crosspoint. */
  readonly crosspoint: string;
  readonly host: Host;
  readonly peers: readonly PeerRecord[];
  readonly absent: readonly AbsentPeer[];
  readonly cells: readonly Cell[];
  readonly totals: Totals;
  /** The run was ended before its last cell. */
  readonly interrupted?: boolean;
}

/** Checks counted by verdict. */
export type Totals = Readonly<Record<Verdict, number>>;

/** The machine the run was made on. */
export interface Host {
  readonly node: string;
  readonly platform: string;
  readonly cores: number;
  readonly network: {
    readonly kind: 'namespace' | 'user-namespace' | 'machine';
    readonly address: string;
    readonly words: string;
  };
}

/** A real program that took part. */
export interface PeerRecord {
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly kind: 'browser' | 'program' | 'server';
  readonly capabilities: readonly string[];
}

/** A program that could have taken part and was not there. */
export interface AbsentPeer {
  readonly id: string;
  readonly why: string;
  /** The one command that installs it. */
  readonly install?: string;
}

/** One caller x callee x topology x transport. */
export interface Cell {
  /** `triangle/ws/chromium--firefox`. */
  readonly id: string;
  readonly topology: string;
  readonly transport: 'ws' | 'http';
  readonly caller: string;
  readonly callee: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly durationMs: number;
  /** Relative to the run's folder. */
  readonly folder: string;
  /** The one command that runs this cell again. */
  readonly rerun: string;
  readonly results: readonly CheckResult[];
  readonly calls: readonly CallRecord[];
}

/** One feature, tested in one cell. */
export interface CheckResult {
  /** `audio`, `codec-opus`, `hang-up-caller`. */
  readonly check: string;
  /** One sentence. */
  readonly title: string;
  readonly verdict: Verdict;
  /** In words, always. */
  readonly reason: string;
  /** For `unsupported`: what proves it. */
  readonly proof?: string;
  /** The clause that was violated or that the check rests on. */
  readonly clause?: string;
  /** Best first; for `failed`. */
  readonly diagnosis?: readonly Diagnosis[];
  readonly measured: Readonly<Record<string, number | string | boolean>>;
  /** `CallRecord.id` of the call it was judged from. */
  readonly call?: string;
  readonly durationMs: number;
}

/** A cause that explains a failure, with what it rests on. */
export interface Diagnosis {
  /** `dtls-fingerprint-wrong`. */
  readonly cause: string;
  readonly words: string;
  readonly clause: string;
  /** The hop that is to blame: `server`, or whose description it was: `caller`, `callee`. */
  readonly hop?: string;
  readonly seen: readonly string[];
}

/** One call made in a cell, with everything that was seen of it. */
export interface CallRecord {
  readonly id: string;
  readonly scenario: string;
  /** Milliseconds since the Unix epoch. */
  readonly startedAtMs: number;
  readonly durationMs: number;
  readonly trace: readonly TraceLine[];
  readonly descriptions: readonly DescriptionRecord[];
  readonly changes: readonly DescriptionChange[];
  /** The defect seeded on purpose, where one was. */
  readonly defect?: string;
}

/** One message as one node saw it on the wire. */
export interface TraceLine {
  /** Milliseconds since the Unix epoch. */
  readonly at: number;
  readonly node: string;
  readonly peer: string;
  readonly direction: 'in' | 'out';
  readonly protocol: string;
  readonly raw: string;
  readonly summary: string;
  readonly call?: string;
  readonly note?: string;
}

/** One session description as it passed a node, with what lint found in it. */
export interface DescriptionRecord {
  /** `1-caller-offer`. */
  readonly name: string;
  /** Milliseconds since the Unix epoch. */
  readonly at: number;
  readonly node: string;
  readonly direction: 'in' | 'out';
  readonly role: 'offer' | 'answer';
  readonly text: string;
  readonly findings: readonly DescriptionFinding[];
}

/** Something wrong or unwise in a description, with its place. */
export interface DescriptionFinding {
  readonly code: string;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly clause: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
}

/** What happened to a description between two hops, in words. */
export interface DescriptionChange {
  /** `DescriptionRecord.name`. */
  readonly from: string;
  /** `DescriptionRecord.name`. */
  readonly to: string;
  readonly words: readonly string[];
}
