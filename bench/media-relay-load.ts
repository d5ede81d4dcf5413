import { createSocket } from 'node:dgram';
import { openBare } from './bare-datachannel.ts';

// The two ends of the media relay benchmark, in a process of their own: a page's transport and a telephone's port.

/** RTP of G.711: 20 ms. */
const PACKET = 172;
/**
 * Packets on their way at once in each direction, the next ones when all have come: rtpengine 10.5 gives a socket up
 * for good whose queue it did not find empty within 50 packets, five times.
 */
const UNDER_WAY = 16;
/** A packet that does not come is lost after so many milliseconds without any. */
const LOST_MS = 300;

export interface LoadResult {
  readonly sent: number;
  readonly received: number;
  /** Median of one packet's way through, in milliseconds. */
  readonly delayMs: number;
}

interface Order {
  readonly answer?: string;
  readonly port?: number;
  readonly run?: number;
  /** One packet at a time in each direction, for the delay. */
  readonly alone?: boolean;
}

const { pc, track, gathered } = openBare();
// A transport that fails would look like a loss.
pc.onStateChange((state) => {
  if (state === 'failed' || state === 'closed')
    throw new Error(`the transport to ${process.argv[2]} is ${state}`);
});
const phone = createSocket('udp4');
let relayPort = 0;

/** One direction, which sends so many packets, and as many again once they have come. */
class Direction {
  sent = 0;
  received = 0;
  readonly delays: number[] = [];
  readonly #send: (packet: Buffer) => void;
  #sequence = 0;
  #left = 0;
  #underWay = 0;
  #awaited = 0;
  #done: () => void = () => {};
  #watch: NodeJS.Timeout | undefined;

  constructor(send: (packet: Buffer) => void) {
    this.#send = send;
  }

  run(packets: number, underWay: number): Promise<void> {
    this.sent = 0;
    this.received = 0;
    this.delays.length = 0;
    this.#left = packets;
    this.#underWay = underWay;
    return new Promise((resolve) => {
      this.#done = resolve;
      this.#watchLoss();
      this.#next();
    });
  }

  take(packet: Buffer): void {
    if (packet.length !== PACKET) return;
    this.received++;
    this.delays.push(performance.now() - packet.readDoubleBE(16));
    if (--this.#awaited === 0) this.#next();
  }

  #next(): void {
    if (this.#left === 0) {
      clearInterval(this.#watch);
      this.#done();
      return;
    }
    this.#awaited = Math.min(this.#underWay, this.#left);
    this.#left -= this.#awaited;
    for (let at = this.#awaited; at > 0; at--) this.#one();
  }

  #one(): void {
    this.sent++;
    const packet = Buffer.alloc(PACKET);
    packet[0] = 0x80;
    packet.writeUInt16BE(this.#sequence++ & 0xffff, 2);
    packet.writeUInt32BE(0xbe9c4, 8);
    packet.writeDoubleBE(performance.now(), 16);
    this.#send(packet);
  }

  /** Losses must not stop the run: where nothing comes any more, the next ones are sent. */
  #watchLoss(): void {
    let seen = -1;
    this.#watch = setInterval(() => {
      if (this.received === seen) this.#next();
      seen = this.received;
    }, LOST_MS);
  }
}

const toPhone = new Direction((packet) => track.sendMessageBinary(packet));
const toPage = new Direction((packet) => phone.send(packet, relayPort, '127.0.0.1'));
track.onMessage((packet) => toPage.take(packet));
phone.on('message', (packet) => toPhone.take(packet));

async function connect(answer: string, port: number): Promise<void> {
  relayPort = port;
  const opened = new Promise<void>((resolve) => {
    if (track.isOpen()) resolve();
    track.onOpen(resolve);
  });
  pc.setRemoteDescription(answer, 'answer');
  await opened;
}

async function run(packets: number, alone: boolean): Promise<LoadResult> {
  const underWay = alone ? 1 : UNDER_WAY;
  await Promise.all([toPhone.run(packets / 2, underWay), toPage.run(packets / 2, underWay)]);
  const delays = [...toPhone.delays, ...toPage.delays].sort((a, b) => a - b);
  return {
    sent: toPhone.sent + toPage.sent,
    received: toPhone.received + toPage.received,
    delayMs: delays[delays.length >> 1] ?? Number.NaN,
  };
}

process.on('message', ({ answer, port, run: packets, alone }: Order) => {
  if (answer !== undefined && port !== undefined) {
    void connect(answer, port).then(() => process.send!({ connected: true }));
  } else if (packets !== undefined) void run(packets, alone ?? false).then((result) => process.send!(result));
});
process.on('disconnect', () => process.exit());

await new Promise<void>((resolve) => phone.bind(0, '127.0.0.1', resolve));
pc.setLocalDescription('offer');
const offer = (await gathered).replace(/a=mid:\S+/, 'a=mid:0');
process.send!({ offer, port: phone.address().port });
