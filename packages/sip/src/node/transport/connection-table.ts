import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { WebSocket } from 'ws';
import type { SipMessage } from '../../message/message.ts';
import type { ClockHandle, SipClock } from '../clock.ts';
import type { SipFinding } from '../finding.ts';
import type { ConnectionOwner } from './connection-owner.ts';
import {
  bracketed,
  type Flow,
  isSecure,
  type SipAddress,
  type SipTarget,
  type SipTransport,
  writeAddress,
} from './flow.ts';
import { StreamFlow } from './stream-flow.ts';
import { type TlsIdentity, tlsOptions } from './tls-identity.ts';
import type { TransportLimits } from './transport-limits.ts';
import { WsFlow } from './ws-flow.ts';

export interface ConnectionTableOptions {
  /** The address of this machine to connect from; undefined leaves it to the system. */
  readonly localAddress: (transport: SipTransport, host: string) => string | undefined;
  readonly clock: SipClock;
  readonly limits: TransportLimits;
  readonly tls?: TlsIdentity;
  readonly received: (bytes: Uint8Array, flow: Flow) => void;
  readonly parsed: (message: SipMessage, flow: Flow) => void;
  readonly refused: (error: unknown, flow: Flow) => void;
  readonly sent: (bytes: Uint8Array, flow: Flow) => void;
  readonly found: (finding: SipFinding) => void;
  readonly flowClosed: (flow: Flow, error: Error | undefined) => void;
}

interface Entry {
  readonly flow: StreamFlow | WsFlow;
  readonly key: string;
  lastAlive: number;
  idle: ClockHandle | undefined;
  /** Runs while an answer to a keep-alive is awaited. */
  pong: ClockHandle | undefined;
}

/** How long an answer to a keep-alive may take (RFC 5626 section 4.4.1), in milliseconds. */
const PONG_WAIT = 10_000;

/** The open connections by id and by where they lead. */
export class ConnectionTable implements ConnectionOwner {
  readonly clock: SipClock;
  readonly limits: TransportLimits;
  readonly #options: ConnectionTableOptions;
  readonly #byId = new Map<number, Entry>();
  readonly #byPeer = new Map<string, Entry>();
  readonly #perAddress = new Map<string, number>();

  constructor(options: ConnectionTableOptions) {
    this.#options = options;
    this.clock = options.clock;
    this.limits = options.limits;
  }

  get size(): number {
    return this.#byId.size;
  }

  byId(id: number): Flow | undefined {
    return this.#byId.get(id)?.flow;
  }

  /** The connection to a target, opened where there is none (RFC 3261 section 18.1.1; reuse as RFC 5923). */
  flowTo(target: SipTarget): Flow | undefined {
    const entry = this.#byPeer.get(peerKey(target));
    if (entry !== undefined && !entry.flow.closed) return entry.flow;
    const { transport } = target;
    const remote: SipAddress = { host: target.host, port: target.port };
    switch (transport) {
      case 'tcp':
        return this.#add(
          new StreamFlow(
            connect({ port: target.port, host: target.host, ...this.#from(transport, target.host) }),
            'tcp',
            remote,
            this,
            false,
          ),
        );
      case 'tls': {
        const name = target.name === undefined ? {} : { servername: target.name };
        const options = { ...tlsOptions(this.#options.tls), ...name };
        const socket = connectTls({
          host: target.host,
          port: target.port,
          ...this.#from(transport, target.host),
          ...options,
        });
        return this.#add(new StreamFlow(socket, 'tls', remote, this, false), target.name);
      }
      case 'ws':
      case 'wss': {
        const url = `${transport}://${bracketed(target.host)}:${target.port}/`;
        const socket = new WebSocket(url, 'sip', {
          maxPayload: this.limits.messageBytes,
          perMessageDeflate: false,
          handshakeTimeout: PONG_WAIT,
          ...(transport === 'wss' ? tlsOptions(this.#options.tls) : {}),
          ...(target.name === undefined ? {} : { servername: target.name }),
        });
        const flow = new WsFlow(socket, transport, { host: '0.0.0.0', port: 0 }, remote, this);
        socket.on('upgrade', ({ socket: { localAddress, localPort } }) => {
          flow.located({ host: localAddress ?? '0.0.0.0', port: localPort ?? 0 });
        });
        return this.#add(flow, target.name);
      }
      case 'udp':
        return undefined;
    }
  }

  /** Connections leave from the address that is listened on, so that the far side knows whose they are. */
  #from(transport: SipTransport, host: string): { readonly localAddress?: string } {
    const localAddress = this.#options.localAddress(transport, host);
    return localAddress === undefined ? {} : { localAddress };
  }

  acceptStream(socket: Socket, transport: 'tcp' | 'tls'): void {
    const remote = { host: socket.remoteAddress ?? '0.0.0.0', port: socket.remotePort ?? 0 };
    if (this.#hasRoom(remote)) this.#add(new StreamFlow(socket, transport, remote, this, true));
    else {
      socket.on('error', () => {});
      socket.destroy();
    }
  }

  acceptWebSocket(socket: WebSocket, transport: 'ws' | 'wss', local: SipAddress, remote: SipAddress): void {
    if (this.#hasRoom(remote)) this.#add(new WsFlow(socket, transport, local, remote, this));
    else {
      socket.on('error', () => {});
      socket.close(1013);
    }
  }

  handshakeFailed(error: Error, host: string | undefined, port: number | undefined): void {
    this.found({
      code: 'connection-failed',
      text: `TLS handshake: ${error.message}`,
      ...(host === undefined ? {} : { remote: writeAddress({ host, port: port ?? 0 }) }),
      cause: error,
    });
  }

  keepAlive(flow: Flow, dead: () => void): void {
    const entry = this.#byId.get(flow.id);
    if (entry === undefined) {
      // UDP has no answer to a line break: the registration itself is what notices.
      if (flow.transport === 'udp') flow.send(new Uint8Array([13, 10, 13, 10]));
      else dead();
      return;
    }
    if (entry.pong !== undefined) return;
    entry.flow.ping();
    entry.pong = this.clock.after(PONG_WAIT, () => {
      entry.pong = undefined;
      entry.flow.terminate();
      dead();
    });
  }

  received(bytes: Uint8Array, flow: Flow): void {
    this.#options.received(bytes, flow);
  }

  parsed(message: SipMessage, flow: Flow): void {
    this.#options.parsed(message, flow);
  }

  refused(error: unknown, flow: Flow): void {
    this.#options.refused(error, flow);
  }

  sent(bytes: Uint8Array, flow: Flow): void {
    this.#options.sent(bytes, flow);
  }

  found(finding: SipFinding): void {
    this.#options.found(finding);
  }

  alive(flow: Flow): void {
    const entry = this.#byId.get(flow.id);
    if (entry === undefined) return;
    entry.lastAlive = this.clock.now();
    if (entry.pong !== undefined) {
      this.clock.cancel(entry.pong);
      entry.pong = undefined;
    }
  }

  closed(flow: Flow, error: Error | undefined): void {
    const entry = this.#byId.get(flow.id);
    if (entry === undefined) return;
    this.#byId.delete(flow.id);
    if (this.#byPeer.get(entry.key) === entry) this.#byPeer.delete(entry.key);
    if (entry.idle !== undefined) this.clock.cancel(entry.idle);
    if (entry.pong !== undefined) this.clock.cancel(entry.pong);
    const { host } = flow.remote;
    const left = (this.#perAddress.get(host) ?? 1) - 1;
    if (left <= 0) this.#perAddress.delete(host);
    else this.#perAddress.set(host, left);
    if (error !== undefined) {
      const remote = writeAddress(flow.remote);
      this.found({ code: 'connection-failed', text: error.message, remote, cause: error });
    }
    this.#options.flowClosed(flow, error);
  }

  /** Closes all at once, without waiting for the far sides. */
  async close(): Promise<void> {
    const flows = [...this.#byId.values()].map(({ flow }) => flow);
    for (const flow of flows) flow.terminate();
    for (const flow of flows) this.closed(flow, undefined);
  }

  #hasRoom(remote: SipAddress): boolean {
    const { connections, connectionsPerAddress } = this.limits;
    const room =
      this.#byId.size < connections && (this.#perAddress.get(remote.host) ?? 0) < connectionsPerAddress;
    if (!room) {
      const text = `no room for one more connection (${this.#byId.size} open)`;
      this.found({ code: 'too-many-connections', text, remote: writeAddress(remote) });
    }
    return room;
  }

  #add(flow: StreamFlow | WsFlow, name?: string): Flow {
    const key = peerKey({
      transport: flow.transport,
      ...flow.remote,
      ...(name === undefined ? {} : { name }),
    });
    const entry: Entry = { flow, key, lastAlive: this.clock.now(), idle: undefined, pong: undefined };
    this.#byId.set(flow.id, entry);
    this.#byPeer.set(key, entry);
    this.#perAddress.set(flow.remote.host, (this.#perAddress.get(flow.remote.host) ?? 0) + 1);
    this.#watch(entry, this.limits.idle);
    return flow;
  }

  #watch(entry: Entry, ms: number): void {
    entry.idle = this.clock.after(ms, () => {
      const left = entry.lastAlive + this.limits.idle - this.clock.now();
      if (left > 0) {
        this.#watch(entry, left);
        return;
      }
      const text = `nothing came for ${this.limits.idle} ms`;
      this.found({ code: 'connection-idle', text, remote: writeAddress(entry.flow.remote) });
      entry.flow.terminate();
    });
  }
}

// A connection whose certificate was checked for one name is not used for another.
function peerKey(target: SipTarget): string {
  return `${target.transport} ${writeAddress(target)} ${isSecure(target.transport) ? (target.name ?? '') : ''}`;
}
