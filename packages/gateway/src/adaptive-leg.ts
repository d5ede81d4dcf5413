import type { MediaProfile, Relay, RelayedCall } from '@crosspoint/media';
import type { LazyDescription } from '@crosspoint/sdp';
import type { EndReason, Leg, Signal } from '@crosspoint/signaling';
import { chooseMedia } from './policies/choose-media.ts';
import { type RelayRefusal, relayed } from './policies/relayed.ts';
import type { CallPolicy } from './policy.ts';
import type { Side } from './side.ts';

/** A leg that says when its far end is gone for good. */
export interface LosableLeg extends Leg {
  whenLost(lost: () => void): void;
}

/** How media goes, and why. */
export interface MediaChoice {
  readonly way: 'direct' | 'relay';
  /** The relay's id. */
  readonly relay?: string;
  readonly why: string;
}

export interface AdaptiveLegOptions {
  readonly callId: string;
  /** Which side of the call this leg is. */
  readonly side: Side;
  /** The leg itself; called again where the first attempt was refused and media goes through the relay then. */
  readonly makeLeg: () => LosableLeg;
  /** Fits descriptions where media goes directly. */
  readonly direct: () => CallPolicy;
  /** The relay, where there is one. */
  readonly relay: Relay | undefined;
  readonly transcodeTo?: readonly string[];
  /** `auto`: directly where both sides can, which the far side's own description tells. */
  readonly media: 'auto' | 'direct' | 'relay';
  /** What is known of the far side: what it spoke last time. */
  readonly speaks?: MediaProfile | undefined;
  /** Told at each choice. Must not throw. */
  readonly onChoice?: (choice: MediaChoice) => void;
  /** Told what the far side speaks, once it described itself so: a refusal alone says nothing of the next call. Must not throw. */
  readonly onSpoke?: (speaks: MediaProfile) => void;
  /** Must not throw. */
  readonly onRefused?: (refusal: RelayRefusal) => void;
}

/**
 * A leg to a side that may or may not speak as browsers do. Media goes directly where it can; a relay is asked for only
 * when the far side's description, or its refusal of ours, says that it cannot.
 */
export class AdaptiveLeg implements LosableLeg {
  readonly protocol: string;
  readonly party: string;
  readonly #options: AdaptiveLegOptions;
  #leg: LosableLeg;
  #policy: CallPolicy | undefined;
  #relayedCall: RelayedCall | undefined;
  /** What it is taken to speak where media goes through the relay. */
  #taken: MediaProfile | undefined;
  #offer: LazyDescription | undefined;
  #receive: ((signal: Signal) => void) | undefined;
  #waiting: Signal[] = [];
  #lost: (() => void) | undefined;
  #answered = false;
  #over = false;
  /** What is sent while the relay is still being asked. */
  #held: Signal[] = [];
  #choosing = false;
  /** In each direction in order: a translation that is late holds up what comes behind it, and nothing else. */
  readonly #turns: { out: Promise<void>; in: Promise<void> } = {
    out: Promise.resolve(),
    in: Promise.resolve(),
  };

  constructor(options: AdaptiveLegOptions) {
    this.#options = options;
    this.#leg = options.makeLeg();
    this.protocol = this.#leg.protocol;
    this.party = this.#leg.party;
    this.#listen(this.#leg);
  }

  /** The relay's part in this call, where it has one. */
  get relayedCall(): RelayedCall | undefined {
    return this.#relayedCall;
  }

  attach(receive: (signal: Signal) => void): void {
    this.#receive = receive;
    for (const signal of this.#waiting.splice(0)) receive(signal);
  }

  whenLost(lost: () => void): void {
    this.#lost = lost;
  }

  send(signal: Signal): void {
    if (this.#over) return;
    if (signal.type === 'end') {
      // Nothing holds up an end.
      this.#close();
      this.#leg.send(signal);
      return;
    }
    if (signal.type === 'offer') this.#offer = signal.description;
    if (this.#policy === undefined && !this.#choosing) this.#begin();
    if (this.#policy === undefined) this.#held.push(signal);
    else this.#sendOn(this.#policy, signal);
  }

  #begin(): void {
    const chosen = this.#choose(this.#known());
    if (!(chosen instanceof Promise)) {
      this.#policy = chosen;
      return;
    }
    this.#choosing = true;
    this.#inTurn('out', async () => {
      this.#policy = await chosen;
      this.#choosing = false;
      for (const signal of this.#held.splice(0)) this.#sendOn(this.#policy, signal);
    });
  }

  /** The policy is told at once, in order: candidates that a held offer waits for must not wait behind it. */
  #sendOn(policy: CallPolicy, signal: Signal): void {
    const toCallee = this.#options.side === 'callee';
    const given = Promise.resolve(toCallee ? policy.toCallee(signal) : policy.toCaller(signal));
    given.catch(() => {});
    this.#inTurn('out', async () => {
      for (const one of await given) {
        if (!this.#over) this.#leg.send(one);
      }
    });
  }

  #known(): { readonly speaks: MediaProfile; readonly why: string } {
    const { media, speaks } = this.#options;
    if (media === 'relay')
      return { speaks: speaks === 'srtp' ? 'srtp' : 'rtp', why: 'all media goes through the relay here' };
    if (media === 'auto' && speaks !== undefined && speaks !== 'webrtc')
      return { speaks, why: `the far side spoke ${speaks} before` };
    return { speaks: 'webrtc', why: 'not known to need a relay' };
  }

  #choose({
    speaks,
    why,
  }: {
    readonly speaks: MediaProfile;
    readonly why: string;
  }): CallPolicy | Promise<CallPolicy> {
    const { relay, media } = this.#options;
    if (speaks !== 'webrtc' && media !== 'direct' && relay !== undefined)
      return this.#anchor(relay, speaks, why);
    this.#options.onChoice?.({ way: 'direct', why });
    return this.#options.direct();
  }

  async #anchor(relay: Relay, speaks: MediaProfile, why: string): Promise<CallPolicy> {
    const { callId, side, transcodeTo, onChoice, onRefused } = this.#options;
    const profiles =
      side === 'callee'
        ? ({ caller: 'webrtc', callee: speaks } as const)
        : ({ caller: speaks, callee: 'webrtc' } as const);
    const call = await relay.open(callId, profiles, transcodeTo === undefined ? {} : { transcodeTo });
    this.#relayedCall = call;
    if (this.#over) void call.close();
    void call.failed.then((words) => this.#fail({ code: 'media-failed', text: words }));
    this.#taken = speaks;
    onChoice?.({ way: 'relay', relay: relay.id, why });
    return relayed({
      call,
      onRefused: (refusal) => {
        onRefused?.(refusal);
        const text = refusal.error instanceof Error ? refusal.error.message : String(refusal.error);
        if (!this.#answered) this.#fail({ code: 'not-acceptable', text });
      },
    });
  }

  #translate(way: 'in' | 'out', signal: Signal): readonly Signal[] | PromiseLike<readonly Signal[]> {
    const toCallee = (this.#options.side === 'callee') === (way === 'out');
    return toCallee ? this.#policy!.toCallee(signal) : this.#policy!.toCaller(signal);
  }

  #listen(leg: LosableLeg): void {
    leg.attach((signal) => {
      if (leg !== this.#leg || this.#over) return;
      this.#inTurn('in', () => this.#take(leg, signal));
    });
    leg.whenLost(() => {
      if (leg !== this.#leg || this.#over) return;
      this.#close();
      this.#lost?.();
    });
  }

  async #take(leg: LosableLeg, signal: Signal): Promise<void> {
    if (leg !== this.#leg || this.#over) return;
    if (signal.type === 'end') {
      if (await this.#tryRelay(signal.reason)) return;
      this.#end(signal);
      return;
    }
    if (signal.type === 'accepted') this.#answered = true;
    if (signal.type === 'answer' && this.#relayedCall === undefined) {
      const { speaks, why } = chooseMedia(signal.description);
      if (speaks !== 'webrtc') return this.#answeredInClear(speaks, why);
    }
    if (signal.type === 'answer') this.#options.onSpoke?.(this.#taken ?? 'webrtc');
    if (signal.type === 'offer' && this.#policy === undefined) {
      const { speaks, why, missing } = chooseMedia(signal.description);
      const spoken = missing.length > 0 && speaks === 'webrtc' ? 'rtp' : speaks;
      this.#options.onSpoke?.(spoken);
      this.#policy = await this.#choose({ speaks: spoken, why });
    }
    // Nothing is known of a side that asks but what it spoke before.
    if (signal.type === 'ask-offer') this.#policy ??= await this.#choose(this.#known());
    for (const one of await this.#translate('in', signal)) this.#tell(one);
  }

  /** A side that answers DTLS-SRTP with something else: never is media sent in clear to a browser's ear (RFC 8827). */
  async #answeredInClear(speaks: MediaProfile, why: string): Promise<void> {
    this.#leg.send({ type: 'end', reason: { code: 'not-acceptable', text: 'DTLS-SRTP was offered' } });
    if (await this.#again(speaks, `it answered DTLS-SRTP otherwise: ${why}`)) return;
    this.#end({
      type: 'end',
      reason: { code: 'not-acceptable', text: `the far side answered without DTLS-SRTP: ${why}` },
    });
  }

  async #tryRelay(reason: EndReason): Promise<boolean> {
    const status = reason.origin?.protocol === 'sip' ? reason.origin.code : '';
    const wantsOther = ['415', '488', '606'].includes(status);
    if (!wantsOther) return false;
    return this.#again('rtp', `it refused DTLS-SRTP with ${status}`);
  }

  /** The same call once more, through the relay. */
  async #again(speaks: MediaProfile, why: string): Promise<boolean> {
    const { media, relay, side } = this.#options;
    if (media !== 'auto' || relay === undefined || this.#relayedCall !== undefined) return false;
    if (side !== 'callee' || this.#offer === undefined || this.#answered || this.#over) return false;
    this.#policy = await this.#choose({ speaks, why });
    const signals = await this.#translate('out', { type: 'offer', description: this.#offer });
    if (this.#over) return true;
    this.#leg = this.#options.makeLeg();
    this.#listen(this.#leg);
    for (const one of signals) this.#leg.send(one);
    return true;
  }

  #tell(signal: Signal): void {
    if (this.#over) return;
    if (this.#receive === undefined) this.#waiting.push(signal);
    else this.#receive(signal);
  }

  #end(signal: Extract<Signal, { type: 'end' }>): void {
    if (this.#over) return;
    this.#tell(signal);
    this.#close();
  }

  /** Our own part failed: both sides are told. */
  #fail(reason: EndReason): void {
    if (this.#over) return;
    this.#leg.send({ type: 'end', reason });
    this.#end({ type: 'end', reason });
  }

  #close(): void {
    this.#over = true;
    void this.#relayedCall?.close();
  }

  #inTurn(way: 'in' | 'out', work: () => Promise<void>): void {
    this.#turns[way] = this.#turns[way].then(work).catch((error: unknown) => {
      this.#fail({ code: 'media-failed', text: error instanceof Error ? error.message : String(error) });
    });
  }
}
