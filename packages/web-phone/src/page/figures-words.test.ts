import { describe, expect, it } from 'vitest';
import { describeFigures } from './figures-words.ts';
import type { TransportFigures } from './transport-figures.ts';

function values(figures: TransportFigures | undefined): Record<string, string> {
  return Object.fromEntries(describeFigures(figures).map(({ name, value }) => [name, value]));
}

describe('describeFigures', () => {
  it('keeps its shape where nothing is known', () => {
    expect(values(undefined)).toEqual({ Path: '–', Codecs: '–', 'Round trip': '–', Loss: '–' });
    expect(values({ transport: {}, audio: {}, video: {} })).toEqual(values(undefined));
  });

  it('tells path, codecs, round trip and loss', () => {
    const figures: TransportFigures = {
      transport: { local: 'srflx', remote: 'host', protocol: 'udp', roundTripMs: 12.5 },
      audio: {
        sent: { codec: 'opus', packets: 10 },
        received: { codec: 'opus', packets: 95, lost: 5 },
      },
      video: { sent: { codec: 'VP8' }, received: { codec: 'H264', packets: 100, lost: 0 } },
    };
    expect(values(figures)).toEqual({
      Path: 'srflx to host, udp',
      Codecs: 'opus, VP8 out, H264 in',
      'Round trip': '12.5 ms',
      Loss: '2.5 %',
    });
  });

  it('does not call a little loss none, and takes no negative count (RFC 3550 section 6.4.1 allows one)', () => {
    const lost = (count: number): string =>
      values({ transport: {}, audio: { received: { packets: 100_000, lost: count } }, video: {} }).Loss!;
    expect(lost(1)).toBe('<0.1 %');
    expect(lost(-3)).toBe('0 %');
  });
});
