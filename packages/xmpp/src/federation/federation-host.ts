import type { XmppClock } from '../clock.ts';
import type { XmppFinding } from '../finding.ts';
import type { XmppLimits } from '../limits.ts';
import type { XmppCrypto } from '../sasl/crypto.ts';
import type { XmlElement } from '../xml/element.ts';
import type { DialbackPair } from './dialback.ts';
import type { IncomingStream } from './incoming-stream.ts';

/** `none`: there is no certificate. */
export type FederationTls = 'required' | 'optional' | 'none';

/** What streams between servers need of this one. */
export interface FederationHost {
  readonly clock: XmppClock;
  readonly limits: XmppLimits;
  readonly crypto: XmppCrypto;
  readonly tls: FederationTls;
  /** Of this server only: dialback's keys are made from it. */
  readonly secret: string;
  /** Whether a domain is served here, a component's among them. */
  hosts(domain: string): boolean;
  /** Asks the server of the originating domain whether the key of a stream is its own. */
  verify(
    pair: DialbackPair,
    streamId: string,
    key: string,
    done: (verdict: 'valid' | 'invalid' | 'unreachable') => void,
  ): void;
  route(stanza: XmlElement): void;
  found(finding: XmppFinding): void;
  left(stream: IncomingStream): void;
}
