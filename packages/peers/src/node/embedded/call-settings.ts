import type { IceServerEntry } from './ice-servers.ts';
import type { CodecName } from './sdp-answer.ts';
import type { Head } from './web-session.ts';

/** How calls are made: what `open` asked for, and what the web server gave. */
export interface CallSettings {
  readonly pattern: number;
  readonly audio: boolean;
  readonly data: boolean;
  readonly codecs: readonly CodecName[];
  readonly trickle: boolean;
  readonly iceServers: readonly IceServerEntry[];
  readonly random: () => number;
}

export interface CallEvents {
  send(head: Head, sdp?: string): void;
  /** An event of the peer contract. */
  tell(event: string, more?: Record<string, unknown>): void;
  over(): void;
}
