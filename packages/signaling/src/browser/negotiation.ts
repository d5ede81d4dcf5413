import type { WireCandidate } from '../protocol.ts';

/** How long a full gathering may take before the description goes out with what there is. */
const GATHERING_MS = 5000;
/** How long the answer to an ICE restart waits for the first candidate that belongs to it. */
const FIRST_CANDIDATE_MS = 1000;

export interface NegotiationOptions {
  readonly connection: RTCPeerConnection;
  /** The impolite side of two offers at once wins (RFC 9429 section 4.1.10.2). */
  readonly impolite: boolean;
  /** `false`: descriptions are sent once gathering is complete. */
  readonly trickle: boolean;
  /** What is done to each own description before it is sent. */
  readonly finish: (sdp: string) => string;
  readonly send: (type: 'offer' | 'answer', sdp: string) => void;
  /** Whether an exchange may begin: the call is answered and not over. */
  readonly mayOffer: () => boolean;
  /** Whether a data channel was opened here. */
  readonly data: () => boolean;
  /** Takes its turn among what the far side says. */
  readonly inTurn: (work: () => Promise<void>) => Promise<void>;
  /** An exchange is complete. */
  readonly described: () => void;
  readonly trouble: (words: string) => void;
}

/**
 * The exchange of offers and answers of one call: perfect negotiation over one RTCPeerConnection. What the far side
 * says must be handed over in order, each thing to its end.
 */
export class Negotiation {
  readonly #options: NegotiationOptions;
  readonly #pc: RTCPeerConnection;
  #makingOffer = false;
  #ignoringOffer = false;
  /** The offer of an ICE restart that was sent and is not yet applied here: see `restart`. */
  #restarting: { readonly offer: RTCSessionDescriptionInit; answer?: string } | undefined;
  /** An ICE restart that gave way to an offer of the far side. */
  #restartOwed = false;
  #restarts = 0;
  /** The far side refused the m-section of our data channels. */
  #dataRefused = false;
  /** Our side as the last offer carried it. */
  #offered = '';
  /** Remote candidates that came before their description. */
  #early: WireCandidate[] = [];

  constructor(options: NegotiationOptions) {
    this.#options = options;
    this.#pc = options.connection;
  }

  /** Our description as it is sent. */
  localSdp(): string {
    return this.#options.finish(this.#pc.localDescription?.sdp ?? '');
  }

  /** Waits for the candidates, where they do not go one by one. */
  async gathered(): Promise<void> {
    const pc = this.#pc;
    if (this.#options.trickle || pc.iceGatheringState === 'complete') return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, GATHERING_MS);
      pc.addEventListener('icegatheringstatechange', () => {
        if (pc.iceGatheringState !== 'complete') return;
        clearTimeout(timer);
        resolve();
      });
    });
  }

  /** The first offer of the call went out, by the call itself. */
  began(): void {
    this.#offered = this.#side();
  }

  /**
   * Something changed here that has to be offered. A browser whose data m-section was refused has asked for a negotiation
   * already, for ever, and does not ask again.
   */
  changed(): void {
    if (this.#dataRefused && this.#pc.signalingState === 'stable' && !this.#makingOffer) this.offer();
  }

  /** Offers what changed here. What the far side offers meanwhile is sorted out by who is polite. */
  offer(): void {
    // A browser whose data m-section was refused asks for it again at once, for ever.
    if (this.#dataRefused && this.#side() === this.#offered) return;
    this.offerAsked();
  }

  /** Offers, whether or not anything changed here: the far side asked for it. */
  offerAsked(): void {
    // The browser asks again once the restart is over, whose offer is out.
    if (this.#restarting !== undefined || !this.#options.mayOffer()) return;
    this.#offered = this.#side();
    this.#make('offer', async () => {
      await this.#pc.setLocalDescription();
      await this.gathered();
      if (this.#pc.signalingState !== 'have-local-offer') return;
      this.#options.send('offer', this.localSdp());
    });
  }

  /**
   * ICE restart (RFC 8445 section 9). Where candidates trickle, the offer is applied here only together with its answer:
   * Chromium 156 pairs the new port with the far side's candidates of before, and where these still reply - Firefox ESR
   * 153 keeps its old port open - before the new ones are known, it nominates that pair and never checks the right one.
   * With the answer and a candidate of it at hand, the old ones are gone before the new port is there.
   */
  restart(): void {
    this.#restarts++;
    if (!this.#options.trickle || this.#pc.signalingState !== 'stable' || this.#makingOffer) {
      this.#pc.restartIce();
      return;
    }
    this.#make('restart', async () => {
      const made = await this.#pc.createOffer({ iceRestart: true });
      if (this.#pc.signalingState !== 'stable') {
        this.#restartOwed = true;
        return;
      }
      this.#restarting = { offer: made };
      this.#options.send('offer', this.#options.finish(made.sdp ?? ''));
    });
  }

  #make(what: string, work: () => Promise<void>): void {
    this.#makingOffer = true;
    void work()
      .catch((error: unknown) => {
        if (this.#pc.signalingState !== 'closed') this.#options.trouble(`${what} failed: ${String(error)}`);
      })
      .finally(() => {
        this.#makingOffer = false;
      });
  }

  /** The far side's answer to our offer; ignored where none is out. */
  async remoteAnswer(sdp: string): Promise<void> {
    if (this.#restarting !== undefined) {
      this.#restarting.answer = sdp;
      if (/^a=candidate:/m.test(sdp)) return this.#finishRestart();
      setTimeout(() => this.#options.inTurn(() => this.#finishRestart()), FIRST_CANDIDATE_MS);
      return;
    }
    await this.#applyAnswer(sdp);
  }

  async #applyAnswer(sdp: string): Promise<void> {
    if (this.#pc.signalingState !== 'have-local-offer') return;
    await this.#pc.setRemoteDescription({ type: 'answer', sdp });
    this.#dataRefused = /^m=application 0 /m.test(sdp);
    await this.addEarly();
    this.#options.described();
  }

  async #finishRestart(): Promise<void> {
    const restarting = this.#restarting;
    if (restarting?.answer === undefined) return;
    this.#restarting = undefined;
    await this.#pc.setLocalDescription(restarting.offer);
    await this.#applyAnswer(restarting.answer);
  }

  /** @throws DOMException where the browser refuses the description */
  async remoteOffer(sdp: string): Promise<void> {
    const pc = this.#pc;
    await this.#finishRestart();
    const collision = this.#makingOffer || this.#restarting !== undefined || pc.signalingState !== 'stable';
    this.#ignoringOffer = this.#options.impolite && collision;
    if (this.#ignoringOffer) return;
    if (this.#restarting !== undefined) this.#giveWay();
    await pc.setRemoteDescription({ type: 'offer', sdp });
    await this.addEarly();
    await pc.setLocalDescription();
    await this.gathered();
    this.#offered = '';
    this.#options.send('answer', this.localSdp());
    this.#options.described();
    if (!this.#restartOwed) return;
    this.#restartOwed = false;
    this.restart();
  }

  /** Our offer was refused: everything is as it was before it. */
  async refused(why: 'glare' | 'not-acceptable'): Promise<void> {
    if (this.#restarting !== undefined) {
      if (why === 'glare') this.#giveWay();
      else this.#restarting = undefined;
    }
    if (this.#pc.signalingState === 'have-local-offer') {
      await this.#pc.setLocalDescription({ type: 'rollback' });
    }
  }

  #giveWay(): void {
    this.#restarting = undefined;
    this.#restartOwed = true;
  }

  /** What of our side an offer would carry, so that two of them can be compared. */
  #side(): string {
    const media = this.#pc
      .getTransceivers()
      .map((each) => `${each.receiver.track.kind} ${each.direction} ${each.sender.track === null}`);
    return [this.#restarts, this.#options.data(), ...media].join(', ');
  }

  async addCandidate(wire: WireCandidate): Promise<void> {
    // While a restart waits for its answer, what comes belongs to a description that is not applied yet.
    if (this.#pc.remoteDescription === null || this.#restarting !== undefined) {
      this.#early.push(wire);
      if (this.#restarting?.answer !== undefined) await this.#finishRestart();
      return;
    }
    try {
      await this.#pc.addIceCandidate(
        wire.candidate === '' && wire.sdpMid == null && wire.sdpMLineIndex == null
          ? undefined
          : {
              candidate: wire.candidate,
              sdpMid: wire.sdpMid ?? null,
              sdpMLineIndex: wire.sdpMLineIndex ?? null,
              usernameFragment: wire.usernameFragment ?? null,
            },
      );
    } catch (error) {
      if (!this.#ignoringOffer) this.#options.trouble(`candidate refused: ${String(error)}`);
    }
  }

  async addEarly(): Promise<void> {
    for (const wire of this.#early.splice(0)) await this.addCandidate(wire);
  }
}
