import type { Exit } from '../../driver.ts';

/** How a real XMPP server is started. */
export interface XmppServerOptions {
  /** Where its log is kept. */
  readonly folder: string;
  /** The address that it listens on. */
  readonly address: string;
  /** The domain that it is responsible for. */
  readonly domain: string;
  /** Names and passwords of those who may log in. */
  readonly users?: Readonly<Record<string, string>>;
  /** Who is in whose roster, seen both ways: addresses of others, by the name of the user. */
  readonly contacts?: Readonly<Record<string, readonly string[]>>;
  /** Its certificate and key, PEM; with `ca` it takes other servers by their certificate, else by dialback. */
  readonly tls: { readonly cert: string; readonly key: string; readonly ca?: string };
  /** Where the servers of other domains listen. */
  readonly servers?: Readonly<Record<string, { readonly host: string; readonly port: number }>>;
  /** Components by domain, with their secrets (XEP-0114). */
  readonly components?: Readonly<Record<string, string>>;
  /** The TURN server whose credentials it hands out (XEP-0215). */
  readonly turn?: { readonly host: string; readonly port: number; readonly secret: string };
  /** Its port for other servers; a free one where it is left out. */
  readonly serverPort?: number;
}

export interface XmppServerPorts {
  readonly client: number;
  readonly server: number;
  readonly http: number;
  readonly component: number;
}

/** A running XMPP server. */
export interface XmppServerPeer {
  readonly domain: string;
  readonly address: string;
  readonly ports: XmppServerPorts;
  /** Where a page connects (RFC 7395). */
  readonly wsUrl: string;
  readonly pid: number;
  readonly log: string;
  /** How it ended, where it did so unasked. */
  readonly ended: string | undefined;
  readonly exited: Promise<Exit>;
  /** Lets one more user log in. @throws PeerError */
  addUser(name: string, password: string): Promise<void>;
  stop(): Promise<void>;
}

/** Names of users and domains go into paths and configurations: only what is harmless there. @throws RangeError */
export function plainName(name: string): string {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name))
    throw new RangeError(`${JSON.stringify(name)} is no plain name`);
  return name;
}

/** @throws RangeError for what a configuration would read as something else */
export function plainSecret(secret: string): string {
  if (!/^[\x21\x23-\x5b\x5d-\x7e]+$/.test(secret))
    throw new RangeError('a secret with quotes, spaces or backslashes');
  return secret;
}
