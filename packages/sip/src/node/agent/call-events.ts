import type { SipBody } from '../../agent/body.ts';
import type { SipRequest, SipResponse } from '../../message/message.ts';
import type { NameAddr } from '../../message/name-addr.ts';
import type { Reason } from '../../message/reason.ts';

/** A provisional response above 100 to our INVITE. */
export interface ProvisionalEvent {
  readonly status: number;
  readonly reason: string;
  /** To-tag: which fork says it; empty where there is none. */
  readonly tag: string;
  readonly body: SipBody | undefined;
  readonly reliable: boolean;
  /**
   * Acknowledges a reliable response. Needed only where the INVITE went without an offer and this response brings one:
   * the answer goes here. Everything else is acknowledged by itself.
   */
  prack(body?: SipBody): void;
  readonly response: SipResponse;
}

/** A 2xx to our INVITE. */
export interface AcceptedEvent {
  readonly tag: string;
  readonly body: SipBody | undefined;
  /** Needed only where the INVITE went without an offer: the answer goes here. Else the ACK went by itself. */
  ack(body?: SipBody): void;
  readonly response: SipResponse;
}

/** No call: a refusal of the far side, or none that came in time. */
export interface RefusedEvent {
  /** 300-699; 408 for no answer in time and 503 for a transport that failed, where no response says so itself. */
  readonly status: number;
  readonly reason: string;
  readonly reasons: readonly Reason[];
  /** Addresses of a 3xx, the best first. */
  readonly contacts: readonly NameAddr[];
  /** Absent where this side gave up by itself. */
  readonly response: SipResponse | undefined;
}

/** The call is over after it was up. */
export interface EndedEvent {
  readonly by: 'remote' | 'local';
  /**
   * `bye`: it was hung up. `expired`: the session timer ran out. `no-ack`: our 2xx was never acknowledged.
   * `gone`: the far side does not know the call any more, or cannot be reached. `replaced`: another call took over.
   */
  readonly why: 'bye' | 'expired' | 'no-ack' | 'gone' | 'replaced';
  readonly reasons: readonly Reason[];
  /** What told that it is gone: `481 Call Does Not Exist`. */
  readonly words?: string;
  readonly request?: SipRequest;
}

/** The far side re-negotiates, by re-INVITE or UPDATE. */
export interface OfferEvent {
  readonly method: 'INVITE' | 'UPDATE';
  /** Absent where our offer is asked for (the answer then comes in the ACK). */
  readonly body: SipBody | undefined;
  accept(body?: SipBody): void;
  refuse(status: number, reason?: string, headers?: readonly (readonly [string, string])[]): void;
  readonly request: SipRequest;
}

/** INFO (RFC 6086, and the older uses of RFC 2976). */
export interface InfoEvent {
  /** `Info-Package`, where one is named. */
  readonly package: string | undefined;
  readonly body: SipBody | undefined;
  /** Answers; 200 is answered by itself after the handler where this was not called. */
  respond(status: number, reason?: string): void;
  readonly request: SipRequest;
}

/** The far side asks that we call somebody (RFC 3515). */
export interface ReferEvent {
  /** The address to call, as written; a `Replaces` of an attended transfer stands in its headers. */
  readonly target: NameAddr;
  readonly referredBy: string | undefined;
  /** Answers 202; what is given tells the far side how the new call fares, the last report with a final status. */
  accept(): (status: number, reason?: string) => void;
  refuse(status: number, reason?: string): void;
  readonly request: SipRequest;
}

/** PRACK with an offer or an answer (RFC 3262 section 5). */
export interface PrackEvent {
  readonly body: SipBody;
  /** True where the body is an offer, whose answer `respond` brings. */
  readonly isOffer: boolean;
  respond(body?: SipBody): void;
  refuse(status: number, reason?: string): void;
}

/** What a call tells its owner. Set what is of interest; everything else has its right answer without it. */
export interface CallHandlers {
  provisional?(event: ProvisionalEvent): void;
  accepted?(event: AcceptedEvent): void;
  refused?(event: RefusedEvent): void;
  /** The caller gave up before we answered; 487 was sent. */
  cancelled?(reasons: readonly Reason[]): void;
  /** ACK of our 2xx: to the INVITE or, with `reinvite`, to a later one. A body is the answer to our offer. */
  acknowledged?(body: SipBody | undefined, reinvite: boolean): void;
  prack?(event: PrackEvent): void;
  offered?(event: OfferEvent): void;
  info?(event: InfoEvent): void;
  refer?(event: ReferEvent): void;
  /** The session timer was refreshed by either side. */
  refreshed?(): void;
  ended?(event: EndedEvent): void;
}

/** How a request within the call fared. */
export interface Outcome {
  readonly status: number;
  readonly reason: string;
  readonly body: SipBody | undefined;
  readonly response: SipResponse | undefined;
}
