import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { currentNetwork } from '@crosspoint/lab/node';
import { decodeRtp, encodeRtp, type Relay, type RelayedCall } from '@crosspoint/media';
import { bindPair, EmbeddedRelay, RtpengineRelay, type RtpSocket } from '@crosspoint/media/node';
import { type RtpengineServer, startRtpengine } from '@crosspoint/peers/node';
import { checkReoffer, type LazyDescription, lint, open } from '@crosspoint/sdp';
import type { Browser, Page } from 'puppeteer-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type BrowserName, startBrowser } from './real-browser.ts';

const ULAW_SILENCE = new Uint8Array(160).fill(0xff);
/** The number that the phone gives digits; browsers have another one. */
const EVENT = 101;
/** Packets that make "it flows": half a second. */
const ENOUGH = 25;
const PATIENCE = { timeout: 20_000, interval: 100 };

/** A telephone of PCMU and digits, which sends all the time. */
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

  /** `event` is the number of its digits; `direction` what it says of its sound. */
  describe(event: number, direction = 'sendrecv'): LazyDescription {
    const lines = ['v=0', `o=phone 1 1 IN IP4 ${this.#address}`, 's=-', `c=IN IP4 ${this.#address}`, 't=0 0'];
    lines.push(`m=audio ${this.#rtp.port} RTP/AVP 0 ${event}`, `a=rtpmap:${event} telephone-event/8000`);
    return open([...lines, `a=fmtp:${event} 0-15`, `a=${direction}`, ''].join('\r\n'));
  }

  send(description: LazyDescription): void {
    this.#rtp.signal({ address: this.#address, port: description.mediaLine(0).port });
    this.#sending ??= setInterval(() => {
      const sequenceNumber = this.#sequence++;
      const timestamp = 160 * sequenceNumber;
      this.#rtp.send(
        encodeRtp({ payloadType: 0, sequenceNumber, timestamp, ssrc: 99, payload: ULAW_SILENCE }),
      );
    }, 20);
  }

  count(payloadType: number): number {
    return this.received.filter((packet) => decodeRtp(packet).payloadType === payloadType).length;
  }

  close(): void {
    clearInterval(this.#sending);
    this.#rtp.close();
    this.#rtcp.close();
  }
}

/** What the page does; it is sent there as text. */
const PAGE = `
  window.begin = async () => {
    window.pc = new RTCPeerConnection();
    window.sound = await navigator.mediaDevices.getUserMedia({ audio: true });
    window.heard = document.body.appendChild(document.createElement('audio'));
    heard.autoplay = true;
    pc.ontrack = ({ track }) => { heard.srcObject = new MediaStream([track]); };
  };
  const whole = () => new Promise((resolve) => {
    const done = () => pc.iceGatheringState === 'complete' && resolve(pc.localDescription.sdp);
    pc.onicegatheringstatechange = done;
    done();
  });
  window.offer = async (direction) => {
    if (pc.getSenders().length === 0) pc.addTrack(sound.getAudioTracks()[0], sound);
    pc.getTransceivers()[0].direction = direction;
    await pc.setLocalDescription();
    return whole();
  };
  window.answer = async (sdp) => {
    await pc.setRemoteDescription({ type: 'offer', sdp });
    if (pc.getSenders().every(({ track }) => track === null)) pc.addTrack(sound.getAudioTracks()[0], sound);
    await pc.setLocalDescription();
    return whole();
  };
  window.take = (sdp) => pc.setRemoteDescription({ type: 'answer', sdp });
  window.figures = async () => {
    let packets = 0;
    for (const each of (await pc.getStats()).values()) if (each.type === 'inbound-rtp') packets += each.packetsReceived;
    return { state: pc.connectionState, packets };
  };
  window.press = (digits) => pc.getSenders()[0].dtmf.insertDTMF(digits, 100, 70);
`;

function errorsFor(description: LazyDescription): string[] {
  const found = lint(description.typed(), { profile: 'webrtc' });
  return found.filter(({ severity }) => severity === 'error').map(({ code }) => code);
}

describe.each<BrowserName>(['Chromium', 'Firefox'])('%s and a plain telephone', (browserName) => {
  const { address } = currentNetwork();
  let folder: string;
  let server: RtpengineServer;
  let browser: Browser;
  let web: Server;
  let page: Page;
  let phone: Phone;
  let relay: Relay;
  let call: RelayedCall;

  const run = <T>(expression: string): Promise<T> => page.evaluate(expression) as Promise<T>;
  const ask = <T>(name: string, argument = ''): Promise<T> => run<T>(`${name}(${JSON.stringify(argument)})`);
  const figures = (): Promise<{ state: string; packets: number }> => ask('figures');

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'crosspoint-e2e-relays-'));
    server = await startRtpengine({ folder, mediaAddress: address });
    browser = await startBrowser(browserName);
    // The microphone is given to pages of this machine only.
    web = createServer((_, response) => {
      response.setHeader('content-type', 'text/html');
      response.end(`<!doctype html><title>relay</title><body><script>${PAGE}</script>`);
    });
    await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
  });

  afterAll(async () => {
    await browser.close();
    web.close();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  beforeEach(async () => {
    page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(web.address() as AddressInfo).port}/`);
    await run('begin()');
    phone = await Phone.open(address);
  });

  afterEach(async () => {
    phone.close();
    await page.close();
    await relay.close();
  });

  const flows = async (): Promise<void> => {
    const [before, sent] = [(await figures()).packets, phone.count(0)];
    await expect.poll(async () => (await figures()).packets - before, PATIENCE).toBeGreaterThan(ENOUGH);
    await expect.poll(() => phone.count(0) - sent, PATIENCE).toBeGreaterThan(ENOUGH);
  };

  const RELAYS: readonly [string, () => Relay][] = [
    ['embedded', () => new EmbeddedRelay({ address })],
    ['rtpengine', () => new RtpengineRelay({ host: server.address, port: server.port })],
  ];

  it.each(RELAYS)('calls through %s, holds and comes back', async (id, openRelay) => {
    relay = openRelay();
    call = await relay.open('out', { caller: 'webrtc', callee: 'rtp' }, { codecs: ['PCMU', 'PCMA'] });
    const dial = async (direction: string, answers: string): Promise<LazyDescription> => {
      const offered = await call.offer('caller', open(await ask('offer', direction)));
      // rtpengine leaves numbers as they are: there the phone must take the offered one.
      const event = offered
        .codecs(0)
        .find(({ name, clockRate }) => name === 'telephone-event' && clockRate === 8000);
      phone.send(offered);
      const answered = await call.answer(
        'callee',
        phone.describe(id === 'embedded' ? EVENT : (event?.payloadType ?? EVENT), answers),
      );
      expect(errorsFor(answered)).toEqual([]);
      await ask('take', answered.text);
      return answered;
    };
    const first = await dial('sendrecv', 'sendrecv');
    await flows();
    if (id === 'embedded') {
      await ask('press', '42#');
      await expect.poll(async () => (await call.statistics()).callerToCallee.digits, PATIENCE).toBe('42#');
      expect(phone.count(EVENT)).toBeGreaterThan(5);
    }
    const held = await dial('sendonly', 'recvonly');
    expect(held.first(0, 'setup')).toBe(first.first(0, 'setup'));
    await dial('sendrecv', 'sendrecv');
    await flows();
    const { callerToCallee, calleeToCaller } = await call.statistics();
    expect(Math.min(callerToCallee.packets, calleeToCaller.packets)).toBeGreaterThan(2 * ENOUGH);
    expect((await figures()).state).toBe('connected');
  });

  it.each(RELAYS)('is called through %s, and held by the phone', async (_, openRelay) => {
    relay = openRelay();
    call = await relay.open('in', { caller: 'rtp', callee: 'webrtc' });
    const dial = async (direction: string): Promise<LazyDescription> => {
      const offered = await call.offer('caller', phone.describe(EVENT, direction));
      expect(errorsFor(offered)).toEqual([]);
      phone.send(await call.answer('callee', open(await ask<string>('answer', offered.text))));
      return offered;
    };
    const first = await dial('sendrecv');
    await flows();
    const held = await dial('sendonly');
    const found = checkReoffer(first.typed(), held.typed());
    expect(found.filter(({ severity }) => severity === 'error')).toEqual([]);
    await dial('sendrecv');
    await flows();
    expect((await figures()).state).toBe('connected');
  });
});
