/**
 * Takes out `a=rtcp-fb` lines for payload types that their m-line does not list (RFC 4585 section 4.2 ties each to one).
 * Firefox ESR 153 leaves those of the codecs that `setCodecPreferences` took away, and Chromium 156 refuses the whole
 * description for it: "Failed to parse codecs correctly".
 */
export function withoutOrphanFeedback(sdp: string): string {
  let formats: readonly string[] = [];
  return sdp
    .split('\r\n')
    .filter((line) => {
      if (line.startsWith('m=')) formats = line.split(' ').slice(3);
      if (!line.startsWith('a=rtcp-fb:')) return true;
      const payloadType = line.slice('a=rtcp-fb:'.length).split(' ', 1)[0]!;
      return payloadType === '*' || formats.includes(payloadType);
    })
    .join('\r\n');
}
