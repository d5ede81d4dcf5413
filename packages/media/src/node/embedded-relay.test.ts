import { open } from '@crosspoint/sdp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { telephoneEventTrain } from '../codec/telephone-event.ts';
import type { MediaProfile } from '../relay/media-profile.ts';
import type { RelayedCall, RelayOptions, RelaySide } from '../relay/relay.ts';
import { RelayError } from '../relay/relay-error.ts';
import { genericNack } from '../rtp/feedback.ts';
import { decodeRtp, encodeRtp } from '../rtp/packet.ts';
import { decodeRtcp } from '../rtp/rtcp.ts';
import { encodeRtcp } from '../rtp/rtcp-encode.ts';
import { EmbeddedRelay } from './embedded-relay.ts';
import { PlainPhone } from './testing/plain-phone.ts';
import {
  AUDIO,
  answerErrors,
  bothUp,
  callPhone,
  DATA,
  errorsOf,
  OPUS,
  rtp,
  SSRC,
  VIDEO,
} from './testing/relayed-call.ts';
import { WebrtcPeer } from './testing/webrtc-peer.ts';

describe('the embedded relay', () => {
  let relay: EmbeddedRelay;
  let call: RelayedCall;
  let peer: WebrtcPeer;
  let phone: PlainPhone;

  beforeEach(async () => {
    relay = new EmbeddedRelay({ address: '127.0.0.1' });
    peer = new WebrtcPeer();
    phone = await PlainPhone.open();
  });

  afterEach(async () => {
    await relay.close();
    expect(relay.size).toBe(0);
    peer.close();
    phone.close();
  });

  const begin = async (profiles?: Record<RelaySide, MediaProfile>, options?: RelayOptions): Promise<void> => {
    call = await relay.open('call', profiles ?? { caller: 'webrtc', callee: 'rtp' }, options);
  };

  it('carries packets of a page to a phone and back', async () => {
    await begin();
    const { offered } = await callPhone({ call, peer, phone }, [AUDIO], '0');
    expect(offered.mediaLine(0)).toMatchObject({
      protocol: 'RTP/AVP',
      formats: ['111', '0', '8', '110', '126'],
    });
    expect(offered.text).not.toMatch(/fingerprint|ice-|candidate|BUNDLE|rtcp-mux|setup/);
    expect(await peer.up()).toBe('connected');
    for (let at = 0; at < 10; at++) peer.send(rtp(0, at));
    await phone.packets(10);
    expect(phone.received.map((packet) => decodeRtp(packet).sequenceNumber)).toEqual([
      0, 1, 2, 3, 4, 5, 6, 7, 8, 9,
    ]);
    expect(decodeRtp(phone.received[0]!)).toMatchObject({ ssrc: SSRC, payloadType: 0, timestamp: 0 });
    for (let at = 0; at < 10; at++) phone.rtp.send(rtp(0, 100 + at, 5));
    await peer.packets(10);
    expect(decodeRtp(peer.received[9]!)).toMatchObject({ ssrc: 5, sequenceNumber: 109, payloadType: 0 });
    const statistics = await call.statistics();
    expect(statistics.callerToCallee).toMatchObject({ packets: 10, octets: 1720, lost: 0 });
    expect(statistics.calleeToCaller).toMatchObject({ packets: 10, lost: 0 });
    expect(statistics.protection).toMatchObject({
      caller: { protection: 'dtls-srtp' },
      callee: { protection: 'none' },
    });
  });

  it('gives telephone-events the number that each side knows, and tells the digits', async () => {
    await begin();
    // The phone answers with a number of its own, as many do.
    const { answered } = await callPhone({ call, peer, phone }, [AUDIO], '0 101', [
      'a=rtpmap:101 telephone-event/8000',
      'a=fmtp:101 0-15',
    ]);
    expect(
      answered.codecs(0).map(({ payloadType, name, clockRate }) => [payloadType, name, clockRate]),
    ).toEqual([
      [0, 'PCMU', 8000],
      [126, 'telephone-event', 8000],
    ]);
    await peer.up();
    let sequence = 0;
    const digits = async (text: string, type: number, send: (packet: Uint8Array) => void): Promise<void> => {
      for (const digit of text) {
        const timestamp = 8000 * ++sequence;
        for (const { payload, marker } of telephoneEventTrain({ digit, durationMs: 60 })) {
          send(
            encodeRtp({
              payloadType: type,
              marker,
              sequenceNumber: sequence++,
              timestamp,
              ssrc: SSRC,
              payload,
            }),
          );
        }
      }
    };
    await digits('15#', 126, (packet) => peer.send(packet));
    await phone.packets(15);
    expect(new Set(phone.received.map((packet) => decodeRtp(packet).payloadType))).toEqual(new Set([101]));
    await digits('9*', 101, (packet) => phone.rtp.send(packet));
    await peer.packets(10);
    expect(new Set(peer.received.map((packet) => decodeRtp(packet).payloadType))).toEqual(new Set([126]));
    const { callerToCallee, calleeToCaller } = await call.statistics();
    expect([callerToCallee.digits, calleeToCaller.digits]).toEqual(['15#', '9*']);
  });

  it('passes nothing that was not agreed', async () => {
    await begin();
    await callPhone({ call, peer, phone }, [AUDIO], '0');
    await peer.up();
    peer.send(rtp(111, 1));
    peer.send(rtp(126, 2));
    peer.send(rtp(0, 3));
    await phone.packets(1);
    expect(phone.received.map((packet) => decodeRtp(packet).sequenceNumber)).toEqual([3]);
    expect((await call.statistics()).callerToCallee.refused.payloadType).toBe(2);
  });

  it('splits RTCP off, takes feedback out, and passes reports both ways', async () => {
    await begin();
    await callPhone({ call, peer, phone }, [AUDIO], '0');
    await peer.up();
    const report = { kind: 'rr', ssrc: SSRC, reports: [], profileExtension: new Uint8Array() } as const;
    peer.send(encodeRtcp([report, genericNack(SSRC, 5, [7])]));
    await phone.packets(0, 1);
    expect(decodeRtcp(phone.control[0]!).map(({ kind }) => kind)).toEqual(['rr']);
    phone.rtcp.send(encodeRtcp([{ ...report, ssrc: 5 }]));
    await peer.packets(1);
    expect(decodeRtcp(peer.received[0]!)).toMatchObject([{ kind: 'rr', ssrc: 5 }]);
    const { callerToCallee, calleeToCaller } = await call.statistics();
    expect(callerToCallee).toMatchObject({ rtcpPackets: 1, feedbackRemoved: 1 });
    expect(calleeToCaller).toMatchObject({ rtcpPackets: 1, packets: 0 });
  });

  it('refuses video and data that the phone does not take, and keeps their places', async () => {
    await begin();
    const offer = peer.offer([DATA, VIDEO, AUDIO]);
    const offered = await call.offer('caller', open(offer));
    expect(offered.text.match(/^m=.*$/gm)).toEqual([
      expect.stringMatching(/^m=video \d+ RTP\/AVP 96$/),
      expect.stringMatching(/^m=audio \d+ RTP\/AVP 111 0 8 110 126$/),
    ]);
    expect(errorsOf(offered, 'sip')).toEqual([]);
    const answer = `v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=video 0 RTP/AVP 96\r\nm=audio ${phone.rtp.port} RTP/AVP 0\r\n`;
    const answered = await call.answer('callee', open(answer));
    expect([0, 1, 2].map((at) => [answered.media(at), answered.mediaLine(at).port > 0])).toEqual([
      ['application', false],
      ['video', false],
      ['audio', true],
    ]);
    expect(answerErrors(offer, answered, 'webrtc')).toEqual([]);
    peer.connect(answered.text.replace(/m=(application|video)[\s\S]*?(?=m=)/g, ''));
    await peer.up();
    peer.send(rtp(0, 1));
    phone.call(offered.text);
    await phone.packets(1);
    expect(phone.received).toHaveLength(1);
  });

  it('refuses where there is no codec in common', async () => {
    await begin(undefined, { codecs: ['PCMU', 'PCMA'] });
    await expect(call.offer('caller', open(peer.offer([OPUS])))).rejects.toMatchObject({
      name: 'RelayError',
      code: 'no-common-codec',
      clause: 'RFC 3264 section 6.1',
    });
    const offered = await call.offer('caller', open(peer.offer([AUDIO])));
    expect(offered.mediaLine(0).formats).toEqual(['0', '8', '126']);
    await expect(call.answer('callee', open(phone.describe('18')))).rejects.toBeInstanceOf(RelayError);
  });

  it('lets a phone call a page, by an offer of its own and by a late one', async () => {
    for (const from of ['caller', 'callee'] as const) {
      const to = from === 'caller' ? 'callee' : 'caller';
      await begin({ [from]: 'rtp', [to]: 'webrtc' } as Record<RelaySide, MediaProfile>);
      const page = new WebrtcPeer();
      const offer = phone.describe('0 8 101', ['a=rtpmap:101 telephone-event/8000', 'a=ptime:20']);
      const offered = await call.offer(from, open(offer));
      expect(errorsOf(offered, 'webrtc')).toEqual([]);
      expect(offered.first(0, 'setup')).toBe('actpass');
      expect(offered.first(0, 'mid')).toBe('0');
      expect(offered.first(0, 'ptime')).toBe(20);
      const answer = page.answer(offered.text, [
        'audio 0 101\na=rtpmap:0 PCMU/8000\na=rtpmap:101 telephone-event/8000',
      ]);
      const answered = await call.answer(to, open(answer));
      expect(answerErrors(offer, answered, 'sip')).toEqual([]);
      expect(errorsOf(answered, 'sip')).toEqual([]);
      phone.call(answered.text);
      expect(await page.up()).toBe('connected');
      page.send(rtp(0, 1));
      await phone.packets(1);
      phone.received.length = 0;
      phone.rtp.send(rtp(0, 2, 5));
      await page.packets(1);
      expect(decodeRtp(page.received[0]!)).toMatchObject({ ssrc: 5, sequenceNumber: 2 });
      await call.close();
      page.close();
    }
  });

  it('says the same to the page where a 200 repeats what the 183 said, and follows another fork', async () => {
    await begin();
    const { answered, answer } = await callPhone({ call, peer, phone }, [AUDIO], '0');
    expect((await call.answer('callee', open(answer))).text).toBe(answered.text);
    const fork = await PlainPhone.open();
    const again = await call.answer('callee', open(fork.describe('0')));
    expect(again.text).toBe(answered.text);
    await peer.up();
    peer.send(rtp(0, 1));
    await fork.packets(1);
    expect([fork.received.length, phone.received.length]).toEqual([1, 0]);
    fork.close();
  });

  it('holds and resumes, from either side, and keeps the DTLS role', async () => {
    await begin();
    const { answered } = await callPhone({ call, peer, phone }, [AUDIO], '0');
    await bothUp(call, peer);
    const role = answered.first(0, 'setup');
    // The phone holds as RFC 2543 did.
    const hold = phone.describe('0').replace('c=IN IP4 127.0.0.1', 'c=IN IP4 0.0.0.0');
    const held = await call.offer('callee', open(hold));
    expect([held.direction(0), held.first(0, 'setup'), held.mediaLine(0).port > 0]).toEqual([
      'sendonly',
      'actpass',
      true,
    ]);
    expect(errorsOf(held, 'webrtc')).toEqual([]);
    const settled = role === 'active' ? 'passive' : 'active';
    const page = peer.describe(settled, ['audio 0\na=rtpmap:0 PCMU/8000\na=recvonly']);
    expect((await call.answer('caller', open(page))).direction(0)).toBe('recvonly');
    peer.send(rtp(0, 1));
    // Packets of one transport are taken in order: with the second the first was taken, too.
    peer.send(rtp(99, 2));
    await expect.poll(async () => (await call.statistics()).callerToCallee.refused.payloadType).toBe(2);
    phone.rtp.send(rtp(0, 2, 5));
    await peer.packets(1);
    expect(phone.received).toHaveLength(0);
    // The page offers again and the phone takes the call back.
    const resumed = await call.offer('caller', open(peer.offer([AUDIO])));
    expect(resumed.direction(0)).toBe('sendrecv');
    const back = await call.answer('callee', open(phone.describe('0')));
    expect(back.first(0, 'setup')).toBe(role);
    peer.send(rtp(0, 3));
    await phone.packets(1);
    expect(decodeRtp(phone.received[0]!).sequenceNumber).toBe(3);
  });

  it('changes the codec by a new offer', async () => {
    await begin();
    await callPhone({ call, peer, phone }, [AUDIO], '0');
    await peer.up();
    const offered = await call.offer('callee', open(phone.describe('8')));
    expect(offered.mediaLine(0).formats).toEqual(['8']);
    await call.answer('caller', open(peer.describe('passive', ['audio 8\na=rtpmap:8 PCMA/8000'])));
    peer.send(rtp(0, 1));
    peer.send(rtp(8, 2));
    await phone.packets(1);
    expect(decodeRtp(phone.received[0]!)).toMatchObject({ payloadType: 8, sequenceNumber: 2 });
  });

  it('speaks RTP/SAVP with a=crypto', async () => {
    await begin({ caller: 'rtp', callee: 'srtp' });
    const second = await relay.open('second', { caller: 'srtp', callee: 'rtp' });
    const far = await PlainPhone.open();
    const offer = phone.describe('0');
    const between = await call.offer('caller', open(offer));
    expect(between.mediaLine(0).protocol).toBe('RTP/SAVP');
    expect(errorsOf(between, 'sip')).toEqual([]);
    const offered = await second.offer('caller', between);
    expect(offered.text).not.toContain('crypto');
    const back = await second.answer('callee', open(far.describe('0')));
    expect(answerErrors(between.text, back, 'sip')).toEqual([]);
    const answered = await call.answer('callee', back);
    phone.call(answered.text);
    far.call(offered.text);
    for (let at = 0; at < 5; at++) phone.rtp.send(rtp(0, at));
    await far.packets(5);
    expect(decodeRtp(far.received[4]!)).toMatchObject({
      ssrc: SSRC,
      sequenceNumber: 4,
      payload: expect.any(Uint8Array),
    });
    far.rtp.send(rtp(0, 9, 5));
    await phone.packets(1);
    const report = encodeRtcp([{ kind: 'rr', ssrc: SSRC, reports: [], profileExtension: new Uint8Array() }]);
    phone.rtcp.send(report);
    await far.packets(5, 1);
    expect([...far.control[0]!]).toEqual([...report]);
    expect((await second.statistics()).protection.caller.protection).toBe('sdes-srtp');
    far.close();
  });
});
