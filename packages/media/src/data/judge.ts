import { readDataProbe } from './messages.ts';

export interface SentDataMessage {
  readonly size: number;
  /** Any clock in milliseconds, the same as for receiving. */
  readonly sentAtMs: number;
}

export interface ReceivedDataMessage {
  readonly bytes: Uint8Array;
  readonly receivedAtMs: number;
}

export interface DataJudgement {
  readonly sent: number;
  /** Distinct messages whose echo came back whole. */
  readonly returned: number;
  readonly lost: number;
  readonly duplicates: number;
  /** Echoes behind one with a higher index. */
  readonly reordered: number;
  readonly corrupted: number;
  /** What came and was no echo of this probe. */
  readonly foreign: number;
  /** Largest message that came back whole, in octets; 0 for none. */
  readonly largest: number;
  readonly roundTripMs: { readonly min: number; readonly median: number; readonly max: number } | undefined;
  /** All came back once, whole and in order. */
  readonly perfect: boolean;
}

/** Judges what came back; `sent` is in order of index, `received` in order of arrival. */
export function judgeData(
  sent: readonly SentDataMessage[],
  received: readonly ReceivedDataMessage[],
): DataJudgement {
  const returned = new Set<number>();
  const trips: number[] = [];
  let [duplicates, reordered, corrupted, foreign, largest, highest] = [0, 0, 0, 0, 0, -1];
  for (const { bytes, receivedAtMs } of received) {
    const message = readDataProbe(bytes);
    const question = message?.kind === 'answer' ? sent[message.index] : undefined;
    if (!message || !question) {
      foreign += 1;
      continue;
    }
    if (!message.intact || message.size !== question.size) {
      corrupted += 1;
      continue;
    }
    if (returned.has(message.index)) {
      duplicates += 1;
      continue;
    }
    returned.add(message.index);
    if (message.index < highest) reordered += 1;
    highest = Math.max(highest, message.index);
    largest = Math.max(largest, message.size);
    trips.push(receivedAtMs - question.sentAtMs);
  }
  trips.sort((a, b) => a - b);
  const lost = sent.length - returned.size;
  return {
    sent: sent.length,
    returned: returned.size,
    lost,
    duplicates,
    reordered,
    corrupted,
    foreign,
    largest,
    roundTripMs:
      trips.length > 0
        ? { min: trips[0]!, median: trips[trips.length >> 1]!, max: trips.at(-1)! }
        : undefined,
    perfect: sent.length > 0 && lost + duplicates + reordered + corrupted + foreign === 0,
  };
}
