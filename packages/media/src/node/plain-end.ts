import type { FlowCount } from '../relay/flow-count.ts';
import type { RemotePlain } from '../relay/remote-transport.ts';
import type { LocalPlain } from '../relay/write-description.ts';
import { isRtcp } from '../rtp/packet.ts';
import { bindPair, type RtpSocket } from './rtp-socket.ts';

export interface PlainEndOptions {
  readonly address: string;
  readonly ports: { readonly from: number; readonly to: number };
  readonly random: () => number;
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

  /** What a description says of this end, with ports for these lines. */
  async describe(lines: readonly number[]): Promise<LocalPlain> {
    const { address, ports, random } = this.#options;
    for (const line of lines) {
      if (this.#lines.has(line)) continue;
      const pair = await bindPair(address, ports, random);
      if (this.#closed) {
        pair.rtp.close();
        pair.rtcp.close();
        break;
      }
      this.#listen(line, pair.rtp, false);
      this.#listen(line, pair.rtcp, true);
      this.#lines.set(line, { ...pair, sending: false, muxed: false });
    }
    const numbers = new Map(
      [...this.#lines].map(([line, { rtp, rtcp }]) => [line, { rtp: rtp.port, rtcp: rtcp.port }]),
    );
    return { kind: 'plain', address, ports: numbers };
  }

  /** Where the far side is for a line; undefined where it gave no address. */
  remote(line: number, remote: RemotePlain | undefined): void {
    const own = this.#lines.get(line);
    if (own === undefined) return;
    own.sending = remote !== undefined && remote.port !== 0;
    if (remote === undefined || remote.port === 0) return;
    own.muxed = remote.rtcpPort === remote.port;
    own.rtp.signal({ address: remote.address, port: remote.port });
    own.rtcp.signal({ address: remote.address, port: remote.rtcpPort });
  }

  /** What sends RTP of a line. */
  sender(line: number): (packet: Buffer) => boolean {
    const own = this.#lines.get(line);
    if (own === undefined) return () => false;
    return (packet) => {
      if (!own.sending) return false;
      own.rtp.send(packet);
      return true;
    };
  }

  sendRtcp(line: number, packet: Uint8Array): boolean {
    const own = this.#lines.get(line);
    if (own === undefined || !own.sending) return false;
    (own.muxed ? own.rtp : own.rtcp).send(packet);
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

  #listen(line: number, socket: RtpSocket, control: boolean): void {
    socket.onPacket((packet, from) => {
      const rtcp = control || isRtcp(packet);
      if (
        packet.length < (rtcp ? LEAST_RTCP : LEAST_RTP) ||
        packet[0]! >> 6 !== 2 ||
        (control && !isRtcp(packet))
      ) {
        this.#count.malformed++;
      } else if (!socket.accepts(from, packet, rtcp ? 4 : 8)) {
        this.#count.strangers++;
      } else if (rtcp) this.#events.rtcp(line, packet);
      else this.#events.packet(line, packet);
    });
  }
}
