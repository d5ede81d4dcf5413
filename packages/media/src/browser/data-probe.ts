import {
  type DataJudgement,
  judgeData,
  type ReceivedDataMessage,
  type SentDataMessage,
} from '../data/judge.ts';
import { dataProbeAnswer, dataProbeMessages, readDataProbe } from '../data/messages.ts';
import { ProbeError } from './probe-error.ts';
import { startTicker } from './ticker.ts';

export interface DataProbeOptions {
  readonly count: number;
  /** Sizes of whole messages in octets, taken in turn: 16 .. 262144, and no more than the transport takes. */
  readonly sizes: readonly number[];
  readonly seed?: number;
  /** How long to wait for the last echo after the last message; 5 s by default. */
  readonly timeoutMs?: number;
}

/** More than this in the sender's buffer and the probe waits: browsers close a channel whose buffer overflows. */
const MOST_BUFFERED = 1_048_576;

/**
 * Sends the probe's messages and judges their echoes; the other side runs `answerDataProbe`.
 * @throws ProbeError `channel-closed`, or `message-too-large` when the transport refuses a size.
 */
export async function runDataProbe(
  channel: RTCDataChannel,
  options: DataProbeOptions,
): Promise<DataJudgement> {
  const { count, sizes, seed = 1, timeoutMs = 5000 } = options;
  const messages = dataProbeMessages({ count, sizes, seed });
  channel.binaryType = 'arraybuffer';
  await opened(channel, timeoutMs);
  const sent: SentDataMessage[] = [];
  const received: ReceivedDataMessage[] = [];
  return await new Promise<DataJudgement>((resolve, reject) => {
    let lastSentAt = performance.now();
    const finish = (end: () => void) => {
      stopTicking();
      channel.removeEventListener('message', onMessage);
      channel.removeEventListener('close', onClose);
      end();
    };
    const judged = () => finish(() => resolve(judgeData(sent, received)));
    const onClose = () => finish(() => reject(new ProbeError('channel-closed', 'the data channel closed')));
    const onMessage = ({ data }: MessageEvent<unknown>) => {
      const receivedAtMs = performance.now();
      if (!(data instanceof ArrayBuffer)) return;
      const bytes = new Uint8Array(data);
      // The other side may run its own probe over the same channel: its questions are not ours.
      if (readDataProbe(bytes)?.kind === 'question') return;
      received.push({ bytes, receivedAtMs });
      if (received.length >= count) judged();
    };
    const send = () => {
      while (sent.length < count && channel.bufferedAmount < MOST_BUFFERED) {
        const message = messages[sent.length]!;
        lastSentAt = performance.now();
        try {
          channel.send(message);
        } catch (cause) {
          const reason = `${message.length} octets were refused: ${cause instanceof Error ? cause.message : cause}`;
          finish(() => reject(new ProbeError('message-too-large', reason)));
          return;
        }
        sent.push({ size: message.length, sentAtMs: lastSentAt });
      }
      if (sent.length === count && performance.now() - lastSentAt > timeoutMs) judged();
    };
    channel.addEventListener('message', onMessage);
    channel.addEventListener('close', onClose);
    const stopTicking = startTicker(5, send);
    send();
  });
}

async function opened(channel: RTCDataChannel, timeoutMs: number): Promise<void> {
  const startedAt = performance.now();
  await new Promise<void>((resolve, reject) => {
    const stop = startTicker(10, () => {
      if (channel.readyState === 'connecting' && performance.now() - startedAt < timeoutMs) return;
      stop();
      if (channel.readyState === 'open') resolve();
      else reject(new ProbeError('channel-closed', `the data channel is ${channel.readyState}`));
    });
  });
}

/** Echoes every question of a probe until the returned function is called; other messages are left alone. */
export function answerDataProbe(channel: RTCDataChannel): () => void {
  channel.binaryType = 'arraybuffer';
  const onMessage = ({ data }: MessageEvent<unknown>) => {
    if (!(data instanceof ArrayBuffer) || channel.readyState !== 'open') return;
    const answer = dataProbeAnswer(new Uint8Array(data));
    if (answer) channel.send(answer);
  };
  channel.addEventListener('message', onMessage);
  return () => channel.removeEventListener('message', onMessage);
}
