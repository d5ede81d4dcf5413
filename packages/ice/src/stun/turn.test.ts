import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { bytesOf, sampleRequest } from '../fixtures/rfc5769.ts';
import { turnRestCredentials } from '../turn-rest-credentials.ts';
import { decodeChannelData, encodeChannelData, streamFrameLength } from './channel-data.ts';
import { demultiplex, isStun } from './demultiplex.ts';

describe('ChannelData (RFC 8656 section 12)', () => {
  const frame = { channel: 0x4001, data: Uint8Array.of(1, 2, 3, 4, 5) };

  it('is framed for datagrams and padded for streams', () => {
    expect(encodeChannelData(frame)).toEqual(bytesOf('40010005 0102030405'));
    const padded = encodeChannelData(frame, { stream: true });
    expect(padded).toEqual(bytesOf('40010005 0102030405 000000'));
    expect(decodeChannelData(encodeChannelData(frame))).toEqual(frame);
    const decoded = decodeChannelData(padded);
    expect(decoded).toEqual({ ...frame, padding: new Uint8Array(3) });
    expect(encodeChannelData(decoded)).toEqual(padded);
    expect(streamFrameLength(padded)).toBe(12);
  });

  it.each([
    ['4001', 2],
    ['50000000', 0],
    ['00010000', 0],
    ['40010005 01020304', 2],
    ['40010001 0102030405', 2],
  ])('refuses %s at byte %i', (hex, offset) => {
    const error = expect.objectContaining({ name: 'IceError', code: 'channel-data', offset });
    expect(() => decodeChannelData(bytesOf(hex))).toThrow(error);
  });

  it('refuses to encode a channel out of range', () => {
    expect(() => encodeChannelData({ ...frame, channel: 0x5000 })).toThrow(
      expect.objectContaining({ code: 'channel-data' }),
    );
  });

  it('knows the next frame of a stream', () => {
    expect(streamFrameLength(bytesOf(sampleRequest))).toBe(108);
    expect(streamFrameLength(bytesOf('400100'))).toBeUndefined();
    expect(() => streamFrameLength(bytesOf('80000000'))).toThrow(
      expect.objectContaining({ code: 'stun-header' }),
    );
  });
});

describe('demultiplexing (RFC 7983 section 7)', () => {
  it.each([
    ['00', 'stun'],
    ['03', 'stun'],
    ['04', 'unknown'],
    ['0f', 'unknown'],
    ['10', 'zrtp'],
    ['13', 'zrtp'],
    ['14', 'dtls'],
    ['3f', 'dtls'],
    ['40', 'turn-channel'],
    ['4f', 'turn-channel'],
    ['50', 'unknown'],
    ['7f', 'unknown'],
    ['c0', 'unknown'],
    ['', 'unknown'],
    ['8000', 'rtp'],
    ['bf6f', 'rtp'],
    ['80bf', 'rtp'],
    ['80c8', 'rtcp'],
    ['81df', 'rtcp'],
    ['80e0', 'rtp'],
    ['80', 'rtp'],
  ])('%s is %s', (hex, kind) => {
    expect(demultiplex(bytesOf(hex))).toBe(kind);
  });

  it('takes whole STUN messages only', () => {
    const bytes = bytesOf(sampleRequest);
    expect(isStun(bytes)).toBe(true);
    expect(isStun(bytes.slice(0, -4))).toBe(false);
    expect(isStun(bytes.with(5, 0))).toBe(false);
    expect(isStun(bytes.with(0, 0x40))).toBe(false);
    expect(isStun(new Uint8Array(0))).toBe(false);
  });
});

describe('TURN REST credentials', () => {
  it('are expiry and user, and the HMAC of these', () => {
    const request = { user: 'alice', secret: 'north', ttlSeconds: 86_400, nowSeconds: 1_433_895_918.7 };
    const given = turnRestCredentials(request);
    expect(given.username).toBe('1433982318:alice');
    expect(given.password).toBe(createHmac('sha1', 'north').update('1433982318:alice').digest('base64'));
    expect(turnRestCredentials({ ...request, user: '' }).username).toBe('1433982318');
    const hmacSha1Base64 = (secret: string, text: string): string => `${secret}|${text}`;
    expect(turnRestCredentials({ ...request, hmacSha1Base64 }).password).toBe('north|1433982318:alice');
  });
});
