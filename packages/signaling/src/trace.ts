/** One message as one node saw it on the wire. */
export interface TraceEntry {
  /** Milliseconds since the Unix epoch, by the clock of the node that saw it. */
  readonly at: number;
  /** The node of the topology that saw it, by its id: `server`, `caller`, `callee`. */
  readonly node: string;
  /** The node at the other end of the edge, where known. */
  readonly peer: string;
  readonly direction: 'in' | 'out';
  /** `ws`, `http`, `sip`, `xmpp`, `mgcp` ... */
  readonly protocol: string;
  /** The bytes as they were, as text; secrets are struck out by the tap before they get here. */
  readonly raw: string;
  /** A few words for a ladder: `offer`, `INVITE`, `200 OK`. */
  readonly summary: string;
  /** The call the message belongs to, where it belongs to one. */
  readonly call?: string;
  /** Something the tap has to say of it: a refused message's error, a seeded defect's name. */
  readonly note?: string;
}

/** Takes what a leg or node saw. Must not throw and must not wait. */
export type Tap = (entry: TraceEntry) => void;

/** A tap for who does not want one. */
export const NO_TAP: Tap = () => {};
