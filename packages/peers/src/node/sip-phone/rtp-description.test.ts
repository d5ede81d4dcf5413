import { describe, expect, it } from 'vitest';
import { agreedByAnswer, answerRtp, holdsReader, type OwnRtp, writeRtpOffer } from './rtp-description.ts';

const own: OwnRtp = { address: '10.9.1.1', port: 22_000, codecs: ['PCMU', 'PCMA'], direction: 'sendrecv' };
const offer = (direction: string, types = '8 0 126'): string =>
  [
    'v=0',
    'o=- 1 1 IN IP4 10.9.1.2',
    's=-',
    'c=IN IP4 10.9.1.2',
    't=0 0',
    `m=audio 4000 RTP/AVP ${types}`,
    'a=rtpmap:126 telephone-event/8000',
    `a=${direction}`,
    '',
  ].join('\r\n');

describe('plain RTP between two phones', () => {
  it('is agreed on with the payload types of the offer', () => {
    const answered = answerRtp(offer('sendrecv'), own, 1);
    expect(answered?.answer).toContain('m=audio 22000 RTP/AVP 8 126\r\n');
    expect(answered?.answer).toContain('a=sendrecv\r\n');
    expect(answered?.agreed).toMatchObject({
      ...{ address: '10.9.1.2', port: 4000, codec: { name: 'PCMA', payloadType: 8 } },
      ...{ eventType: 126, sends: true, receives: true },
    });
  });

  it.each([
    ['sendonly', 'recvonly', false, true, true],
    ['recvonly', 'sendonly', true, false, false],
    ['inactive', 'inactive', false, false, true],
  ])('answers %s with %s', (offered, answered, sends, receives, held) => {
    const result = answerRtp(offer(offered), own, 1);
    expect(result?.answer).toContain(`a=${answered}\r\n`);
    expect(result?.agreed).toMatchObject({ sends, receives });
    expect(holdsReader(offer(offered))).toBe(held);
  });

  it('has nothing in common with ICE and DTLS, with other codecs, or with a rejected stream', () => {
    expect(answerRtp(offer('sendrecv').replace('RTP/AVP', 'UDP/TLS/RTP/SAVPF'), own, 1)).toBeUndefined();
    expect(answerRtp(offer('sendrecv', '3 126'), own, 1)).toBeUndefined();
    expect(answerRtp(offer('sendrecv').replace(' 4000 ', ' 0 '), own, 1)).toBeUndefined();
  });

  it('takes an answer of its own making', () => {
    const far: OwnRtp = { ...own, address: '10.9.1.2', port: 4000, codecs: ['PCMA'] };
    const answered = answerRtp(writeRtpOffer(own, 1), far, 1);
    expect(agreedByAnswer(answered!.answer, own)).toMatchObject({
      ...{ address: '10.9.1.2', port: 4000, codec: { name: 'PCMA', payloadType: 8 }, eventType: 101 },
      ...{ sends: true, receives: true },
    });
    const holding: OwnRtp = { ...own, direction: 'sendonly' };
    const held = answerRtp(writeRtpOffer(holding, 2), far, 2);
    expect(held?.answer).toContain('a=recvonly\r\n');
    expect(agreedByAnswer(held!.answer, holding)).toMatchObject({ sends: true, receives: false });
  });
});
