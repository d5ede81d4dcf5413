/** One connection to a web server, by either transport of the web protocol. */
export interface WebLink {
  send(text: string): void;
  /** Cuts it off without a word. */
  cut(): void;
  /** Closes it once what was sent is out; waits for that a little. */
  close(): Promise<void>;
}

export interface WebLinkEvents {
  message(text: string): void;
  /** Once; also where it never opened. */
  closed(why: string): void;
}

/** Opens a connection with its first message: `hello` or `resume`. */
export type OpenLink = (server: string, first: string, events: WebLinkEvents) => WebLink;

/** What a server may send in one message, in bytes. */
export const MAX_MESSAGE_BYTES = 1024 * 1024;
export const OPEN_TIMEOUT_MS = 8000;
export const CLOSE_TIMEOUT_MS = 1000;
