import type { FlowCount } from '../relay/flow-count.ts';
import type { RemotePlain } from '../relay/remote-transport.ts';
import type { LocalPlain } from '../relay/write-description.ts';
import { isRtcp } from '../rtp/packet.ts';
import { bindPair, type RtpSocket } from './rtp-socket.ts';
import { SdesKeys } from './sdes.ts';

export interface PlainEndOptions {
  readonly address: string;
  readonly ports: { readonly from: number; readonly to: number };
  readonly random: () => number;
  /** RTP/SAVP: keys in the description (RFC 4568). */
  readonly encrypted: boolean;
}

export interface PlainEndEvents {
  packet(line: number, bytes: Buffer): void;
  rtcp(line: number, bytes: Buffer): void;
}

const LEAST_RTP = 12;
const LEAST_RTCP = 8;

interface PlainLine {
  readonly rtp: RtpSocket;
  readonly rtcp: RtpSocket;
  readonly keys: SdesKeys | undefined;
  /** Nothing is sent while the far side holds by 0.0.0.0. */
  sending: boolean;
  muxed: boolean;
}

/** The relay's end of a side of RTP and RTCP: two ports for each m-line. */
export class PlainEnd {
  readonly #options: PlainEndOptions;
  readonly #events: PlainEndEvents;
  readonly #lines = new Map<number, PlainLine>();
  readonly #count: FlowCount;
  #closed = false;

  /** `count` is of what comes from this side. */
  constructor(options: PlainEndOptions, count: FlowCount, events: PlainEndEvents) {
    this.#options = options;
    this.#count = count;
    this.#events = events;
  }

  /** Opens ports for these lines, where they have none. */
  async open(lines: readonly number[]): Promise<void> {
    const { address, ports, random, encrypted } = this.#options;
    for (const line of lines) {
      if (this.#lines.has(line)) continue;
      const pair = await bindPair(address, ports, random);
      if (this.#closed) {
        pair.rtp.close();
        pair.rtcp.close();
        return;
      }
      const keys = encrypted ? new SdesKeys() : undefined;
      const own: PlainLine = { ...pair, keys, sending: false, muxed: false };
      this.#listen(line, own, pair.rtp, false);
      this.#listen(line, own, pair.rtcp, true);
      this.#lines.set(line, own);
    }
  }

  /** What a description says of this end. */
  describe(): LocalPlain {
    const ports = [...this.#lines].map(([line, { rtp, rtcp, keys }]) => {
      const crypto = keys === undefined ? [] : [keys.crypto];
      return [line, { rtp: rtp.port, rtcp: rtcp.port, crypto }] as const;
    });
    return { kind: 'plain', address: this.#options.address, ports: new Map(ports) };
  }

  /** Where the far side is for a line; undefined where it gave no address. @throws RelayError for keys of no use */
  remote(line: number, remote: RemotePlain | undefined): void {
    const own = this.#lines.get(line);
    if (own === undefined) return;
    own.sending = remote !== undefined && remote.port !== 0;
    if (remote === undefined || remote.port === 0) return;
    own.keys?.take(remote.crypto);
    own.muxed = remote.rtcpPort === remote.port;
    own.rtp.signal({ address: remote.address, port: remote.port });
    own.rtcp.signal({ address: remote.address, port: remote.rtcpPort });
  }

  /** What sends RTP of a line. */
  sender(line: number): (packet: Buffer) => boolean {
    const own = this.#lines.get(line);
    if (own === undefined) return () => false;
    if (own.keys !== undefined) return (packet) => sendProtected(own, packet);
    return (packet) => {
      if (!own.sending) return false;
      own.rtp.send(packet);
      return true;
    };
  }

  sendRtcp(line: number, packet: Buffer): boolean {
    const own = this.#lines.get(line);
    if (own === undefined || !own.sending) return false;
    const { keys } = own;
    const sent = keys === undefined ? packet : keys.sending?.protectRtcp(packet);
    if (sent === undefined) return false;
    (own.muxed ? own.rtp : own.rtcp).send(sent);
    return true;
  }

  /** Called each second. */
  tick(): void {
    for (const { rtp, rtcp } of this.#lines.values()) {
      rtp.tick();
      rtcp.tick();
    }
  }

  close(): void {
    this.#closed = true;
    for (const { rtp, rtcp } of this.#lines.values()) {
      rtp.close();
      rtcp.close();
    }
    this.#lines.clear();
  }

  #listen(line: number, own: PlainLine, socket: RtpSocket, control: boolean): void {
    const { keys } = own;
    const count = this.#count;
    const events = this.#events;
    const isPlainRtp = (packet: Buffer): boolean =>
      packet.length >= LEAST_RTP && packet[0]! >> 6 === 2 && !isRtcp(packet);
    socket.onPacket((received, from) => {
      // By far the most packets go this way.
      if (keys === undefined && !control && isPlainRtp(received)) {
        if (socket.accepts(from, received, 8)) events.packet(line, received);
        else count.strangers++;
        return;
      }
      const rtcp = control || isRtcp(received);
      const least = rtcp ? LEAST_RTCP : LEAST_RTP;
      if (received.length < least || received[0]! >> 6 !== 2 || (control && !isRtcp(received))) {
        count.malformed++;
        return;
      }
      // What is not authentic never moves the latch.
      const packet = keys === undefined ? received : unprotected(keys, received, rtcp);
      if (packet === undefined) count.malformed++;
      else if (!socket.accepts(from, packet, rtcp ? 4 : 8)) count.strangers++;
      else if (rtcp) events.rtcp(line, packet);
      else events.packet(line, packet);
    });
  }
}

function sendProtected(own: PlainLine, packet: Buffer): boolean {
  const sent = own.sending ? own.keys!.sending?.protect(packet) : undefined;
  if (sent === undefined) return false;
  own.rtp.send(sent);
  return true;
}

const unprotected = ({ receiving }: SdesKeys, packet: Buffer, rtcp: boolean): Buffer | undefined =>
  rtcp ? receiving?.unprotectRtcp(packet) : receiving?.unprotect(packet);
