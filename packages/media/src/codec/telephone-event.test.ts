import { describe, expect, it } from 'vitest';
import { FormatError } from '../format-error.ts';
import {
  decodeTelephoneEvent,
  encodeTelephoneEvent,
  fromDtmfDigit,
  telephoneEventTrain,
  toDtmfDigit,
} from './telephone-event.ts';

describe('telephone-event', () => {
  it('stands on the wire as RFC 4733 section 2.3 draws it', () => {
    const event = { event: 11, end: true, volume: 10, duration: 1600 };
    expect([...encodeTelephoneEvent(event)]).toEqual([11, 0x8a, 0x06, 0x40]);
    expect(decodeTelephoneEvent(Uint8Array.of(11, 0x8a, 0x06, 0x40))).toEqual(event);
  });

  it('refuses what is cut off or too wide', () => {
    expect(() => decodeTelephoneEvent(Uint8Array.of(1, 2, 3))).toThrow(FormatError);
    expect(() => encodeTelephoneEvent({ event: 1, end: false, volume: 64, duration: 0 })).toThrow('RFC 4733');
  });

  it('sends a digit as a train: marker first, growing duration, the end three times', () => {
    const train = telephoneEventTrain({ digit: '#', durationMs: 70 });
    const events = train.map(({ payload }) => decodeTelephoneEvent(payload));
    expect(train.map(({ marker }) => marker)).toEqual([true, false, false, false, false, false]);
    expect(train.map(({ atMs }) => atMs)).toEqual([20, 40, 60, 70, 90, 110]);
    expect(events.map(({ duration }) => duration)).toEqual([160, 320, 480, 560, 560, 560]);
    expect(events.map(({ end }) => end)).toEqual([false, false, false, true, true, true]);
    expect(() => telephoneEventTrain({ digit: 'x', durationMs: 70 })).toThrow(FormatError);
  });

  it('names the sixteen digits both ways', () => {
    const digits = Array.from({ length: 16 }, (_, event) => toDtmfDigit(event));
    expect(digits.join('')).toBe('0123456789*#ABCD');
    expect(digits.map((digit) => fromDtmfDigit(digit!.toLowerCase()))).toEqual(
      digits.map((_, event) => event),
    );
    expect([toDtmfDigit(16), fromDtmfDigit('E'), fromDtmfDigit('')]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});
