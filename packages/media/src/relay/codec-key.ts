import { type Codec, codecParameter, isRepair } from '@crosspoint/sdp';
import type { MediaProfile } from './media-profile.ts';

/**
 * What makes two payload types the same codec on both sides: name, clock, channels, and for the video codecs the
 * parameters that select another bit stream (RFC 6184 section 8.2.2, RFC 9628 section 6).
 */
export function codecKey(codec: Codec): string {
  const name = codec.name.toLowerCase();
  const base = `${name}/${codec.clockRate}/${codec.channels}`;
  if (name === 'h264') {
    const profile = (codecParameter(codec, 'profile-level-id') ?? '42e01f').slice(0, 4).toLowerCase();
    return `${base};${profile};${codecParameter(codec, 'packetization-mode') ?? '0'}`;
  }
  if (name === 'vp9') return `${base};${codecParameter(codec, 'profile-id') ?? '0'}`;
  if (name === 'av1') return `${base};${codecParameter(codec, 'profile') ?? '0'}`;
  return base;
}

export const isTelephoneEvent = (codec: Codec): boolean => codec.name.toLowerCase() === 'telephone-event';
const isComfortNoise = (codec: Codec): boolean => codec.name.toLowerCase() === 'cn';

/** Whether a codec carries speech or pictures by itself. */
export const isMain = (codec: Codec): boolean =>
  codec.name !== '' && !isRepair(codec) && !isTelephoneEvent(codec) && !isComfortNoise(codec);

/**
 * The codecs of one side that may be said to the other: no repair and no comfort noise, which plain endpoints rarely
 * know and never need; telephone-event for 8000 Hz, and for another clock only beside a codec of that clock, since an
 * event is timed by its stream's clock (RFC 4733 section 2.1).
 */
export function relayableCodecs(
  codecs: readonly Codec[],
  to: MediaProfile,
  allowed: ((codec: Codec) => boolean) | undefined,
): Codec[] {
  const main = codecs.filter(
    (codec) => isMain(codec) && (to === 'webrtc' || allowed === undefined || allowed(codec)),
  );
  if (main.length === 0) return [];
  const clocks = new Set(main.map(({ clockRate }) => clockRate));
  const events = codecs.filter(
    (codec) => isTelephoneEvent(codec) && (clocks.has(codec.clockRate) || codec.clockRate === 8000),
  );
  return [...main, ...events];
}
