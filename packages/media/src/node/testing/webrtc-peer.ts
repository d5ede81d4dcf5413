import { open } from '@crosspoint/sdp';
import ndc, { type PeerConnection, type Track } from 'node-datachannel';
import { readRemoteWebrtc } from '../../relay/remote-transport.ts';
import { ENGINE_MID, engineDescription, readEngine } from '../engine-description.ts';

/** A browser-like end for tests: one transport, and m-lines as the test words them. */
export class WebrtcPeer {
  readonly received: Buffer[] = [];
  readonly #pc: PeerConnection;
  readonly #track: Track;
  readonly #waiting: { readonly count: number; readonly done: () => void }[] = [];
  readonly #states: string[] = [];
  #onState: (state: string) => void = () => {};
  #version = 1;

  constructor() {
    this.#pc = new ndc.PeerConnection('peer', {
      iceServers: [],
      bindAddress: '127.0.0.1',
      disableAutoNegotiation: true,
      forceMediaTransport: true,
    });
    const audio = new ndc.Audio(ENGINE_MID, 'SendRecv');
    audio.addAudioCodec(0, 'PCMU');
    this.#track = this.#pc.addTrack(audio);
    this.#track.onMessage((bytes) => this.#take(bytes));
    const news = (state: string): void => {
      this.#states.push(state);
      this.#onState(state);
    };
    this.#pc.onStateChange(news);
    this.#track.onOpen(() => news('open'));
  }

  /** Resolves with `connected` once it can send, or with `failed`. */
  up(): Promise<string> {
    return new Promise((resolve) => {
      this.#onState = (state) => {
        if (state === 'failed' || state === 'closed') resolve('failed');
        else if (this.#track.isOpen()) resolve('connected');
      };
      for (const state of this.#states) this.#onState(state);
    });
  }

  offer(media: readonly string[]): string {
    if (this.#version === 1) this.#pc.setLocalDescription('offer');
    return this.describe('actpass', media);
  }

  answer(offer: string, media: readonly string[]): string {
    if (this.#pc.remoteDescription() === null) {
      this.#pc.setRemoteDescription(engineDescription(readRemoteWebrtc(open(offer), 0)), 'offer');
      this.#pc.setLocalDescription('answer');
      this.#addCandidates(offer);
    }
    return this.describe(this.#setup, media);
  }

  connect(answer: string): void {
    if (this.#pc.remoteDescription() !== null) return;
    this.#pc.setRemoteDescription(engineDescription(readRemoteWebrtc(open(answer), 0)), 'answer');
    this.#addCandidates(answer);
  }

  get #setup(): string {
    return readEngine(this.#pc.localDescription()!.sdp).setup;
  }

  /** m-sections are texts such as `audio 0 101\na=rtpmap:...`; the transport is filled in. */
  describe(setup: string, media: readonly string[]): string {
    const { ufrag, pwd, fingerprint, candidates } = readEngine(this.#pc.localDescription()!.sdp);
    const lines = ['v=0', `o=- 77 ${this.#version++} IN IP4 127.0.0.1`, 's=-', 't=0 0'];
    lines.push(`a=group:BUNDLE ${media.map((_, index) => index).join(' ')}`);
    media.forEach((text, index) => {
      const [kind, ...rest] = text.split('\n');
      const [name, ...formats] = kind!.split(' ');
      const protocol = name === 'application' ? 'UDP/DTLS/SCTP' : 'UDP/TLS/RTP/SAVPF';
      lines.push(`m=${name} 9 ${protocol} ${formats.join(' ')}`, 'c=IN IP4 0.0.0.0', `a=mid:${index}`);
      lines.push(`a=ice-ufrag:${ufrag}`, `a=ice-pwd:${pwd}`, `a=setup:${setup}`);
      lines.push(`a=fingerprint:${fingerprint.hash} ${fingerprint.value}`);
      if (name !== 'application') lines.push('a=rtcp-mux');
      lines.push(...rest);
      if (index === 0) lines.push(...candidates.map((each) => `a=${each}`));
    });
    return `${lines.join('\r\n')}\r\n`;
  }

  #addCandidates(description: string): void {
    for (const candidate of readRemoteWebrtc(open(description), 0).candidates) {
      this.#pc.addRemoteCandidate(candidate, ENGINE_MID);
    }
  }

  send(packet: Uint8Array): void {
    this.#track.sendMessageBinary(Buffer.from(packet));
  }

  #take(bytes: Buffer): void {
    this.received.push(bytes);
    for (const each of this.#waiting) if (this.received.length >= each.count) each.done();
  }

  /** Resolves when so many packets were received in all. */
  packets(count: number): Promise<void> {
    if (this.received.length >= count) return Promise.resolve();
    return new Promise((done) => {
      this.#waiting.push({ count, done });
    });
  }

  close(): void {
    this.#pc.close();
  }
}
