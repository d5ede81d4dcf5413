import type { PeerCommand, PeerCommands, PeerEvent, PeerManifest } from './contract.ts';

/** Where a program is started. */
export interface Surroundings {
  /** A folder of its own: profile, configuration, log. Made by the lab, kept as evidence. */
  readonly folder: string;
}

/** How a program ended. */
export interface Exit {
  readonly code: number | null;
  readonly signal: string | null;
  /** Whether the lab had asked it to. */
  readonly asked: boolean;
}

/** One user of a peer: registers, calls, is called. */
export interface Endpoint {
  /** Names it in messages: `chromium (caller)`. */
  readonly label: string;
  /** @throws PeerError */
  ask<C extends PeerCommand>(
    command: C,
    args: PeerCommands[C],
    timeoutMs?: number,
  ): Promise<Record<string, unknown>>;
  /** Everything the peer has said so far, in order. */
  readonly events: readonly PeerEvent[];
  /**
   * The first event that fits, among those from index `since` on, past or future.
   * @throws PeerError `timeout` naming `what`, `died`
   */
  wait(
    what: string,
    fits: (event: PeerEvent) => boolean,
    timeoutMs: number,
    since?: number,
  ): Promise<PeerEvent>;
  close(): Promise<void>;
}

/** A started program. */
export interface Program {
  readonly manifest: PeerManifest;
  /** The process to end, were it not to end by itself. */
  readonly pid: number;
  endpoint(label: string): Promise<Endpoint>;
  readonly exited: Promise<Exit>;
  /** Ends the program and waits until it is gone. Never throws. */
  stop(): Promise<void>;
}

export type Finding =
  | { readonly found: true; readonly manifest: PeerManifest; readonly kind: 'browser' | 'program' }
  | { readonly found: false; readonly why: string; readonly install?: string };

/** One real program behind the interface that the lab knows. */
export interface Driver {
  readonly id: string;
  /** Whether it is there and runs, with its version. */
  find(): Promise<Finding>;
  /** @throws PeerError where it does not start */
  start(surroundings: Surroundings): Promise<Program>;
}
