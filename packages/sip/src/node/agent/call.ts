import type { SipBody } from '../../agent/body.ts';
import type { Dialog } from '../../dialog/dialog.ts';
import type { SipRequest } from '../../message/message.ts';
import { writeReplaces } from '../../message/transfer-headers.ts';
import type { ServerTransaction } from '../endpoint/server-transaction.ts';
import type { AgentCore } from './agent-core.ts';
import type { CallHandlers, EndedEvent, Outcome } from './call-events.ts';
import type { CallSession, CallSessionHost } from './call-session.ts';
import type { OfferOutcome } from './offer-exchange.ts';

/** What can be done with a call of either direction once it is up. Without a dialog each asks back 481 at once. */
export abstract class Call implements CallSessionHost {
  readonly core: AgentCore;
  handlers: CallHandlers = {};

  constructor(core: AgentCore) {
    this.core = core;
  }

  /** Sets who is told what happens. */
  handle(handlers: CallHandlers): void {
    this.handlers = handlers;
  }

  abstract readonly direction: 'incoming' | 'outgoing';
  abstract bye(reason?: string): void;
  abstract acknowledged(request: SipRequest): boolean;
  abstract pracked(transaction: ServerTransaction): void;
  abstract over(event: EndedEvent): void;
  protected abstract get current(): CallSession | undefined;

  /** The dialog that carries the call. */
  get dialog(): Dialog | undefined {
    return this.current?.session.dialog;
  }

  /** Offers anew by re-INVITE; without a body the far side's offer is asked for, and `ack` brings the answer. */
  reinvite(body: SipBody | undefined, done: (outcome: OfferOutcome) => void = () => {}): void {
    this.#with(
      (session) => session.reinvite(body, done),
      (outcome) => done({ ...outcome, accepted: false, ack: () => {} }),
    );
  }

  /** Offers anew, or only refreshes, by UPDATE (RFC 3311): also before the call is up. */
  update(body: SipBody | undefined, done: (outcome: OfferOutcome) => void = () => {}): void {
    this.#with(
      (session) => session.update(body, done),
      (outcome) => done({ ...outcome, accepted: false, ack: () => {} }),
    );
  }

  /** Refreshes the session before its time (RFC 4028 section 7.4). `done` is told by which method, and how it went. */
  refresh(done: (outcome: OfferOutcome, method: 'UPDATE' | 'INVITE') => void): void {
    this.#with(
      (session) => {
        const method = session.refreshNow((outcome) => done(outcome, method));
      },
      (outcome) => done({ ...outcome, accepted: false, ack: () => {} }, 'INVITE'),
    );
  }

  /** INFO, with `Info-Package` where one is named (RFC 6086; `trickle-ice` as RFC 8840). */
  info(body: SipBody | undefined, infoPackage?: string, done: (outcome: Outcome) => void = () => {}): void {
    this.#with((session) => session.info(body, infoPackage, done), done);
  }

  /** Asks the far side to call somebody (RFC 3515); `progress` tells how that fares. */
  refer(
    target: string,
    options: {
      readonly referredBy?: string;
      readonly done?: (outcome: Outcome) => void;
      readonly progress?: (status: number, reason: string, isOver: boolean) => void;
    } = {},
  ): void {
    const { referredBy, done = () => {}, progress = () => {} } = options;
    const headers: [string, string][] = referredBy === undefined ? [] : [['Referred-By', referredBy]];
    this.#with((session) => session.refer(target, headers, done, progress), done);
  }

  /** Any other request within the call. */
  request(
    method: string,
    body: SipBody | undefined,
    headers: readonly (readonly [string, string])[] = [],
    done: (outcome: Outcome) => void = () => {},
  ): void {
    this.#with((session) => session.request(method, body, headers, done), done);
  }

  /** What the Replaces of another call says to take this one over at its far side (RFC 3891 section 2); where it is up. */
  get replacesValue(): string | undefined {
    const { dialog } = this;
    if (dialog === undefined) return undefined;
    // Tags as the far side of *this* call sees them: its To-tag is its own.
    const { callId, localTag, remoteTag } = dialog;
    return writeReplaces({ callId, toTag: remoteTag, fromTag: localTag });
  }

  /** The address for an attended transfer: REFER the other call's far side to it. Undefined where the call is not up. */
  get replacesTarget(): string | undefined {
    const { dialog, replacesValue: replaces } = this;
    if (dialog === undefined || replaces === undefined) return undefined;
    return `<${dialog.remoteTarget}?Replaces=${encodeURIComponent(replaces)}>`;
  }

  /** Another call replaced this one: it is hung up, and its owner is told so. */
  takenOver(): void {
    const session = this.current;
    if (session === undefined || session.isOver) return;
    session.byeQuietly('SIP;cause=200;text="Replaced"');
    this.over({ by: 'remote', why: 'replaced', reasons: [] });
  }

  #with(work: (session: CallSession) => void, refused: (outcome: Outcome) => void): void {
    const session = this.current;
    if (session !== undefined && !session.isOver) work(session);
    else {
      const reason = 'Call Does Not Exist';
      queueMicrotask(() => refused({ status: 481, reason, body: undefined, response: undefined }));
    }
  }
}
