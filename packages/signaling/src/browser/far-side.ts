/** Whether an offer wants pictures. An m-line at port 0 is refused, unless it says that it goes with the bundle (RFC 9143 section 6). */
export function offersPicture(sdp: string): boolean {
  return sdp
    .split(/\r?\n(?=m=)/)
    .some(
      (section) => /^m=video (?!0 )/.test(section) || /^m=video 0 [\s\S]*^a=bundle-only\r?$/m.test(section),
    );
}

/** The tracks of the far side that are there by now. */
export function remoteTracks(connection: RTCPeerConnection): MediaStreamTrack[] {
  return connection
    .getTransceivers()
    .filter((transceiver) => transceiver.currentDirection?.includes('recv') ?? transceiver.mid !== null)
    .filter((transceiver) => transceiver.receiver.track.readyState === 'live')
    .map((transceiver) => transceiver.receiver.track);
}

/** Whether the far side's last description asks us to send no sound (RFC 3264 section 8.4). */
export function heldByFarSide(connection: RTCPeerConnection): boolean {
  const audio = connection.getTransceivers().find((each) => each.receiver.track.kind === 'audio');
  const direction = audio === undefined ? undefined : remoteDirection(connection, audio);
  return direction === 'sendonly' || direction === 'inactive';
}

/** What the far side's last description says of the direction of this m-section. */
function remoteDirection(connection: RTCPeerConnection, { mid }: RTCRtpTransceiver): string | undefined {
  const sdp = connection.remoteDescription?.sdp;
  if (sdp === undefined || mid === null) return undefined;
  const section = sdp.split(/\r?\nm=/).find((each) => each.split(/\r?\n/).includes(`a=mid:${mid}`));
  return section
    ?.split(/\r?\n/)
    .find((line) => /^a=(sendrecv|sendonly|recvonly|inactive)$/.test(line))
    ?.slice(2);
}
