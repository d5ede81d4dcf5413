import { decodeRtp, encodeRtp, type RtpPacket } from '@crosspoint/media';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AudioReceiver } from './audio-receiver.ts';
import { AudioSender } from './audio-sender.ts';
import { DigitReceiver } from './digit-receiver.ts';
import { digitSlots } from './digit-train.ts';

const EVENTS = 101;

describe('digits as telephone-events', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  /** What a sender sends that is told to dial after 100 ms. */
  async function sent(digits: string, durationMs: number): Promise<{ packets: RtpPacket[]; out: boolean }> {
    const packets: RtpPacket[] = [];
    const sender = new AudioSender(
      7,
      3,
      () => 0.999999,
      (bytes) => packets.push(decodeRtp(bytes)) > 0,
    );
    sender.use({ payloadType: 0, name: 'PCMU' });
    await vi.advanceTimersByTimeAsync(100);
    const done = sender.dial(digitSlots(digits, durationMs), EVENTS);
    await vi.advanceTimersByTimeAsync(2000);
    const out = await done;
    sender.stop();
    return { packets, out };
  }

  /** What is told of these packets. */
  function told(packets: readonly RtpPacket[]): [string, number][] {
    const heard: [string, number][] = [];
    const digits = new DigitReceiver((digit, ms) => heard.push([digit, ms]));
    for (const packet of packets) if (packet.payloadType === EVENTS) digits.take(packet);
    digits.flush();
    return heard;
  }

  it('take the place of sound: one stream, one sequence, the beginning as timestamp', async () => {
    const { packets, out } = await sent('19', 100);
    expect(out).toBe(true);
    expect(new Set(packets.map(({ ssrc }) => ssrc))).toEqual(new Set([7]));
    packets.slice(1).forEach((packet, at) => {
      expect(packet.sequenceNumber).toBe((packets[at]!.sequenceNumber + 1) & 0xffff);
    });
    const events = packets.filter(({ payloadType }) => payloadType === EVENTS);
    expect(events.map(({ marker }) => marker)).toEqual([
      true,
      ...Array(6).fill(false),
      true,
      ...Array(6).fill(false),
    ]);
    expect(new Set(events.map(({ timestamp }) => timestamp)).size).toBe(2);
    // Sound goes on where it would be, had there been no digits.
    const sound = packets.filter(({ payloadType }) => payloadType === 0);
    const first = packets[0]!;
    for (const packet of sound) {
      const after = (packet.sequenceNumber - first.sequenceNumber) & 0xffff;
      expect((packet.timestamp - first.timestamp) >>> 0).toBe(160 * after);
    }
  });

  it('are told once each, with the length that was sent', async () => {
    const { packets } = await sent('*#A00', 120);
    expect(told(packets)).toEqual([
      ['*', 120],
      ['#', 120],
      ['A', 120],
      ['0', 120],
      ['0', 120],
    ]);
  });

  it('are told even where packets are lost, doubled or late', async () => {
    const { packets } = await sent('12', 100);
    const events = packets.filter(({ payloadType }) => payloadType === EVENTS);
    expect(told(events.flatMap((packet) => [packet, packet]))).toEqual([
      ['1', 100],
      ['2', 100],
    ]);
    const withoutEnds = events.filter(({ payload }) => (payload[1]! & 0x80) === 0);
    expect(told(withoutEnds)).toEqual([
      ['1', 80],
      ['2', 80],
    ]);
    expect(told([...events, events[0]!])).toEqual([
      ['1', 100],
      ['2', 100],
    ]);
  });

  it('count as received, and are not sound', async () => {
    const { packets } = await sent('5', 100);
    const given: RtpPacket[] = [];
    const receiver = new AudioReceiver((packet) => given.push(packet));
    receiver.expect(new Map([[0, 'PCMU']]), EVENTS);
    packets.forEach((packet, at) => {
      receiver.take(encodeRtp(packet), 5000 + 20 * at);
    });
    expect(receiver.received).toMatchObject({ packets: packets.length, lost: 0, jitter: 0, codec: 'PCMU' });
    expect(given).toHaveLength(7);
  });

  it('are refused where nothing is sent, or there is no such digit', async () => {
    const sender = new AudioSender(
      7,
      3,
      () => 0,
      () => true,
    );
    expect(await sender.dial(digitSlots('1', 100), EVENTS)).toBe(false);
    sender.use({ payloadType: 0, name: 'PCMU' });
    const cut = sender.dial(digitSlots('1', 100), EVENTS);
    sender.stop();
    expect(await cut).toBe(false);
    expect(() => digitSlots('1E', 100)).toThrow('no DTMF digit');
  });
});
