/** The stream in which a picture is or can be sent: the one that sends one now, else one that only receives. */
function pictureStream(connection: RTCPeerConnection): RTCRtpTransceiver | undefined {
  const streams = connection
    .getTransceivers()
    .filter((each) => each.receiver.track.kind === 'video' && isOpen(each));
  return streams.find((each) => each.sender.track !== null) ?? streams[0];
}

function isOpen(transceiver: RTCRtpTransceiver): boolean {
  return transceiver.direction !== 'stopped' && transceiver.currentDirection !== 'stopped';
}

/** Whether this side sends a picture in a stream that is still open. */
export function hasPicture(connection: RTCPeerConnection): boolean {
  return pictureStream(connection)?.sender.track != null;
}

/**
 * Sends this picture in place of the one before it, or in the stream that is there for the far side's. `false`:
 * there is no such stream, one must be added.
 */
export async function sendPicture(
  connection: RTCPeerConnection,
  track: MediaStreamTrack,
  holding: boolean,
): Promise<boolean> {
  const stream = pictureStream(connection);
  if (stream === undefined) return false;
  const sentBefore = stream.sender.track !== null;
  track.enabled = !holding;
  await stream.sender.replaceTrack(track);
  if (!sentBefore) stream.direction = holding ? 'sendonly' : 'sendrecv';
  return true;
}

/** Sends no picture any more. The far side's goes on in the same stream, which is why the stream is not stopped. */
export function withdrawPicture(connection: RTCPeerConnection): void {
  const sender = pictureStream(connection)?.sender;
  if (sender != null && sender.track !== null) connection.removeTrack(sender);
}
