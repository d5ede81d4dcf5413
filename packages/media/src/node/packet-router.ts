import type { FlowCount } from '../relay/flow-count.ts';
import { NO_PAYLOAD_TYPE } from '../relay/payload-types.ts';
import { otherRelaySide, RELAY_SIDES, type RelaySide } from '../relay/relay.ts';
import type { RelayedLine } from '../relay/relayed-line.ts';
import { withoutFeedback } from '../relay/rtcp-feedback.ts';
import { isRtcp } from '../rtp/packet.ts';

/** Where packets to a side go. */
export interface PacketSender {
  /** Its profile knows RTCP feedback (RFC 4585). */
  readonly feedback: boolean;
  rtp(line: number, packet: Buffer): boolean;
  rtcp(line: number, packet: Buffer): boolean;
}

/** What becomes of a payload type of one side. */
interface Route {
  readonly line: number;
  readonly payloadType: number;
  readonly event: boolean;
}

/** Larger than any path carries; a packet above it is no media. */
const LARGEST = 2048;
const LEAST_RTP = 12;
const NO_ROUTES: readonly (Route | undefined)[] = new Array<Route | undefined>(128).fill(undefined);

/**
 * From a packet of one side to the other side's: by payload type, which is all that is rewritten. SSRC, sequence number,
 * timestamp and payload stay. This is the path of each packet: it allocates nothing.
 */
export class PacketRouter {
  readonly #counts: Readonly<Record<RelaySide, FlowCount>>;
  readonly #packetsPerSecond: number;
  readonly #left: Record<RelaySide, number>;
  readonly #senders: Partial<Record<RelaySide, PacketSender>> = {};
  /** By side, by line, by payload type. */
  readonly #lines: Readonly<Record<RelaySide, Map<number, (Route | undefined)[]>>> = {
    caller: new Map(),
    callee: new Map(),
  };
  /** All lines of a side in one, for a bundled transport: there a payload type is of one line (RFC 9143 section 9.1). */
  readonly #bundles: Record<RelaySide, readonly (Route | undefined)[]> = {
    caller: NO_ROUTES,
    callee: NO_ROUTES,
  };
  /** Which line a synchronisation source of a bundled side is of. */
  readonly #sources = new Map<number, number>();
  #firstLine = 0;

  constructor(counts: Readonly<Record<RelaySide, FlowCount>>, packetsPerSecond: number) {
    this.#counts = counts;
    this.#packetsPerSecond = packetsPerSecond;
    this.#left = { caller: packetsPerSecond, callee: packetsPerSecond };
  }

  attach(side: RelaySide, to: PacketSender): void {
    this.#senders[side] = to;
  }

  /** Takes what was agreed for a line. */
  route(line: RelayedLine): void {
    for (const side of RELAY_SIDES) {
      const routes = [...NO_ROUTES];
      if (line.agreed) {
        const events = line.types.events(side);
        line.types.route(side).forEach((payloadType, number) => {
          if (payloadType === NO_PAYLOAD_TYPE) return;
          routes[number] = { line: line.id, payloadType, event: events.has(number) };
        });
      }
      this.#lines[side].set(line.id, routes);
      const bundle = [...NO_ROUTES];
      for (const each of this.#lines[side].values()) {
        each.forEach((route, number) => {
          if (route !== undefined) bundle[number] ??= route;
        });
      }
      this.#bundles[side] = bundle;
    }
    const agreed = [...this.#lines.caller].find(([, routes]) => routes.some((route) => route !== undefined));
    this.#firstLine = agreed?.[0] ?? 0;
  }

  /** RTP or RTCP from a bundled transport. */
  fromBundle(side: RelaySide, packet: Buffer): void {
    if (packet.length < 8 || packet[0]! >> 6 !== 2) {
      this.#counts[side].malformed++;
      return;
    }
    if (isRtcp(packet))
      this.#rtcp(side, this.#sources.get(packet.readUInt32BE(4)) ?? this.#firstLine, packet);
    else this.#rtp(side, this.#bundles[side], packet, true);
  }

  fromLine(side: RelaySide, line: number, packet: Buffer): void {
    this.#rtp(side, this.#lines[side].get(line) ?? NO_ROUTES, packet, false);
  }

  rtcpFromLine(side: RelaySide, line: number, packet: Buffer): void {
    this.#rtcp(side, line, packet);
  }

  /** Called each second. */
  tick(): void {
    this.#left.caller = this.#packetsPerSecond;
    this.#left.callee = this.#packetsPerSecond;
  }

  #rtp(side: RelaySide, routes: readonly (Route | undefined)[], packet: Buffer, bundled: boolean): void {
    const count = this.#counts[side];
    const { length } = packet;
    if (length < LEAST_RTP || length > LARGEST) {
      count.malformed++;
      return;
    }
    const second = packet[1]!;
    const route = routes[second & 0x7f];
    if (route === undefined) {
      count.payloadType++;
      return;
    }
    if (--this.#left[side] < 0) {
      count.rate++;
      return;
    }
    packet[1] = (second & 0x80) | route.payloadType;
    if (!this.#senders[otherRelaySide(side)]!.rtp(route.line, packet)) return;
    const source = count.count(packet);
    if (source !== undefined && bundled) this.#learn(source, route.line);
    if (route.event) count.countEvent(packet);
  }

  #learn(source: number, line: number): void {
    // Sources come from outside: a flood of them must not fill the memory.
    if (this.#sources.size > 256) this.#sources.clear();
    this.#sources.set(source, line);
  }

  #rtcp(side: RelaySide, line: number, packet: Buffer): void {
    const count = this.#counts[side];
    if (packet.length > LARGEST) {
      count.malformed++;
      return;
    }
    if (--this.#left[side] < 0) {
      count.rate++;
      return;
    }
    const to = this.#senders[otherRelaySide(side)]!;
    let sent = packet;
    if (!to.feedback) {
      const plain = withoutFeedback(packet);
      count.feedbackRemoved += plain.removed;
      if (plain.packet === undefined) return;
      sent = Buffer.from(plain.packet.buffer, plain.packet.byteOffset, plain.packet.byteLength);
    }
    if (to.rtcp(line, sent)) count.rtcpPackets++;
  }
}
