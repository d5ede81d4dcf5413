import { describe, expect, it } from 'vitest';
import { withoutOrphanFeedback } from './orphan-feedback.ts';

describe('withoutOrphanFeedback', () => {
  const sdp = [
    'v=0',
    'm=audio 9 UDP/TLS/RTP/SAVPF 109',
    'a=rtcp-fb:109 transport-cc',
    'm=video 9 UDP/TLS/RTP/SAVPF 120 124',
    'a=rtcp-fb:120 nack',
    'a=rtcp-fb:121 nack pli',
    'a=rtcp-fb:109 nack',
    'a=rtcp-fb:* ccm fir',
    '',
  ].join('\r\n');

  it('takes out what belongs to no format of its m-line, and nothing else', () => {
    expect(withoutOrphanFeedback(sdp)).toBe(
      sdp.replace('a=rtcp-fb:121 nack pli\r\n', '').replace('a=rtcp-fb:109 nack\r\n', ''),
    );
  });

  it('leaves a description without orphans as it is', () => {
    const clean = withoutOrphanFeedback(sdp);
    expect(withoutOrphanFeedback(clean)).toBe(clean);
  });
});
