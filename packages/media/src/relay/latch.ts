export interface SocketAddress {
  readonly address: string;
  readonly port: number;
}

/** Packets of one stranger in a row, with one SSRC, before it is believed. */
const BELIEVED_AFTER = 3;

/**
 * Where a plain side's packets come from and go to (symmetric RTP, RFC 4961, latched with the bounds of RFC 7362
 * section 4): what was signalled, until packets in the window after a description come from elsewhere, as from behind
 * a NAT. From the signalled host one packet moves the port. Another host must be of the same family, is believed only
 * while nothing has come from the signalled one, and after three packets of one source. Once the window is closed, or
 * someone was latched to, all others are strangers: nothing of theirs is passed on and nothing is sent to them.
 */
export class Latch {
  #signalled: SocketAddress | undefined;
  #target: SocketAddress | undefined;
  #settled = false;
  #windowOpen = false;
  #claim: { readonly from: SocketAddress; readonly ssrc: number; packets: number } | undefined;

  /** A description named an address; one that names the same again changes nothing. Opens the window. */
  signal(signalled: SocketAddress): void {
    if (this.#signalled !== undefined && isSame(this.#signalled, signalled)) return;
    this.#signalled = signalled;
    this.#target = signalled;
    this.#settled = false;
    this.#claim = undefined;
    this.#windowOpen = true;
  }

  /** The window's time is over: who came last in it stays. */
  closeWindow(): void {
    this.#windowOpen = false;
    this.#claim = undefined;
  }

  /** Where to send, or undefined before anything was signalled. */
  get target(): SocketAddress | undefined {
    return this.#target;
  }

  /** Someone was latched to. */
  get settled(): boolean {
    return this.#settled;
  }

  /** Whether a packet is to be passed on; moves the target where the bounds allow. */
  accept(address: string, port: number, ssrc: number): boolean {
    const target = this.#target;
    const signalled = this.#signalled;
    if (target === undefined || signalled === undefined) return false;
    if (port === target.port && address === target.address) {
      this.#settled = true;
      return true;
    }
    if (this.#settled || !this.#windowOpen) return false;
    if (address === signalled.address) {
      this.#settle({ address, port });
      return true;
    }
    return this.#stranger({ address, port }, ssrc);
  }

  #stranger(from: SocketAddress, ssrc: number): boolean {
    if (from.address.includes(':') !== this.#signalled!.address.includes(':')) return false;
    if (this.#claim === undefined || !isSame(this.#claim.from, from) || this.#claim.ssrc !== ssrc) {
      this.#claim = { from, ssrc, packets: 0 };
    }
    this.#claim.packets++;
    if (this.#claim.packets < BELIEVED_AFTER) return false;
    this.#settle(from);
    return true;
  }

  #settle(target: SocketAddress): void {
    this.#target = target;
    this.#settled = true;
    this.#claim = undefined;
  }
}

const isSame = (a: SocketAddress, b: SocketAddress): boolean => a.address === b.address && a.port === b.port;
