import type { EndReason } from '@crosspoint/signaling';
import type { CallEvents, CallOptions, WebCall } from '@crosspoint/signaling/browser';

/** One call as the telephone uses it, whatever protocol it is signaled by: a `WebCall`, or one that does the same. */
export type PageCall = Pick<
  WebCall,
  | 'id'
  | 'party'
  | 'outgoing'
  | 'connection'
  | 'phase'
  | 'pictured'
  | 'channel'
  | 'remoteTracks'
  | 'start'
  | 'accept'
  | 'hold'
  | 'changed'
  | 'add'
  | 'remove'
  | 'restartIce'
  | 'dtmf'
  | 'transfer'
  | 'end'
  | 'close'
> & {
  /** Coming in: our own call whose place it takes. */
  readonly replaces?: string | undefined;
  /** Joins the far side with that of another call of ours, where the signaling can. */
  connectWith?(other: PageCall): void;
};

/** What a line is made with. */
export interface LineSettings {
  /** How a page signals over the web protocol. */
  readonly transport: 'ws' | 'http';
  readonly callEvents: (call: { readonly id: string; readonly party: string }) => CallEvents;
  readonly callOptions: () => Omit<CallOptions, 'iceServers'>;
  readonly newCallId: () => string;
}

export interface LineEvents {
  /** `token` takes the name back later. */
  registered(name: string, token: string): void;
  presence(users: readonly { name: string; busy: boolean }[]): void;
  /** Someone calls; `accept` or `end` it. */
  incoming(call: PageCall): void;
  /** The far side handed us over to somebody else: this call, not yet placed, takes the place of the other. */
  handedOver(call: PageCall, to: string): void;
  connection(state: 'open' | 'lost' | 'over', why: string): void;
  /** `login-refused`: by an XMPP server; `status`: a SIP registrar's refusal. */
  refused(code: string, text: string, status?: number): void;
  wire?(direction: 'in' | 'out', text: string): void;
}

/** A page's line: one name, its calls. `SignalingClient` is the one over the web protocol. */
export interface Line {
  register(name: string, token?: string): void;
  /** Makes a call; `start` it with tracks. */
  call(to: string): PageCall;
  /** Cuts the connection as a network does, until `reconnect`. */
  cut(): void;
  reconnect(): void;
  /** Gives the name back and ends everything. */
  leave(): void | Promise<void>;
}

export type MakeLine = (settings: LineSettings, events: LineEvents) => Line;

/** Why a call ended, where the page itself is at fault. */
export function failedHere(error: unknown): EndReason {
  return { code: 'media-failed', text: error instanceof Error ? error.message : String(error) };
}
