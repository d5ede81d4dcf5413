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
  /** What sends RTP of a line; asked for once for each agreement. */
  rtp(line: number): (packet: Buffer) => boolean;
  rtcp(line: number, packet: Buffer): boolean;
}

/** What becomes of a payload type of one side. */
interface Route {
  readonly line: number;
  readonly payloadType: number;
  readonly event: boolean;
  readonly send: (packet: Buffer) => boolean;
}

/** All that a packet of one side needs, in one place. */
interface Way {
  readonly count: FlowCount;
  /** Packets that may still come in this second. */
  left: number;
  /** All lines of the side in one, for a bundled transport: there a payload type is of one line (RFC 9143 section 9.1). */
  bundle: readonly (Route | undefined)[];
  /** By line. */
  lines: (readonly (Route | undefined)[] | undefined)[];
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
  readonly #packetsPerSecond: number;
  readonly #ways: Readonly<Record<RelaySide, Way>>;
  readonly #senders: Partial<Record<RelaySide, PacketSender>> = {};
  /** Which line a synchronisation source of a bundled side is of. */
  readonly #sources = new Map<number, number>();
  #firstLine = 0;

  constructor(counts: Readonly<Record<RelaySide, FlowCount>>, packetsPerSecond: number) {
    this.#packetsPerSecond = packetsPerSecond;
    const way = (side: RelaySide): Way => ({
      count: counts[side],
      left: packetsPerSecond,
      bundle: NO_ROUTES,
      lines: [],
    });
    this.#ways = { caller: way('caller'), callee: way('callee') };
  }

  attach(side: RelaySide, to: PacketSender): void {
    this.#senders[side] = to;
  }

  /** Takes what was agreed for a line. */
  route(line: RelayedLine): void {
    for (const side of RELAY_SIDES) {
      const way = this.#ways[side];
      const routes: (Route | undefined)[] = [...NO_ROUTES];
      if (line.agreed) {
        const events = line.types.events(side);
        const send = this.#senders[otherRelaySide(side)]!.rtp(line.id);
        line.types.route(side).forEach((payloadType, number) => {
          if (payloadType === NO_PAYLOAD_TYPE) return;
          routes[number] = { line: line.id, payloadType, event: events.has(number), send };
        });
      }
      way.lines[line.id] = routes;
      way.bundle = NO_ROUTES.map(
        (_, number) => way.lines.find((each) => each?.[number] !== undefined)?.[number],
      );
    }
    const agreed = this.#ways.caller.lines.findIndex((routes) =>
      routes?.some((route) => route !== undefined),
    );
    this.#firstLine = Math.max(agreed, 0);
  }

  /** RTP or RTCP from a bundled transport. */
  fromBundle(side: RelaySide, packet: Buffer): void {
    const way = this.#ways[side];
    if (packet.length < 8 || packet[0]! >> 6 !== 2) way.count.malformed++;
    else if (isRtcp(packet)) {
      this.#rtcp(side, this.#sources.get(packet.readUInt32BE(4)) ?? this.#firstLine, packet);
    } else {
      const route = way.bundle[packet[1]! & 0x7f];
      const source = pass(way, route, packet);
      if (source !== undefined) this.#learn(source, route!.line);
    }
  }

  fromLine(side: RelaySide, line: number, packet: Buffer): void {
    const way = this.#ways[side];
    pass(way, way.lines[line]?.[packet[1]! & 0x7f], packet);
  }

  rtcpFromLine(side: RelaySide, line: number, packet: Buffer): void {
    this.#rtcp(side, line, packet);
  }

  /** Called each second. */
  tick(): void {
    this.#ways.caller.left = this.#packetsPerSecond;
    this.#ways.callee.left = this.#packetsPerSecond;
  }

  #learn(source: number, line: number): void {
    // Sources come from outside: a flood of them must not fill the memory.
    if (this.#sources.size > 256) this.#sources.clear();
    this.#sources.set(source, line);
  }

  #rtcp(side: RelaySide, line: number, packet: Buffer): void {
    const way = this.#ways[side];
    const { count } = way;
    if (packet.length > LARGEST) {
      count.malformed++;
      return;
    }
    if (--way.left < 0) {
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

/** Sends a packet on; gives its source where that is another than the last packet's. */
function pass(way: Way, route: Route | undefined, packet: Buffer): number | undefined {
  const { count } = way;
  if (packet.length < LEAST_RTP || packet.length > LARGEST) count.malformed++;
  else if (route === undefined) count.payloadType++;
  else if (--way.left < 0) count.rate++;
  else {
    packet[1] = (packet[1]! & 0x80) | route.payloadType;
    if (!route.send(packet)) return undefined;
    if (route.event) count.countEvent(packet);
    return count.count(packet);
  }
  return undefined;
}
