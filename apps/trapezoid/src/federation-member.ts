import type { Tap } from '@crosspoint/signaling';
import type { Identity, WebServerOptions } from '@crosspoint/web-phone/node';
import type { FederationTransport, FederationWay } from './federation-way.ts';

/** What a server is started with; all of it can be told to another process. */
export interface ServerPlan {
  readonly web: Omit<WebServerOptions, 'topology' | 'onCall' | 'node' | 'tap'>;
  /** `server-a`. */
  readonly node: string;
  /** The domain of its users: `a.localhost`. */
  readonly domain: string;
  readonly transport: FederationTransport;
  /** Where it takes SIP; a free port without it. */
  readonly sipPort?: number;
  readonly identity: Identity;
  /** The authority by which the other server is known. */
  readonly ca: string;
  /** Shared by both servers: what they are known by over TCP, where no certificate and no socket tells. */
  readonly secret: string;
  /** Seconds after which a call that is not refreshed is over (RFC 4028). */
  readonly sessionExpires: number;
  readonly noAnswerMs?: number;
  /** Seeded into the calls that its own pages place, by name. */
  readonly defect?: string;
}

/** What is going on in a server: all zero when nothing is. */
export interface ServerCounts {
  readonly calls: number;
  readonly dialogs: number;
  readonly transactions: number;
}

/** One of the two servers, in this process or in one of its own. */
export interface FederationMember {
  readonly domain: string;
  readonly url: string;
  readonly port: number;
  readonly sipPort: number;
  /** Of its own process. */
  readonly pid: number | undefined;
  /** Shows what another node saw to the pages of the call. */
  readonly show: Tap;
  federate(way: FederationWay): void;
  counts(): Promise<ServerCounts>;
  close(): Promise<void>;
}
