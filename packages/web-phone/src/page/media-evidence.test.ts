import { describe, expect, it } from 'vitest';
import { describeEvidence, judgeDecoded, NOTHING_DECODED, readDecoded } from './media-evidence.ts';

const inbound = (kind: string, more: Record<string, number>): Record<string, unknown> => ({
  type: 'inbound-rtp',
  kind,
  ...more,
});

describe('media evidence', () => {
  it('counts what was decoded and not what arrived', () => {
    const arrived = readDecoded([
      inbound('video', { packetsReceived: 900, framesReceived: 30, framesDecoded: 0 }),
      inbound('audio', { packetsReceived: 50, totalAudioEnergy: 0 }),
      { type: 'outbound-rtp', kind: 'video', framesDecoded: 99 },
      { type: 'media-source', kind: 'audio', totalAudioEnergy: 1 },
    ]);
    expect(judgeDecoded(NOTHING_DECODED, arrived)).toEqual({ sound: false, picture: false });
  });

  it('sees sound and picture apart, and each only while it goes on', () => {
    const first = readDecoded([
      inbound('video', { framesDecoded: 15 }),
      inbound('audio', { totalAudioEnergy: 0.02 }),
    ]);
    const muted = readDecoded([
      inbound('video', { framesDecoded: 30 }),
      inbound('audio', { totalAudioEnergy: 0.02 }),
    ]);
    expect(describeEvidence(judgeDecoded(NOTHING_DECODED, first))).toBe('sound and picture arrive');
    expect(describeEvidence(judgeDecoded(first, muted))).toBe('picture arrives');
    expect(describeEvidence(judgeDecoded(muted, muted))).toBe('nothing decoded here yet');
  });

  it('takes a stream without figures for nothing', () => {
    expect(readDecoded([inbound('video', {}), inbound('audio', { totalAudioEnergy: Number.NaN })])).toEqual(
      NOTHING_DECODED,
    );
  });
});
