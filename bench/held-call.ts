import { createSocket, type Socket } from 'node:dgram';
import { type BareConnection, openBare } from './bare-datachannel.ts';
import type { CallEnds, RelayEnds } from './measured-relay.ts';

/** RTP of G.711: 20 ms. */
const PACKET = 172;
const SENT_AT = 16;

/** Both ends of one relayed call: a page's transport and a telephone's port. */
export class HeldCall {
  readonly #bare: BareConnection;
  readonly #phone: Socket;
  #sequence = 0;

  private constructor(bare: BareConnection, phone: Socket) {
    this.#bare = bare;
    this.#phone = phone;
  }

  /** `took`: told of each packet that came, with how long it took, in milliseconds. */
  static async open(took: (ms: number) => void): Promise<{ call: HeldCall; ends: CallEnds }> {
    const bare = openBare();
    const phone = createSocket('udp4');
    await new Promise<void>((resolve) => phone.bind(0, '127.0.0.1', resolve));
    const take = (packet: Buffer): void => {
      if (packet.length === PACKET) took(performance.now() - packet.readDoubleBE(SENT_AT));
    };
    phone.on('message', take);
    bare.track.onMessage(take);
    // A transport that fails would look like a loss.
    bare.pc.onStateChange((state) => {
      if (state === 'failed' || state === 'closed') throw new Error(`the transport of a call is ${state}`);
    });
    bare.pc.setLocalDescription('offer');
    const offer = (await bare.gathered).replace(/a=mid:\S+/, 'a=mid:0');
    return { call: new HeldCall(bare, phone), ends: { offer, port: phone.address().port } };
  }

  async connect({ answer, port }: RelayEnds): Promise<void> {
    const { pc, track } = this.#bare;
    await new Promise<void>((resolve) => this.#phone.connect(port, '127.0.0.1', resolve));
    const opened = new Promise<void>((resolve) => {
      if (track.isOpen()) resolve();
      track.onOpen(resolve);
    });
    pc.setRemoteDescription(answer, 'answer');
    await opened;
  }

  /** One packet each way. */
  send(): void {
    this.#bare.track.sendMessageBinary(this.#packet());
    this.#phone.send(this.#packet());
    this.#sequence = (this.#sequence + 1) & 0xffff;
  }

  #packet(): Buffer {
    const packet = Buffer.alloc(PACKET);
    packet[0] = 0x80;
    packet.writeUInt16BE(this.#sequence, 2);
    packet.writeUInt32BE(0xbe9c4, 8);
    packet.writeDoubleBE(performance.now(), SENT_AT);
    return packet;
  }
}
