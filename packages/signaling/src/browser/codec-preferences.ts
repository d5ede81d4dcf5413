/** Formats that are no codecs of their own: retransmission and digits go along with whichever is chosen. */
const COMPANIONS = new Set(['rtx', 'telephone-event']);

/**
 * Restricts a transceiver to the named codecs, in this order (RFC 9429 section 4.2.6). Does nothing for none.
 * @throws Error where the browser has none of them
 */
export function preferCodecs(
  transceiver: RTCRtpTransceiver,
  kind: 'audio' | 'video',
  names: readonly string[],
): void {
  if (names.length === 0) return;
  const known = RTCRtpReceiver.getCapabilities(kind)?.codecs ?? [];
  const wanted = names.flatMap((name) =>
    known.filter((codec) => codecName(codec.mimeType) === name.toLowerCase()),
  );
  if (wanted.length === 0) throw new Error(`this browser has no ${kind} codec ${names.join(', ')}`);
  transceiver.setCodecPreferences([
    ...wanted,
    ...known.filter((codec) => COMPANIONS.has(codecName(codec.mimeType))),
  ]);
}

function codecName(mimeType: string): string {
  return mimeType.slice(mimeType.indexOf('/') + 1).toLowerCase();
}
