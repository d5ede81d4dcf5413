import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { genericNack, pictureLossIndication } from '../rtp/feedback.ts';
import { decodeRtcp, type RtcpPacket } from '../rtp/rtcp.ts';
import { encodeRtcp } from '../rtp/rtcp-encode.ts';
import { withoutFeedback } from './rtcp-feedback.ts';

const report: RtcpPacket = { kind: 'rr', ssrc: 1, reports: [], profileExtension: new Uint8Array() };
const bye: RtcpPacket = { kind: 'bye', sources: [1] };

describe('RTCP for a side of RTP/AVP', () => {
  it('loses its feedback and keeps the rest in order', () => {
    const { packet, removed } = withoutFeedback(
      encodeRtcp([report, genericNack(1, 2, [5]), bye, pictureLossIndication(1, 2)]),
    );
    expect([decodeRtcp(packet!).map(({ kind }) => kind), removed]).toEqual([['rr', 'bye'], 2]);
  });

  it('is the same bytes where nothing is to be taken out', () => {
    const bytes = encodeRtcp([report, bye]);
    expect(withoutFeedback(bytes)).toEqual({ packet: bytes, removed: 0 });
  });

  it('is nothing where no report is left in front', () => {
    expect(withoutFeedback(encodeRtcp([genericNack(1, 2, [5])]))).toEqual({ packet: undefined, removed: 1 });
    expect(withoutFeedback(encodeRtcp([bye]))).toEqual({ packet: undefined, removed: 0 });
  });

  it('takes any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        const { packet } = withoutFeedback(bytes);
        if (packet !== undefined) expect(packet.length).toBeLessThanOrEqual(bytes.length);
      }),
    );
  });
});
