import ndc, { type DataChannel, type PeerConnection, type Track } from 'node-datachannel';
import { ENGINE_AUDIO_MID, type EngineTransport, engineRemote, readEngine } from './engine-sdp.ts';
import { type IceServerEntry, toEngineServers } from './ice-servers.ts';
import type { RemoteTransport } from './sdp-read.ts';

export interface EngineOptions {
  readonly iceServers: readonly IceServerEntry[];
  readonly ssrc: number;
  /** The only local address; without it all of the machine's but loopback. */
  readonly bindAddress?: string;
  /**
   * Compares the far side's certificate here, once DTLS is up, and lets nothing through before. libdatachannel 0.24
   * refuses the right certificate where a check of the far side's overtakes its answer (its pull request 1612), which
   * is for who cannot keep the candidates back until then.
   */
  readonly lateFingerprint?: boolean;
}

export interface EngineEvents {
  /** As `RTCPeerConnection.connectionState`. */
  state(state: string): void;
  /** `candidates` grew, or became complete. */
  gathered(): void;
  /** An RTP or RTCP packet, decrypted. */
  packet(bytes: Uint8Array): void;
  channel(channel: DataChannel): void;
}

export interface SelectedPair {
  readonly local: string;
  readonly remote: string;
  readonly protocol: string;
}

/** ICE, DTLS-SRTP and SCTP of one transport, by libdatachannel. What it carries is agreed elsewhere. */
export class MediaEngine {
  /** Without `a=`. */
  readonly candidates: string[] = [];
  readonly gathered: Promise<void>;
  complete = false;
  readonly #pc: PeerConnection;
  readonly #track: Track;
  readonly #events: EngineEvents;
  #remote: RemoteTransport | undefined;
  #withData = false;
  #closed = false;
  /** The certificate is the one that was described; libdatachannel sees to it, unless it was told not to. */
  #trusted: boolean;

  constructor(options: EngineOptions, events: EngineEvents) {
    this.#events = events;
    this.#trusted = options.lateFingerprint !== true;
    this.#pc = new ndc.PeerConnection('embedded', {
      iceServers: toEngineServers(options.iceServers),
      // Offer and answer are ours; SRTP is there from the start, whatever is agreed first.
      disableAutoNegotiation: true,
      forceMediaTransport: true,
      ...(options.bindAddress !== undefined ? { bindAddress: options.bindAddress } : {}),
      ...(options.lateFingerprint === true ? { disableFingerprintVerification: true } : {}),
    });
    const pc = this.#pc;
    this.gathered = new Promise((resolve) => {
      pc.onGatheringStateChange((state) => {
        if (state !== 'complete' || this.complete || this.#closed) return;
        // node-datachannel queues each kind of callback by itself: this one overtakes the last candidates.
        const sdp = pc.localDescription()?.sdp ?? '';
        for (const line of sdp.split(/\r?\n/)) if (line.startsWith('a=candidate:')) this.#candidate(line);
        this.complete = true;
        events.gathered();
        resolve();
      });
    });
    pc.onLocalCandidate((line) => this.#candidate(line));
    pc.onStateChange((state) => {
      if (this.#closed) return;
      if (state === 'connected') this.#trusted ||= this.#isDescribed();
      events.state(state === 'connected' && !this.#trusted ? 'failed' : state);
    });
    pc.onDataChannel((channel) => {
      if (!this.#closed) events.channel(channel);
    });
    const audio = new ndc.Audio(ENGINE_AUDIO_MID, 'SendRecv');
    audio.addAudioCodec(0, 'PCMU');
    audio.addAudioCodec(8, 'PCMA');
    audio.addSSRC(options.ssrc, 'embedded');
    this.#track = pc.addTrack(audio);
    this.#track.onMessage((bytes) => {
      if (!this.#closed && this.#trusted) events.packet(bytes);
    });
  }

  #isDescribed(): boolean {
    const { value, algorithm } = this.#pc.remoteFingerprint();
    return this.#remote?.fingerprint.toUpperCase() === `${algorithm} ${value}`.toUpperCase();
  }

  #candidate(line: string): void {
    const candidate = line.replace(/^a=/, '');
    if (this.#closed || this.candidates.includes(candidate)) return;
    this.candidates.push(candidate);
    this.#events.gathered();
  }

  /** Opens the near end first: we offer. With data, `label` is opened at once, or SCTP would not be negotiated. */
  offer(label: string | undefined): EngineTransport {
    if (label !== undefined) {
      this.#withData = true;
      this.#events.channel(this.#pc.createDataChannel(label));
    }
    this.#pc.setLocalDescription('offer');
    return this.#local();
  }

  /** The far side's end, where we offered. */
  connect(remote: RemoteTransport, withData: boolean): void {
    this.#remote = remote;
    this.#withData = withData;
    this.#pc.setRemoteDescription(engineRemote(remote, withData), 'answer');
  }

  /** Opens both ends: the far side offered. */
  answer(remote: RemoteTransport, withData: boolean): EngineTransport {
    this.#remote = remote;
    this.#withData = withData;
    this.#pc.setRemoteDescription(engineRemote(remote, withData), 'offer');
    this.#pc.setLocalDescription('answer');
    return this.#local();
  }

  /** Brings SCTP up on a transport that was made without it: the far side added data in the call. */
  addData(): void {
    if (this.#withData || this.#remote === undefined) return;
    this.#withData = true;
    this.#pc.setRemoteDescription(engineRemote(this.#remote, true), 'offer');
    this.#pc.setLocalDescription('answer');
  }

  get remote(): RemoteTransport | undefined {
    return this.#remote;
  }

  #local(): EngineTransport {
    const description = this.#pc.localDescription();
    if (description === null) throw new Error('libdatachannel gave no local description');
    return readEngine(description.sdp);
  }

  /** @throws Error where libdatachannel cannot read it */
  addCandidate(candidate: string): void {
    this.#pc.addRemoteCandidate(candidate, ENGINE_AUDIO_MID);
  }

  openChannel(label: string): DataChannel {
    return this.#pc.createDataChannel(label);
  }

  /** Sends RTP or RTCP; `false` where the transport is not up. */
  send(packet: Uint8Array): boolean {
    if (this.#closed || !this.#trusted || !this.#track.isOpen()) return false;
    return this.#track.sendMessageBinary(Buffer.from(packet.buffer, packet.byteOffset, packet.byteLength));
  }

  get state(): string {
    return this.#pc.state();
  }

  get selected(): SelectedPair | undefined {
    const pair = this.#pc.getSelectedCandidatePair();
    if (pair === null) return undefined;
    const write = (end: { type: string; address: string; port: number }): string =>
      `${end.type} ${end.address.includes(':') ? `[${end.address}]` : end.address}:${end.port}`;
    return {
      local: write(pair.local),
      remote: write(pair.remote),
      protocol: pair.local.transportType.toLowerCase(),
    };
  }

  get hasData(): boolean {
    return this.#withData;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#pc.close();
  }
}
