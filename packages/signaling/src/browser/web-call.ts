import { describeEndReason, type EndReason } from '../end-reason.ts';
import type { ServerMessage, WireCandidate } from '../protocol.ts';
import type { MessageHead } from '../wire.ts';
import { attachTrack, preferOffered } from './attach-track.ts';
import type { CallEvents, CallOptions, CallPhase } from './call-events.ts';
import { heldByFarSide, offersPicture, remoteTracks } from './far-side.ts';
import { Negotiation } from './negotiation.ts';
import { withoutOrphanFeedback } from './orphan-feedback.ts';
import { sendDigits } from './send-digits.ts';

type Send = (head: MessageHead, sdp?: string) => void;

/**
 * One call of a page: an RTCPeerConnection, negotiated over the web protocol. The caller is the impolite side of
 * perfect negotiation and the callee the polite one (RFC 9429 section 4.1.10.2), so that two offers at once converge.
 */
export class WebCall {
  readonly id: string;
  readonly party: string;
  readonly outgoing: boolean;
  /** Coming in: our own call whose place it takes. Going out: what the callee is told of the one that it takes there. */
  readonly replaces: string | undefined;
  readonly connection: RTCPeerConnection;
  phase: CallPhase;
  reason: EndReason | undefined;
  #held = false;
  readonly #send: Send;
  readonly #options: CallOptions;
  readonly #events: CallEvents;
  readonly #channels = new Map<string, RTCDataChannel>();
  readonly #negotiation: Negotiation;
  #pictured = false;
  #answered = false;
  #again = false;
  #refused = false;
  /** The caller made no offer: ours goes out when a person accepts. */
  #late = false;
  /** One thing at a time: what the far side says is taken in order, each to its end. */
  #turn: Promise<void> = Promise.resolve();

  constructor(
    id: string,
    party: string,
    outgoing: boolean,
    send: Send,
    options: CallOptions,
    events: CallEvents,
    replaces?: string,
  ) {
    this.id = id;
    this.replaces = replaces;
    this.party = party;
    this.outgoing = outgoing;
    this.phase = outgoing ? 'calling' : 'incoming';
    this.#send = send;
    this.#options = options;
    this.#events = events;
    this.connection = new RTCPeerConnection({
      iceServers: [...options.iceServers],
      iceTransportPolicy: options.iceTransportPolicy,
      bundlePolicy: 'max-bundle',
    });
    this.#negotiation = new Negotiation({
      connection: this.connection,
      impolite: outgoing,
      trickle: options.trickle,
      finish: (sdp) => this.#finish(sdp),
      send: (type, sdp) => send({ type, call: id }, sdp),
      mayOffer: () => this.phase !== 'ended',
      data: () => this.#channels.size > 0,
      inTurn: (work) => this.#inTurn(work),
      described: () => this.#described(),
      trouble: (words) => events.trouble(words),
    });
    this.#listen();
  }

  #listen(): void {
    const pc = this.connection;
    pc.onicecandidate = ({ candidate }) => {
      if (!this.#options.trickle || this.phase === 'ended') return;
      const json = candidate?.toJSON();
      const wire: WireCandidate =
        json === undefined ? { candidate: '' } : { ...json, candidate: json.candidate ?? '' };
      this.#send({ type: 'candidates', call: this.id, candidates: [wire] });
    };
    pc.onnegotiationneeded = () => {
      // After a refusal the browser asks again at once, for ever; the next change of ours carries what was refused.
      if (this.#refused) return;
      if (this.#answered) this.#negotiation.offer();
      else this.#again = true;
    };
    pc.ontrack = () => this.#events.tracks(this.remoteTracks());
    pc.ondatachannel = ({ channel }) => this.#adopt(channel);
    pc.onconnectionstatechange = () => {
      this.#events.transport(pc.connectionState);
    };
  }

  #adopt(channel: RTCDataChannel): void {
    this.#channels.set(channel.label, channel);
    channel.binaryType = 'arraybuffer';
    this.#events.channel(channel);
  }

  /** A data channel by its label; made, and negotiated, where it is not there yet. */
  channel(label: string): RTCDataChannel {
    const known = this.#channels.get(label);
    if (known !== undefined && known.readyState !== 'closed') return known;
    const made = this.connection.createDataChannel(label);
    this.#adopt(made);
    return made;
  }

  remoteTracks(): MediaStreamTrack[] {
    return remoteTracks(this.connection);
  }

  /** Places the call with these tracks. */
  async start(tracks: readonly MediaStreamTrack[]): Promise<void> {
    for (const track of tracks) attachTrack(this.connection, track, this.#options);
    if (this.#options.data) this.channel('chat');
    await this.connection.setLocalDescription();
    this.#negotiation.began();
    await this.#negotiation.gathered();
    if (this.phase === 'ended') return;
    const replaces = this.replaces === undefined ? {} : { replaces: this.replaces };
    this.#send({ type: 'call', call: this.id, to: this.party, ...replaces }, this.#negotiation.localSdp());
  }

  /** Whether the caller wants to see and be seen. */
  get pictured(): boolean {
    return this.#pictured;
  }

  /** Takes the offer of an incoming call, or none where the page is to make it: the page rings. */
  async ring(sdp: string | undefined): Promise<void> {
    if (sdp === undefined) {
      this.#late = true;
      if (this.phase === 'incoming') this.#send({ type: 'ringing', call: this.id });
      return;
    }
    this.#pictured = offersPicture(sdp);
    await this.#inTurn(async () => {
      await this.connection.setRemoteDescription({ type: 'offer', sdp });
      await this.#negotiation.addEarly();
    });
    if (this.phase === 'incoming') this.#send({ type: 'ringing', call: this.id });
  }

  /** Answers an incoming call with these tracks. */
  async accept(tracks: readonly MediaStreamTrack[]): Promise<void> {
    await this.#inTurn(async () => {
      for (const track of tracks) attachTrack(this.connection, track, this.#options);
      if (this.#late) await this.#offerLate();
      else {
        preferOffered(this.connection, this.#options);
        await this.connection.setLocalDescription();
        await this.#negotiation.gathered();
        this.#send({ type: 'accept', call: this.id }, this.#negotiation.localSdp());
      }
      this.#settle('connected');
    });
  }

  /** The offer that the caller left to us; its answer comes as to any other. */
  async #offerLate(): Promise<void> {
    await this.connection.setLocalDescription();
    this.#negotiation.began();
    await this.#negotiation.gathered();
    this.#send({ type: 'offer', call: this.id }, this.#negotiation.localSdp());
    this.#send({ type: 'accept', call: this.id });
  }

  #finish(sdp: string): string {
    const restricted = this.#options.audioCodecs.length > 0 || this.#options.videoCodecs.length > 0;
    return restricted ? withoutOrphanFeedback(sdp) : sdp;
  }

  /** A message of this call. */
  take(head: ServerMessage, sdp: string | undefined): void {
    void this.#inTurn(() => this.#take(head, sdp));
  }

  async #take(head: ServerMessage, sdp: string | undefined): Promise<void> {
    switch (head.type) {
      case 'ringing':
        if (this.phase === 'calling') this.#enter('ringing');
        return;
      case 'answer':
        await this.#negotiation.remoteAnswer(sdp ?? '');
        if (this.phase === 'calling' || this.phase === 'ringing') this.#enter('early');
        return;
      case 'accept':
        if (sdp !== undefined) await this.#negotiation.remoteAnswer(sdp);
        this.#settle('connected');
        return;
      case 'offer':
        return this.#negotiation.remoteOffer(sdp ?? '');
      case 'ask-offer':
        // Our own that is out is the one that is asked for.
        if (this.#answered && this.connection.signalingState === 'stable') this.#negotiation.offerAsked();
        return;
      case 'refuse':
        this.#refused = head.why === 'not-acceptable';
        await this.#negotiation.refused(head.why);
        if (head.why === 'not-acceptable')
          this.#events.trouble(head.text ?? 'the far side refused the change');
        return;
      case 'candidates':
        for (const candidate of head.candidates) await this.#negotiation.addCandidate(candidate);
        return;
      case 'transferred':
        if (head.reason === undefined) this.end({ code: 'normal', text: 'transferred' });
        else this.#events.trouble(`the transfer failed: ${describeEndReason(head.reason as EndReason)}`);
        return;
      case 'end':
        this.#over(head.reason as EndReason);
        return;
      case 'error':
        if (this.phase !== 'connected') this.end({ code: 'protocol-error', text: head.text });
        else this.#events.trouble(head.text);
        return;
    }
  }

  /** After each exchange: who is held, and which tracks there are. */
  #described(): void {
    const held = heldByFarSide(this.connection);
    if (held !== this.#held) {
      this.#held = held;
      this.#events.held(held);
    }
    this.#events.tracks(this.remoteTracks());
  }

  #settle(phase: CallPhase): void {
    if (this.phase === 'ended') return;
    this.#answered = true;
    this.#enter(phase);
    this.#described();
    if (this.#again) {
      this.#again = false;
      if (this.outgoing && this.connection.signalingState === 'stable' && this.#unsettled())
        this.#negotiation.offer();
    }
  }

  /** Whether something was added that the first exchange did not carry. */
  #unsettled(): boolean {
    return this.connection
      .getTransceivers()
      .some((each) => each.mid === null && each.direction !== 'stopped');
  }

  /** Hold (RFC 3264 section 8.4): we go on sending nothing but silence, and ask to be sent nothing. */
  hold(on: boolean): void {
    this.#refused = false;
    for (const transceiver of this.connection.getTransceivers()) {
      if (transceiver.direction === 'stopped') continue;
      const track = transceiver.sender.track;
      if (track === null) transceiver.direction = on ? 'inactive' : 'recvonly';
      else transceiver.direction = on ? 'sendonly' : 'sendrecv';
      if (track !== null) track.enabled = !on;
    }
    this.changed();
  }

  /** What the page changed at the connection itself is offered, where the browser does not ask for that. */
  changed(): void {
    queueMicrotask(() => this.#negotiation.changed());
  }

  /** Adds a track in the call. */
  add(track: MediaStreamTrack): void {
    this.#refused = false;
    attachTrack(this.connection, track, this.#options);
    this.changed();
  }

  /** Takes a kind of media out of the call: its m-section is closed (RFC 9429 section 4.2.4). */
  remove(kind: 'audio' | 'video'): void {
    this.#refused = false;
    for (const transceiver of this.connection.getTransceivers()) {
      if (transceiver.receiver.track.kind === kind && transceiver.direction !== 'stopped') transceiver.stop();
    }
    this.changed();
  }

  restartIce(): void {
    this.#refused = false;
    this.#negotiation.restart();
  }

  /**
   * Sends digits by RFC 4733, in the media, behind those that are still going out. Resolves when all are out.
   * @param durationMs of each digit, 40 to 6000
   * @throws Error where the far side takes no telephone-events
   */
  async dtmf(digits: string, durationMs: number): Promise<void> {
    await sendDigits(this.connection, digits, durationMs);
  }

  /** Asks the far side to call somebody else in place of us. */
  transfer(target: string): void {
    this.#send({ type: 'transfer', call: this.id, target });
  }

  /** Joins the far side with that of another call of ours: both end here once they speak with each other. */
  connectWith(other: Pick<WebCall, 'id' | 'party'>): void {
    this.#send({ type: 'transfer', call: this.id, target: other.party, with: other.id });
  }

  /** Tells the far side, who sent us on, how that went; with a reason it came to nothing. */
  transferred(reason?: EndReason): void {
    if (this.phase === 'ended') return;
    this.#send({ type: 'transferred', call: this.id, ...(reason === undefined ? {} : { reason }) });
  }

  /** Ends, cancels or refuses the call, whichever it is now. */
  end(reason: EndReason): void {
    if (this.phase === 'ended') return;
    this.#send({ type: 'end', call: this.id, reason });
    this.#over(reason);
  }

  /** The call is over without a word to the far side: it said so, or it cannot be told. */
  close(reason: EndReason): void {
    this.#over(reason);
  }

  #over(reason: EndReason): void {
    if (this.phase === 'ended') return;
    this.reason = reason;
    this.#enter('ended');
    this.connection.close();
  }

  #enter(phase: CallPhase): void {
    this.phase = phase;
    this.#events.phase(phase, this.reason);
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const next = this.#turn.then(work);
    // A description that the browser refuses ends the attempt, not the page.
    this.#turn = next.catch((error: unknown) => {
      if (this.phase === 'ended') return;
      const text = words(error);
      this.#events.trouble(text);
      if (!this.#answered) this.end({ code: 'not-acceptable', text: ending(text) });
      else if (this.connection.signalingState === 'have-remote-offer') {
        this.#send({ type: 'refuse', call: this.id, why: 'not-acceptable', text: ending(text) });
        void this.connection.setRemoteDescription({ type: 'rollback' }).catch(() => {});
      }
    });
    return this.#turn;
  }
}

/** The end of a long text: Firefox lists its warnings before what is wrong. */
function ending(text: string): string {
  return text.length <= 200 ? text : `…${text.slice(-199)}`;
}

function words(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
