/** What a connection tells its session. */
export interface ConnectionEvents {
  message(text: string): void;
  /** Once, whether it was ever open or not. */
  closed(why: string): void;
}

/** A way to the web server; made by `connectWs` or `connectHttp`. */
export interface ClientConnection {
  send(text: string): void;
  /** Ends it now, as a network does. */
  close(): void;
  /** Ends it once everything sent is out. */
  finish(): void;
}

/** Opens a connection whose first message is `first` (`hello` or `resume`). */
export type Connect = (first: string, events: ConnectionEvents) => ClientConnection;
