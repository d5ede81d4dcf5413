import { DATA_PROBE_HEADER, dataProbeAnswer, dataProbeMessages, readDataProbe } from '@crosspoint/media';
import type { DataChannel } from 'node-datachannel';

export const PROBE_LABEL = 'probe';

/** More than this waiting in the channel and the probe pauses. */
const MOST_BUFFERED = 1_048_576;

export interface EchoResult {
  readonly sent: number;
  readonly returned: number;
  readonly inOrder: boolean;
  readonly corrupted: number;
  readonly largest: number;
  readonly roundTripMs?: number;
}

/** A data channel labelled `probe`, whoever opened it: echoes what the far side asks, and asks. */
export class ProbeChannel {
  readonly #channel: DataChannel;
  /** Takes a message that came; `true`: it was the echo of one of ours. */
  #returned: ((bytes: Uint8Array) => boolean) | undefined;
  #opened: Promise<void>;
  #whenClosed: () => void = () => {};

  constructor(channel: DataChannel) {
    this.#channel = channel;
    this.#opened = new Promise((resolve) => {
      if (channel.isOpen()) resolve();
      else channel.onOpen(resolve);
    });
    channel.onClosed(() => this.#whenClosed());
    channel.onMessage((message) => {
      if (typeof message === 'string') this.#send(message);
      else this.#take(new Uint8Array(message));
    });
  }

  get usable(): boolean {
    try {
      return this.#channel.isOpen();
    } catch {
      return false;
    }
  }

  #take(bytes: Uint8Array): void {
    if (this.#returned?.(bytes) === true) return;
    const message = readDataProbe(bytes);
    if (message?.kind === 'answer') return;
    // A probe of the pages wants its questions marked as answered; all else goes back as it came.
    this.#send(dataProbeAnswer(bytes) ?? bytes);
  }

  #send(message: string | Uint8Array): void {
    if (!this.usable) return;
    if (typeof message === 'string') this.#channel.sendMessage(message);
    else this.#channel.sendMessageBinary(message);
  }

  /**
   * Sends messages and counts what comes back, until all did or nothing comes for `patienceMs`.
   * @throws Error where the channel does not open, RangeError for sizes over 256 KiB
   */
  async echo(count: number, sizes: readonly number[], seed: number, patienceMs = 5000): Promise<EchoResult> {
    const messages = dataProbeMessages({
      count,
      sizes: sizes.map((size) => Math.max(size, DATA_PROBE_HEADER)),
      seed,
    });
    await within(this.#opened, patienceMs, 'the data channel did not open');
    const sentAt: number[] = [];
    const trips = new Map<number, number>();
    let [corrupted, highest, largest, inOrder] = [0, -1, 0, true];
    await new Promise<void>((resolve) => {
      let timer = setTimeout(resolve, patienceMs);
      this.#whenClosed = resolve;
      this.#returned = (bytes) => {
        const index = readDataProbe(bytes)?.index ?? -1;
        const ours = messages[index];
        if (ours === undefined || index >= sentAt.length) return false;
        if (!equalBodies(bytes, ours)) {
          // The far side may ask by the same channel: its questions are whole, and others than ours.
          if (readDataProbe(bytes)?.intact === true) return false;
          corrupted++;
        } else if (!trips.has(index)) {
          trips.set(index, performance.now() - sentAt[index]!);
          inOrder &&= index > highest;
          highest = Math.max(highest, index);
          largest = Math.max(largest, bytes.length);
        }
        clearTimeout(timer);
        timer = setTimeout(resolve, trips.size + corrupted >= count ? 0 : patienceMs);
        return true;
      };
      const send = (): void => {
        while (sentAt.length < count && this.usable) {
          if (this.#channel.bufferedAmount() > MOST_BUFFERED) {
            setTimeout(send, 5);
            return;
          }
          sentAt.push(performance.now());
          this.#send(messages[sentAt.length - 1]!);
        }
      };
      send();
    });
    this.#returned = undefined;
    const median = [...trips.values()].sort((a, b) => a - b)[trips.size >> 1];
    return {
      sent: sentAt.length,
      returned: trips.size,
      inOrder,
      corrupted,
      largest,
      ...(median !== undefined ? { roundTripMs: median } : {}),
    };
  }
}

/** The fourth octet says question or answer; all others must be as they were sent. */
function equalBodies(bytes: Uint8Array, sent: Uint8Array): boolean {
  return (
    bytes.length === sent.length &&
    Buffer.compare(bytes.subarray(0, 3), sent.subarray(0, 3)) === 0 &&
    Buffer.compare(bytes.subarray(4), sent.subarray(4)) === 0
  );
}

async function within(promise: Promise<void>, ms: number, words: string): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${words} within ${ms} ms`)), ms);
  });
  await Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
