import type { XmppClock } from '../clock.ts';
import type { XmppLimits } from '../limits.ts';
import type { XmlLimits } from '../xml/limits.ts';
import type { XmppTap, XmppTapEvent } from './tap.ts';
import type { XmppTls } from './tls-identity.ts';

export interface WireOptions {
  readonly service: XmppTapEvent['service'];
  /** What the stream may send at first. */
  readonly xml: XmlLimits;
  readonly limits: XmppLimits;
  readonly clock: XmppClock;
  readonly tls: XmppTls | undefined;
  readonly tap: XmppTap | undefined;
  /** We connected: the name that the far side's certificate should have. */
  readonly connectedTo?: string;
}

export function isLoopback(address: string | undefined): boolean {
  return address !== undefined && /^(?:::ffff:)?127\.|^::1$/.test(address);
}

/** `host:port`, as findings and taps name the far side. */
export function writeRemote(host: string | undefined, port: number | undefined): string {
  return host?.includes(':') ? `[${host}]:${port}` : `${host ?? 'nowhere'}:${port ?? 0}`;
}
