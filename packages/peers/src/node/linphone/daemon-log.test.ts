import { describe, expect, it } from 'vitest';
import { readCodecs, readHandshake, readRefusal, readRegistration } from './daemon-log.ts';

// Lines of a log of linphone 5.1.65, its time stamps left away.
const GRAPH = `
mediastreamer-message-ms_filter_link: MSRtpRecv:0x5571c07c1ae0,0-->MSVoidSink:0x5571c07c0e60,0
mediastreamer-message-ms_filter_link: MSAudioMixer:0x7fba940445d0,0-->MSUlawEnc:0x7fba94044130,0
mediastreamer-message-ms_filter_link: MSUlawEnc:0x7fba94044130,0-->MSRtpSend:0x5571c07c8940,0
mediastreamer-message-ms_filter_link: MSRtpRecv:0x5571c07c1ae0,0-->MSUlawDec:0x7fba94044200,0
mediastreamer-message-ms_filter_link: MSUlawDec:0x7fba94044200,0-->MSGenericPLC:0x7fba94037360,0
`;
const LATER = GRAPH.replaceAll('MSUlawEnc', 'MSAlawEnc');

const message = (...lines: string[]): string => `\n${lines.join('\r\n')}\r\n\r\n`;

describe("linphone's log", () => {
  it('names the codecs by what RTP comes from and goes to', () => {
    expect(readCodecs('')).toEqual({});
    expect(readCodecs(GRAPH)).toEqual({ sent: 'PCMU', received: 'PCMU' });
    expect(readCodecs(GRAPH + LATER)).toEqual({ sent: 'PCMA', received: 'PCMU' });
    expect(readCodecs(GRAPH.replaceAll('MSUlaw', 'MSSpeex'))).toEqual({});
  });

  it('tells how DTLS ended', () => {
    const done =
      'mediastreamer-message-DTLS Handshake on RTP channel successful, srtp protection profile 1\n';
    expect(readHandshake(done)).toBeUndefined();
    const on = 'mediastreamer-message-DTLS Event dispatched to all: secrets are on for this stream\n';
    expect(readHandshake(done + on)).toBe('secured');
    const differ =
      'mediastreamer-error-DTLS Handshake successful but fingerprints differ received : sha-256 2E:DB computed SHA-256 00:11\n';
    expect(readHandshake(done + differ)).toBe('wrong-fingerprint');
  });

  it('holds the answer to a registration', () => {
    const unauthorized = message('SIP/2.0 401 Unauthorized', 'Call-ID: 1', 'CSeq: 20 REGISTER');
    const busy = message('SIP/2.0 486 Busy Here', 'Call-ID: 1', 'CSeq: 21 INVITE');
    expect(readRegistration(busy)).toBeUndefined();
    expect(readRegistration(unauthorized + busy)).toBe('401 Unauthorized');
    const forbidden = message('SIP/2.0 403 Forbidden', 'CSeq: 21 REGISTER');
    expect(readRegistration(unauthorized + forbidden)).toBe('403 Forbidden');
  });

  it('holds why a call came to nothing', () => {
    const challenged = message('SIP/2.0 407 Proxy Authentication Required', 'CSeq: 20 INVITE');
    const refused = (status: string, ...more: string[]): string =>
      challenged + message(`SIP/2.0 ${status}`, 'Call-ID: 1', 'CSeq: 21 INVITE', ...more);
    expect(readRefusal(challenged, false)).toEqual({ code: 'protocol-error' });
    expect(readRefusal(refused('486 Busy Here'), false)).toEqual({ code: 'busy', text: '486 Busy Here' });
    expect(readRefusal(refused('480 Temporarily Unavailable'), false).code).toBe('unavailable');
    const rangOut = refused('480 Temporarily Unavailable', 'Reason: Q.850;cause=19');
    expect(readRefusal(rangOut, false).code).toBe('no-answer');
    // Another message's Reason is not this one's.
    const other = refused('480 Temporarily Unavailable') + message('BYE sip:a@b', 'Reason: Q.850;cause=19');
    expect(readRefusal(other, false).code).toBe('unavailable');
    const cancel = ['CANCEL sip:bob@lab.localhost SIP/2.0', 'Reason: SIP;cause=200;text="elsewhere"'];
    expect(readRefusal(message(cancel[0]!), true)).toEqual({ code: 'cancelled' });
    expect(readRefusal(message(...cancel), true).code).toBe('answered-elsewhere');
  });
});
