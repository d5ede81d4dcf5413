const HEAD = 'v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n';
const AUDIO = 'm=audio 9 UDP/TLS/RTP/SAVPF 111\r\nc=IN IP4 0.0.0.0\r\n';

function lines(count: number, line: (at: number) => string): string {
  return Array.from({ length: count }, (_, at) => `${line(at)}\r\n`).join('');
}

function words(length: number, word: (at: number) => string): string {
  let text = '';
  for (let at = 0; text.length < length; at++) text += word(at);
  return text;
}

/**
 * Descriptions just under the limits, each made to take long where a reader or a rule is not linear: searches that miss,
 * lists times lists, growing copies.
 */
export const HOSTILE: Readonly<Record<string, string>> = {
  'lines without any space': HEAD + AUDIO + lines(9_900, () => 'a=rtpmap:111'),
  'one endless parameter list': `${HEAD}${AUDIO}a=fmtp:111 ${words(16_000, () => ';a')}\r\n`,
  'a long list of bare words, many times':
    HEAD + AUDIO + lines(15, () => `a=fmtp:111 ${words(16_000, () => 'a;')}`),
  'fmtp lines for one format': HEAD + AUDIO + lines(9_900, (at) => `a=fmtp:111 p${at}=1`),
  'feedback for all of many formats':
    `${HEAD}m=audio 9 RTP/AVPF ${Array.from({ length: 128 }, (_, at) => at).join(' ')}\r\n` +
    lines(9_900, () => 'a=rtcp-fb:* nack'),
  'formats without end': HEAD + lines(15, () => `m=audio 9 RTP/AVP ${words(16_000, (at) => ` ${at}`)}`),
  'a BUNDLE group of strangers over many m-sections':
    `${HEAD}${lines(6, (group) => `a=group:BUNDLE ${words(16_000, (at) => ` ${group}${at}`)}`)}` +
    lines(
      250,
      (at) =>
        `m=audio 9 UDP/TLS/RTP/SAVPF 111\r\nc=IN IP4 0.0.0.0\r\na=mid:m${at}\r\na=setup:actpass\r\na=rtcp-mux`,
    ),
  'a BUNDLE group of rejected m-sections':
    `${HEAD}a=group:BUNDLE ${words(16_000, (at) => ` ${at % 250}`)}\r\n` +
    lines(250, (at) => `m=video 0 UDP/TLS/RTP/SAVPF 96\r\nc=IN IP4 0.0.0.0\r\na=mid:${at}`),
  'one extension under thousands of ids': HEAD + AUDIO + lines(9_900, (at) => `a=extmap:${at} urn:x`),
  'sources and groups of sources':
    HEAD + AUDIO + lines(15, () => `a=ssrc-group:FID ${words(16_000, (at) => ` ${at}`)}`),
  'simulcast of thousands': `${HEAD}${AUDIO}a=simulcast:send ${words(16_000, (at) => `;r${at}`).slice(1)}\r\n`,
  'malformed candidates': HEAD + AUDIO + lines(9_900, () => 'a=candidate:1 1 udp x'),
  'spaces alone': `${HEAD}${AUDIO}${lines(15, () => `a=candidate:${' '.repeat(16_000)}`)}`,
  'image sets without end': `${HEAD}${AUDIO}a=imageattr:111 send ${words(16_000, () => '[x=1] ')}\r\n`,
  'blank lines': HEAD + '\r\n'.repeat(9_900),
};
