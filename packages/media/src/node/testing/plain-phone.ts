import { bindPair, type RtpSocket } from '../rtp-socket.ts';

/** A plain RTP end for tests. */
export class PlainPhone {
  readonly received: Buffer[] = [];
  readonly control: Buffer[] = [];
  readonly rtp: RtpSocket;
  readonly rtcp: RtpSocket;
  readonly #waiting: { readonly ready: () => boolean; readonly done: () => void }[] = [];

  private constructor(rtp: RtpSocket, rtcp: RtpSocket) {
    this.rtp = rtp;
    this.rtcp = rtcp;
    rtp.onPacket((packet) => this.#take(this.received, packet));
    rtcp.onPacket((packet) => this.#take(this.control, packet));
  }

  static async open(): Promise<PlainPhone> {
    const { rtp, rtcp } = await bindPair('127.0.0.1', { from: 20_000, to: 59_999 }, Math.random);
    return new PlainPhone(rtp, rtcp);
  }

  /** An m-section of this phone, with its session: `formats` as in the m= line, and attribute lines. */
  describe(formats: string, attributes: readonly string[] = [], more: readonly string[] = []): string {
    const lines = ['v=0', 'o=phone 1 1 IN IP4 127.0.0.1', 's=-', 'c=IN IP4 127.0.0.1', 't=0 0'];
    lines.push(`m=audio ${this.rtp.port} RTP/AVP ${formats}`, ...attributes, ...more);
    return `${lines.join('\r\n')}\r\n`;
  }

  /** Where the first m-section of a description is. */
  call(description: string): void {
    const port = Number(/^m=audio (\d+)/m.exec(description)![1]);
    const rtcp = Number(/^a=rtcp:(\d+)/m.exec(description)?.[1] ?? port + 1);
    this.rtp.signal({ address: '127.0.0.1', port });
    this.rtcp.signal({ address: '127.0.0.1', port: rtcp });
  }

  #take(list: Buffer[], packet: Buffer): void {
    list.push(packet);
    for (const each of this.#waiting) if (each.ready()) each.done();
  }

  /** Resolves when so many RTP (and RTCP) packets were received in all. */
  packets(count: number, control = 0): Promise<void> {
    const ready = (): boolean => this.received.length >= count && this.control.length >= control;
    if (ready()) return Promise.resolve();
    return new Promise((done) => {
      this.#waiting.push({ ready, done });
    });
  }

  close(): void {
    this.rtp.close();
    this.rtcp.close();
  }
}
