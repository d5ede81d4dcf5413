import type { SipMessage } from '../../message/message.ts';
import type { SipClock } from '../clock.ts';
import type { SipFinding } from '../finding.ts';
import type { Flow } from './flow.ts';
import type { TransportLimits } from './transport-limits.ts';

/** What a connection tells whoever keeps it. */
export interface ConnectionOwner {
  readonly clock: SipClock;
  readonly limits: TransportLimits;
  /** One whole message came. */
  received(bytes: Uint8Array, flow: Flow): void;
  /** One whole message came, read already. */
  parsed(message: SipMessage, flow: Flow): void;
  /** Something came that cannot be read. */
  refused(error: unknown, flow: Flow): void;
  /** One whole message was given to the connection. */
  sent(bytes: Uint8Array, flow: Flow): void;
  /** Something came that shows that the other side lives (a pong, a line break). */
  alive(flow: Flow): void;
  found(finding: SipFinding): void;
  closed(flow: Flow, error: Error | undefined): void;
}

let lastId = 0;

/** A name for a connection, unique in the process. */
export function nextFlowId(): number {
  lastId += 1;
  return lastId;
}
