/**
 * Sends digits by RFC 4733, in the media, behind those that are still going out. Resolves when all are out.
 * @param durationMs of each digit, 40 to 6000
 * @throws Error where the far side takes no telephone-events
 */
export async function sendDigits(
  connection: RTCPeerConnection,
  digits: string,
  durationMs: number,
): Promise<void> {
  const sender = connection.getSenders().find((each) => each.track?.kind === 'audio')?.dtmf;
  if (sender?.canInsertDTMF !== true) throw new Error('the far side takes no telephone-events');
  sender.insertDTMF(sender.toneBuffer + digits, durationMs);
  await new Promise<void>((resolve) => {
    const done = (): void => {
      sender.removeEventListener('tonechange', tone);
      connection.removeEventListener('signalingstatechange', closed);
      resolve();
    };
    // An empty tone says that the last one is out (webrtc-pc section 7.2).
    const tone = (event: RTCDTMFToneChangeEvent): void => {
      if (event.tone === '') done();
    };
    const closed = (): void => {
      if (connection.signalingState === 'closed') done();
    };
    sender.addEventListener('tonechange', tone);
    connection.addEventListener('signalingstatechange', closed);
  });
}
