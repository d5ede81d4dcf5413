import type { SipMessage } from '../../message/message.ts';
import { writeMessage } from '../../message/write-message.ts';
import type { SipClock } from '../clock.ts';
import type { SipFinding } from '../finding.ts';
import { ConnectionTable } from './connection-table.ts';
import { type Flow, isReliable, type SipAddress, type SipTarget, type SipTransport } from './flow.ts';
import { openListener, type SipListener } from './listener.ts';
import type { SipTap } from './tap.ts';
import type { TlsIdentity } from './tls-identity.ts';
import { DEFAULT_TRANSPORT_LIMITS, type TransportLimits } from './transport-limits.ts';
import { UdpPoint } from './udp-point.ts';

export interface TransportsOptions {
  readonly clock: SipClock;
  readonly tap?: SipTap;
  readonly limits?: Partial<TransportLimits>;
  /** Own certificate and whom to trust; needed to listen on tls and wss, used when connecting. */
  readonly tls?: TlsIdentity;
  /** One whole message came in over a flow. */
  readonly received: (bytes: Uint8Array, flow: Flow) => void;
  /** The same of a stream, whose framing had to read it. */
  readonly parsed: (message: SipMessage, flow: Flow) => void;
  readonly refused: (error: unknown, flow: Flow) => void;
  readonly found: (finding: SipFinding) => void;
  /** A connection is gone; with its error where it did not just end. */
  readonly flowClosed?: (flow: Flow, error: Error | undefined) => void;
}

/** Where to listen. Port 0 takes a free one. */
export interface ListenOptions extends SipTarget {
  /** What others shall be told to reach this listener by, where it is not what it is bound to. */
  readonly advertise?: SipAddress;
  /** Paths of the WebSocket door; all where absent. */
  readonly path?: string;
}

/** A listener that is up. */
export interface ListeningPoint extends SipTarget {
  /** The address to put into Via and Contact. */
  readonly advertised: SipAddress;
}

/** Every socket of one endpoint: listens, connects, reuses, closes. It knows bytes and flows and no SIP. */
export class Transports {
  readonly limits: TransportLimits;
  readonly points: ListeningPoint[] = [];
  readonly #options: TransportsOptions;
  readonly #udp: UdpPoint[] = [];
  readonly #listeners: SipListener[] = [];
  readonly #connections: ConnectionTable;

  constructor(options: TransportsOptions) {
    this.#options = options;
    this.limits = { ...DEFAULT_TRANSPORT_LIMITS, ...options.limits };
    this.#connections = new ConnectionTable({
      clock: options.clock,
      limits: this.limits,
      localAddress: (transport, host) => {
        const own = this.points.find((point) => point.transport === transport)?.host;
        const anywhere = own === undefined || own === '0.0.0.0' || own === '::';
        // The other family of addresses cannot be connected to from it.
        return anywhere || own.includes(':') !== host.includes(':') ? undefined : own;
      },
      received: (bytes, flow) => this.#receive(bytes, flow),
      parsed: (message, flow) => {
        if (options.tap !== undefined) this.#tapped('in', message.bytes ?? writeMessage(message), flow);
        options.parsed(message, flow);
      },
      refused: options.refused,
      sent: (bytes, flow) => this.#tapped('out', bytes, flow),
      found: options.found,
      flowClosed: (flow, error) => options.flowClosed?.(flow, error),
      ...(options.tls === undefined ? {} : { tls: options.tls }),
    });
  }

  /** How many connections are open, for the check that nothing is left over. */
  get connectionCount(): number {
    return this.#connections.size;
  }

  /** Starts to listen; rejects with the socket's error. */
  async listen(options: ListenOptions): Promise<ListeningPoint> {
    let local: SipAddress;
    if (options.transport === 'udp') {
      const point = await UdpPoint.bind(
        options,
        (bytes, flow) => this.#receive(bytes, flow),
        this.#options.tap === undefined ? undefined : (bytes, flow) => this.#tapped('out', bytes, flow),
      );
      this.#udp.push(point);
      local = point.local;
    } else {
      const listener = await openListener(options, this.#connections, this.#options.tls);
      this.#listeners.push(listener);
      local = listener.local;
    }
    const advertised = options.advertise ?? local;
    const point: ListeningPoint = {
      transport: options.transport,
      ...local,
      advertised: { host: advertised.host, port: advertised.port === 0 ? local.port : advertised.port },
    };
    this.points.push(point);
    return point;
  }

  /** The listener whose address belongs into Via and Contact of what goes out over a transport. */
  pointFor(transport: SipTransport, host?: string): ListeningPoint | undefined {
    let first: ListeningPoint | undefined;
    for (const point of this.points) {
      if (point.transport !== transport) continue;
      if (host === undefined || point.host.includes(':') === host.includes(':')) return point;
      first ??= point;
    }
    return first;
  }

  /** The flow to a target whose host is an IP address: an open connection, a new one, or a UDP socket. */
  flowTo(target: SipTarget, from?: SipAddress): Flow | undefined {
    if (isReliable(target.transport)) return this.#connections.flowTo(target);
    const points = this.#udp;
    const isV6 = target.host.includes(':');
    const point =
      (from === undefined ? undefined : points.find((each) => each.local.port === from.port)) ??
      points.find((each) => each.local.host.includes(':') === isV6) ??
      points[0];
    return point?.flowTo(target.host, target.port);
  }

  /** The open connection with this id. */
  connection(id: number): Flow | undefined {
    return this.#connections.byId(id);
  }

  /** Sends a keep-alive (RFC 5626 section 3.5, RFC 7118 section 6); `dead` when nothing came back in 10 seconds. */
  keepAlive(flow: Flow, dead: () => void): void {
    this.#connections.keepAlive(flow, dead);
  }

  /** Closes every socket at once. */
  async close(): Promise<void> {
    await this.#connections.close();
    await Promise.all([
      ...this.#listeners.map((each) => each.close()),
      ...this.#udp.map((each) => each.close()),
    ]);
    this.#listeners.length = 0;
    this.#udp.length = 0;
    this.points.length = 0;
  }

  #receive(bytes: Uint8Array, flow: Flow): void {
    this.#tapped('in', bytes, flow);
    this.#options.received(bytes, flow);
  }

  #tapped(direction: 'in' | 'out', bytes: Uint8Array, flow: Flow): void {
    const { tap, clock } = this.#options;
    if (tap === undefined) return;
    const { transport, local, remote, certifiedNames } = flow;
    tap({ at: clock.now(), direction, transport, local, remote, certifiedNames, bytes });
  }
}
