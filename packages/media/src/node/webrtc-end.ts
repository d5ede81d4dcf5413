import { sameFingerprints } from '@crosspoint/sdp';
import ndc, { type PeerConnection, type Track } from 'node-datachannel';
import { RelayError } from '../relay/relay-error.ts';
import { isUsableCandidate, type RemoteWebrtc } from '../relay/remote-transport.ts';
import type { LocalWebrtc } from '../relay/write-description.ts';
import { ENGINE_MID, engineDescription, readEngine } from './engine-description.ts';

export interface WebrtcEndOptions {
  /** The address media is anchored at. */
  readonly address: string;
  readonly ports: { readonly from: number; readonly to: number } | undefined;
  /** Names our stream for the far side's page. */
  readonly stream: string;
}

export interface WebrtcEndEvents {
  /** RTP or RTCP, decrypted; the bytes are the receiver's. */
  packet(bytes: Buffer): void;
  failed(words: string): void;
}

/**
 * Who answers lets the offerer check first, for so long, in milliseconds: its first check says that it has the answer, a
 * ClientHello that comes to it earlier is lost, and the next one comes a second later.
 */
const COURTESY_MS = 250;
/** Host candidates of one address are there at once; what takes longer does not come. */
const GATHERING_MS = 2000;
/** More than any browser has. */
const MOST_CANDIDATES = 64;

/** The relay's end of one WebRTC transport: full ICE and DTLS-SRTP by libdatachannel, all m-lines bundled on it. */
export class WebrtcEnd {
  readonly #options: WebrtcEndOptions;
  readonly #events: WebrtcEndEvents;
  #pc: PeerConnection | undefined;
  #track: Track | undefined;
  #remote: RemoteWebrtc | undefined;
  #local: LocalWebrtc | undefined;
  #offering = false;
  /** The far end's certificate is the one that was signalled. */
  #verified = false;
  /** Verified, and SRTP is up. */
  #ready = false;
  /** Candidates of a far end that is answered now, until its courtesy is over. */
  #waiting: string[] | undefined;
  /** Candidates that came before it was known which end they are of: a callee may ring for a minute. */
  readonly #early: string[] = [];
  #courtesy: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: WebrtcEndOptions, events: WebrtcEndEvents) {
    this.#options = options;
    this.#events = events;
  }

  get remote(): RemoteWebrtc | undefined {
    return this.#remote;
  }

  /** What our offer says of this end. */
  async offer(): Promise<LocalWebrtc> {
    if (this.#local === undefined) {
      this.#offering = true;
      const pc = this.#start();
      const gathered = this.#gathered(pc);
      pc.setLocalDescription('offer');
      await gathered;
      this.#local = this.#read(pc);
    }
    // RFC 8842 section 5.5: also a later offer leaves the role open; the answer keeps it.
    return { ...this.#local, setup: 'actpass' };
  }

  /** What our answer to this far end says. @throws RelayError where it restarts ICE, which libdatachannel cannot */
  async answer(remote: RemoteWebrtc): Promise<LocalWebrtc> {
    this.checkReoffer(remote);
    if (this.#remote === undefined) {
      // An offer of ours that nobody answered gives way.
      this.#pc?.close();
      this.#offering = false;
      const pc = this.#start();
      this.#remote = remote;
      this.#waiting = [...remote.candidates, ...this.#early];
      const gathered = this.#gathered(pc);
      pc.setRemoteDescription(engineDescription(remote), 'offer');
      pc.setLocalDescription('answer');
      await gathered;
      this.#local = this.#read(pc);
      this.#courtesy = setTimeout(() => this.#checkWaiting(), COURTESY_MS);
    }
    return { ...this.#local!, setup: this.#role };
  }

  /** Takes the far end that an answer to our offer named. @throws RelayError */
  connect(remote: RemoteWebrtc): void {
    if (remote.setup === 'actpass') {
      throw new RelayError('dtls-role', 'RFC 8842 section 5.3', 'an answer says a=setup:actpass');
    }
    this.checkReoffer(remote);
    if (this.#remote !== undefined) return;
    this.#remote = remote;
    this.#pc!.setRemoteDescription(engineDescription(remote), 'answer');
    for (const candidate of [...remote.candidates, ...this.#early]) this.#check(candidate);
    this.#verify();
  }

  /** @throws RelayError where a description of the far end names another transport than the one in use */
  checkReoffer(remote: RemoteWebrtc): void {
    const known = this.#remote;
    if (known === undefined) return;
    if (known.ufrag === remote.ufrag && sameFingerprints([known.fingerprint], [remote.fingerprint])) return;
    const words = 'another ICE generation or certificate; libdatachannel cannot restart ICE';
    throw new RelayError('ice-restart', 'RFC 8445 section 9', words);
  }

  addCandidate(candidate: string): void {
    if (!isUsableCandidate(candidate)) return;
    if (this.#waiting !== undefined) this.#waiting.push(candidate);
    else if (this.#remote !== undefined) this.#check(candidate);
    else if (this.#early.length < MOST_CANDIDATES) this.#early.push(candidate);
  }

  /** Sends RTP or RTCP; `false` where the transport is not up. */
  send(packet: Buffer): boolean {
    if (!this.#ready) return false;
    try {
      return this.#track!.sendMessageBinary(packet);
    } catch {
      // The transport went down, and its event is still on the way here.
      return false;
    }
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#ready = false;
    clearTimeout(this.#courtesy);
    this.#pc?.close();
  }

  /** Ours in DTLS, once it is decided: it never changes (RFC 8842 section 5.5). */
  get #role(): 'active' | 'passive' {
    if (this.#offering) return this.#remote?.setup === 'active' ? 'passive' : 'active';
    return this.#local?.setup === 'passive' ? 'passive' : 'active';
  }

  #start(): PeerConnection {
    const { address, ports } = this.#options;
    const pc = new ndc.PeerConnection('relay', {
      iceServers: [],
      bindAddress: address,
      disableAutoNegotiation: true,
      forceMediaTransport: true,
      // libdatachannel 0.24 may verify before it has stored what to verify against; it is done in `#verify`.
      disableFingerprintVerification: true,
      ...(ports === undefined ? {} : { portRangeBegin: ports.from, portRangeEnd: ports.to }),
    });
    const audio = new ndc.Audio(ENGINE_MID, 'SendRecv');
    audio.addAudioCodec(0, 'PCMU');
    const track = pc.addTrack(audio);
    this.#pc = pc;
    this.#track = track;
    pc.onStateChange((state) => this.#state(pc, state));
    track.onOpen(() => this.#verify());
    track.onMessage((bytes) => {
      // node-datachannel queues each kind of event by itself: a packet may overtake the news that the track is open.
      if (this.#ready || this.#verify()) this.#events.packet(bytes);
    });
    return pc;
  }

  #state(pc: PeerConnection, state: string): void {
    if (this.#closed || pc !== this.#pc) return;
    if (state === 'connected') this.#verify();
    else if (state === 'disconnected') this.#ready = false;
    else if (state === 'failed') this.#events.failed('ICE or DTLS with the WebRTC side failed');
    else if (state === 'closed') this.#events.failed('the WebRTC side closed its transport');
  }

  /** RFC 8827 section 6.5: no media before the certificate is known to be the signalled one. */
  #verify(): boolean {
    const remote = this.#remote;
    if (this.#closed || remote === undefined || this.#pc?.state() !== 'connected') return false;
    if (!this.#verified) {
      const { algorithm, value } = this.#pc.remoteFingerprint();
      if (!sameFingerprints([remote.fingerprint], [{ hash: algorithm, value }])) {
        this.#events.failed('the DTLS certificate is not the one of the description (RFC 8827 section 6.5)');
        this.close();
        return false;
      }
      this.#verified = true;
    }
    this.#ready = this.#track?.isOpen() === true;
    return this.#ready;
  }

  async #gathered(pc: PeerConnection): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const complete = new Promise<void>((resolve, reject) => {
      pc.onGatheringStateChange((state) => {
        if (state === 'complete') resolve();
      });
      const words = `no ICE candidate at ${this.#options.address}`;
      const late = new RelayError('relay-refused', 'RFC 8445 section 5.1.1', words);
      timer = setTimeout(() => reject(late), GATHERING_MS);
    });
    try {
      await complete;
    } finally {
      clearTimeout(timer);
    }
  }

  #read(pc: PeerConnection): LocalWebrtc {
    const own = readEngine(pc.localDescription()?.sdp ?? '');
    const { address, stream } = this.#options;
    const port = Number(
      /^candidate:\S+ 1 UDP \d+ \S+ (\d+) typ host/i.exec(own.candidates[0] ?? '')?.[1] ?? 9,
    );
    return { kind: 'webrtc', address, port, stream, ...own };
  }

  #check(candidate: string): void {
    try {
      this.#pc!.addRemoteCandidate(candidate, ENGINE_MID);
    } catch {
      // One that libjuice cannot read; the far side's own checks come to us all the same.
    }
  }

  #checkWaiting(): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    for (const candidate of waiting) this.#check(candidate);
  }
}
