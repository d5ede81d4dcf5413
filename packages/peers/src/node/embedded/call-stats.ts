import type { AudioSession } from './audio-session.ts';
import type { MediaEngine } from './media-engine.ts';

/** What `stats` of the peer contract says of a call. */
export function callStats(sound: AudioSession, engine: MediaEngine): object {
  const { sentCodec, sent, received, roundTripMs } = sound.figures;
  const pair = engine.selected;
  const typeOf = (description: string): string => description.split(' ')[0]!;
  return {
    transport: {
      state: engine.state,
      ...(pair !== undefined
        ? { local: typeOf(pair.local), remote: typeOf(pair.remote), protocol: pair.protocol }
        : {}),
      ...(roundTripMs !== undefined ? { roundTripMs } : {}),
    },
    audio: {
      ...(sentCodec !== undefined ? { sent: { codec: sentCodec, packets: sent.packets } } : {}),
      ...(received.codec !== undefined
        ? { received: { codec: received.codec, packets: received.packets, lost: received.lost } }
        : {}),
    },
    raw: { pair, sent, received },
  };
}

/** What `hear` of the peer contract gives: listens for `ms`. */
export async function heardOf(sound: AudioSession, ms: number): Promise<object> {
  const { pcm, startedAt } = await sound.hear(ms);
  const bytes = Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength);
  return { sampleRate: 8000, pcm: bytes.toString('base64'), startedAt };
}
