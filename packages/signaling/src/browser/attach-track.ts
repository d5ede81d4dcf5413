import type { CallOptions } from './call-events.ts';
import { preferCodecs } from './codec-preferences.ts';

type Codecs = Pick<CallOptions, 'audioCodecs' | 'videoCodecs'>;

/** Sends a track in a stream of its own, with the codecs that are wanted. @throws Error where the browser has none of them */
export function attachTrack(connection: RTCPeerConnection, track: MediaStreamTrack, codecs: Codecs): void {
  const sender = connection.addTrack(track, new MediaStream([track]));
  const transceiver = connection.getTransceivers().find((each) => each.sender === sender);
  if (transceiver !== undefined) preferWanted(transceiver, codecs);
}

/** Restricts what is offered to us to the codecs that are wanted. @throws Error where the browser has none of them */
export function preferOffered(connection: RTCPeerConnection, codecs: Codecs): void {
  for (const transceiver of connection.getTransceivers()) preferWanted(transceiver, codecs);
}

function preferWanted(transceiver: RTCRtpTransceiver, { audioCodecs, videoCodecs }: Codecs): void {
  const kind = transceiver.receiver.track.kind as 'audio' | 'video';
  preferCodecs(transceiver, kind, kind === 'audio' ? audioCodecs : videoCodecs);
}
