import type { WebErrorCode } from '../protocol.ts';

/** A way to one page: a WebSocket, or an event stream with its requests. */
export interface Connection {
  /** `ws` or `http`, as the trace names it. */
  readonly protocol: 'ws' | 'http';
  /** The remote address, for limits and for the log. */
  readonly remote: string;
  /** Sends one message: its first line and, where it carries one, the description behind it. */
  send(line: string, sdp?: string): void;
  /** Ends the connection; the code says why, where it is for a fault. */
  close(code?: WebErrorCode): void;
}
