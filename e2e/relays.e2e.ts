import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { currentNetwork } from '@crosspoint/lab/node';
import {
  decodeRtp,
  encodeRtp,
  type MediaProfile,
  type Relay,
  RelayError,
  type RelaySide,
} from '@crosspoint/media';
import { bindPair, EmbeddedRelay, RtpengineRelay, type RtpSocket } from '@crosspoint/media/node';
import { type RtpengineServer, startRtpengine } from '@crosspoint/peers/node';
import { checkAnswer, type LazyDescription, lint, open } from '@crosspoint/sdp';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

/** An Opus packet of silence: one frame of 20 ms (RFC 6716 section 3.1). */
const OPUS_SILENCE = Uint8Array.of(0xf8, 0xff, 0xfe);
const ULAW_SILENCE = new Uint8Array(160).fill(0xff);
const SSRC = 0x1badcafe;

/** A telephone that knows plain RTP: what it offers and answers is given. */
class Phone {
  readonly received: Buffer[] = [];
  readonly #address: string;
  readonly #rtp: RtpSocket;
  readonly #rtcp: RtpSocket;
  #sequence = 0;
  #sending: NodeJS.Timeout | undefined;

  private constructor(address: string, rtp: RtpSocket, rtcp: RtpSocket) {
    this.#address = address;
    this.#rtp = rtp;
    this.#rtcp = rtcp;
    rtp.onPacket((packet) => this.received.push(packet));
  }

  static async open(address: string): Promise<Phone> {
    const { rtp, rtcp } = await bindPair(address, { from: 40_000, to: 49_999 }, Math.random);
    return new Phone(address, rtp, rtcp);
  }

  describe(formats: string, attributes: readonly string[] = []): LazyDescription {
    const lines = ['v=0', `o=phone 1 1 IN IP4 ${this.#address}`, 's=-', `c=IN IP4 ${this.#address}`, 't=0 0'];
    lines.push(`m=audio ${this.#rtp.port} RTP/AVP ${formats}`, ...attributes, 'a=sendrecv', '');
    return open(lines.join('\r\n'));
  }

  /** Sends a packet each 20 ms to where the description says. */
  call(description: LazyDescription, payloadType: number, payload: Uint8Array, clock = 160): void {
    this.#rtp.signal({ address: this.#address, port: description.mediaLine(0).port });
    this.#sending = setInterval(() => {
      const sequenceNumber = this.#sequence++;
      const timestamp = clock * sequenceNumber;
      this.#rtp.send(encodeRtp({ payloadType, sequenceNumber, timestamp, ssrc: SSRC, payload }));
    }, 20);
  }

  types(): number[] {
    return [...new Set(this.received.map((packet) => decodeRtp(packet).payloadType))];
  }

  close(): void {
    clearInterval(this.#sending);
    this.#rtp.close();
    this.#rtcp.close();
  }
}

const OPUS = ['a=rtpmap:111 opus/48000/2'];
const profiles = (caller: MediaProfile, callee: MediaProfile): Record<RelaySide, MediaProfile> => ({
  caller,
  callee,
});

function errorsOf(description: LazyDescription, profile: 'webrtc' | 'sip'): string[] {
  const found = lint(description.typed(), { profile });
  return found
    .filter(({ severity }) => severity === 'error')
    .map(({ code, message }) => `${code}: ${message}`);
}

function answerErrors(offer: LazyDescription, answer: LazyDescription, profile: 'webrtc' | 'sip'): string[] {
  const found = checkAnswer(offer.typed(), answer.typed(), { profile });
  return found
    .filter(({ severity }) => severity === 'error')
    .map(({ code, message }) => `${code}: ${message}`);
}

// The WebRTC end is the embedded relay, whose other side is a telephone: so both relays are between two telephones, and
// speak ICE and DTLS-SRTP with each other.
describe('rtpengine as a relay', () => {
  const { address } = currentNetwork();
  let folder: string;
  let server: RtpengineServer;
  let rtpengine: RtpengineRelay;
  let embedded: EmbeddedRelay;
  let near: Phone;
  let far: Phone;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'crosspoint-e2e-relays-'));
    server = await startRtpengine({ folder, mediaAddress: address });
  });

  afterAll(async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  beforeEach(async () => {
    rtpengine = new RtpengineRelay({ host: server.address, port: server.port, checkMs: 200 });
    embedded = new EmbeddedRelay({ address });
    near = await Phone.open(address);
    far = await Phone.open(address);
  });

  afterEach(async () => {
    near.close();
    far.close();
    await Promise.all([rtpengine.close(), embedded.close()]);
    expect([rtpengine.size, embedded.size]).toEqual([0, 0]);
  });

  /** near - first - second - far, the relays speaking WebRTC with each other. */
  async function throughBoth(
    first: Relay,
    second: Relay,
    offer: LazyDescription,
    answer: LazyDescription,
    transcodeTo?: readonly string[],
    media: MediaProfile = 'webrtc',
  ) {
    const one = await first.open('call', profiles('rtp', media));
    const two = await second.open(
      'call',
      profiles(media, 'rtp'),
      transcodeTo === undefined ? {} : { transcodeTo },
    );
    const rules = media === 'webrtc' ? 'webrtc' : 'sip';
    const between = await one.offer('caller', offer);
    expect(errorsOf(between, rules)).toEqual([]);
    const offered = await two.offer('caller', between);
    expect(errorsOf(offered, 'sip')).toEqual([]);
    const back = await two.answer('callee', answer);
    expect(errorsOf(back, rules)).toEqual([]);
    expect(answerErrors(between, back, rules)).toEqual([]);
    const answered = await one.answer('callee', back);
    expect(answerErrors(offer, answered, 'sip')).toEqual([]);
    return { one, two, offered, answered };
  }

  it.each([
    ['as the page’s relay', (): [Relay, Relay] => [embedded, rtpengine]],
    ['as the phone’s relay toward a page', (): [Relay, Relay] => [rtpengine, embedded]],
  ])('carries sound both ways, %s', async (_, relays) => {
    const [first, second] = relays();
    const { one, two, offered, answered } = await throughBoth(
      first,
      second,
      near.describe('0 8'),
      far.describe('0'),
    );
    expect(offered.mediaLine(0)).toMatchObject({ protocol: 'RTP/AVP', formats: ['0', '8'] });
    near.call(answered, 0, ULAW_SILENCE);
    far.call(offered, 0, ULAW_SILENCE);
    await expect
      .poll(() => Math.min(near.received.length, far.received.length), { timeout: 15_000 })
      .toBeGreaterThan(25);
    for (const call of [one, two]) {
      const { callerToCallee, calleeToCaller } = await call.statistics();
      expect(callerToCallee.packets).toBeGreaterThan(20);
      expect(calleeToCaller.packets).toBeGreaterThan(20);
    }
    // Ours, under the same ICE and DTLS; and each protected only on one side.
    expect((await two.statistics()).protection).toMatchObject({
      caller: { protection: 'dtls-srtp' },
      callee: { protection: 'none' },
    });
  });

  it('changes Opus into G.711 and back', async () => {
    const { offered, answered } = await throughBoth(
      embedded,
      rtpengine,
      near.describe('111', OPUS),
      far.describe('0'),
      ['PCMU'],
    );
    expect(offered.codecs(0).map(({ name }) => name)).toEqual(['PCMU', 'telephone-event']);
    near.call(answered, 111, OPUS_SILENCE, 960);
    far.call(offered, 0, ULAW_SILENCE);
    await expect
      .poll(() => Math.min(near.received.length, far.received.length), { timeout: 15_000 })
      .toBeGreaterThan(25);
    expect([near.types(), far.types()]).toEqual([[111], [0]]);
  });

  it('speaks RTP/SAVP with a=crypto', async () => {
    const call = await rtpengine.open('srtp', profiles('rtp', 'srtp'));
    const offered = await call.offer('caller', near.describe('0'));
    expect(offered.mediaLine(0).protocol).toBe('RTP/SAVP');
    expect(offered.all(0, 'crypto').map(({ suite }) => suite)).toEqual([
      'AES_CM_128_HMAC_SHA1_80',
      'AES_CM_128_HMAC_SHA1_32',
    ]);
    expect(errorsOf(offered, 'sip')).toEqual([]);
  });

  it.each([
    ['the embedded relay offers', (): [Relay, Relay] => [embedded, rtpengine]],
    ['rtpengine offers', (): [Relay, Relay] => [rtpengine, embedded]],
  ])('understands the embedded relay under RTP/SAVP: %s', async (_, relays) => {
    const [first, second] = relays();
    const phones = [near.describe('0'), far.describe('0')] as const;
    const { offered, answered } = await throughBoth(first, second, ...phones, undefined, 'srtp');
    near.call(answered, 0, ULAW_SILENCE);
    far.call(offered, 0, ULAW_SILENCE);
    await expect
      .poll(() => Math.min(near.received.length, far.received.length), { timeout: 15_000 })
      .toBeGreaterThan(25);
    const { payload } = decodeRtp(far.received[3]!);
    expect(payload).toEqual(Buffer.from(ULAW_SILENCE));
  });

  it('refuses what nobody has in common', async () => {
    const call = await rtpengine.open('none', profiles('rtp', 'rtp'), { codecs: ['PCMU'] });
    await expect(call.offer('caller', near.describe('111', OPUS))).rejects.toMatchObject({
      code: 'no-common-codec',
    });
  });

  it('says where it let a call go', async () => {
    const call = await rtpengine.open('gone', profiles('rtp', 'rtp'));
    await call.offer('caller', near.describe('0'));
    const other = await startRtpengine({ folder, mediaAddress: address, mediaPorts: [50_000, 50_099] });
    const killed = new RtpengineRelay({ host: other.address, port: other.port, checkMs: 200 });
    const dying = await killed.open('dying', profiles('rtp', 'rtp'));
    await dying.offer('caller', near.describe('0'));
    process.kill(other.pid, 'SIGKILL');
    expect(await dying.failed).toContain('does not answer');
    await expect(killed.open('next', profiles('rtp', 'rtp'))).rejects.toBeInstanceOf(RelayError);
    await other.stop();
    await killed.close();
    // The one that lives is not disturbed.
    expect((await call.statistics()).protection.caller.protection).toBe('none');
  });
});
