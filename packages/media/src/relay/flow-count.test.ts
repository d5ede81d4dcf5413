import { describe, expect, it } from 'vitest';
import { telephoneEventTrain } from '../codec/telephone-event.ts';
import { encodeRtp } from '../rtp/packet.ts';
import { FlowCount } from './flow-count.ts';

const packet = (sequenceNumber: number, ssrc = 7): Uint8Array =>
  encodeRtp({ payloadType: 0, sequenceNumber, timestamp: 0, ssrc, payload: new Uint8Array(20) });

function lostOf(...packets: readonly Uint8Array[]): number | undefined {
  const count = new FlowCount();
  for (const each of packets) count.count(each);
  return count.read().lost;
}

describe('what a relay counts', () => {
  it('is gaps, over the turn of the numbers, less what came late', () => {
    expect(lostOf(packet(1), packet(2), packet(5))).toBe(2);
    expect(lostOf(packet(65_534), packet(0))).toBe(1);
    expect(lostOf(packet(1), packet(3), packet(2), packet(4))).toBe(0);
    expect(lostOf(packet(1), packet(30_000), packet(30_001))).toBe(0);
  });

  it('knows each source, as where digits have one of their own', () => {
    expect(lostOf(packet(1), packet(500, 9), packet(2), packet(501, 9), packet(4))).toBe(1);
    const count = new FlowCount();
    expect([packet(1), packet(2), packet(1, 9), packet(3)].map((each) => count.count(each))).toEqual([
      7,
      undefined,
      9,
      7,
    ]);
  });

  it('names each digit once, also where it comes twice', () => {
    const count = new FlowCount();
    let sequenceNumber = 0;
    [...'44#'].forEach((digit, at) => {
      for (const { payload } of telephoneEventTrain({ digit, durationMs: 80 })) {
        const timestamp = 1000 * at;
        count.countEvent(
          encodeRtp({ payloadType: 101, sequenceNumber: sequenceNumber++, timestamp, ssrc: 7, payload }),
        );
      }
    });
    expect(count.read().digits).toBe('44#');
  });
});
