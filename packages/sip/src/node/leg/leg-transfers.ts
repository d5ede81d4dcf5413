import type { EndReason, Signal } from '@crosspoint/signaling';
import { fromRefusal, toReasons, toRefusal } from '../../leg/end-reasons.ts';
import { replacesInUri, writeReplaces } from '../../message/transfer-headers.ts';
import { isSipUri, parseUri } from '../../message/uri.ts';
import type { Call } from '../agent/call.ts';
import type { ReferEvent } from '../agent/call-events.ts';

export interface TransferOptions {
  /**
   * What the hub's other side would dial for an address that the far side sends it on to; undefined where it may not be
   * called. Without it no transfer of the far side's is followed.
   */
  readonly transferTo?: (uri: string) => string | undefined;
  /** Another call of ours by its name in the trace, for a transfer to who is in it (RFC 5589 section 7). */
  readonly consulted?: (call: string) => Call | undefined;
}

type TransferSignal = Extract<Signal, { type: 'transfer' }>;

/** Transfers of one SIP leg (RFC 5589): those that the hub's other side asks for, and those of the far side. */
export class LegTransfers {
  readonly #options: TransferOptions;
  readonly #call: () => Call | undefined;
  readonly #tell: (signal: Signal) => void;
  /** Tells the far side how what it asked for goes. */
  #report: ((status: number, reason?: string) => void) | undefined;

  constructor(options: TransferOptions, call: () => Call | undefined, tell: (signal: Signal) => void) {
    this.#options = options;
    this.#call = call;
    this.#tell = tell;
  }

  /** Sends the far side, `party`, on to somebody else; once it is there this call is over. */
  send(signal: TransferSignal, party: string): void {
    const { target } = signal;
    const domain = /@([^;>]+)/.exec(party)?.[1] ?? '';
    const uri = /^(?:sips?|tel):/.test(target)
      ? target
      : `sip:${target.includes('@') ? target : `${target}@${domain}`}`;
    const replaces = signal.with === undefined ? '' : this.#options.consulted?.(signal.with)?.replacesValue;
    if (replaces === undefined) {
      const text = 'the other call is not with a phone, or is over';
      this.#tell({ type: 'transferred', reason: { code: 'not-acceptable', text } });
      return;
    }
    const failed = (status: number, reason: string): void =>
      this.#tell({ type: 'transferred', reason: fromRefusal(status, reason, []) });
    this.#call()?.refer(replaces === '' ? uri : `<${uri}?Replaces=${encodeURIComponent(replaces)}>`, {
      done: ({ status, reason }) => {
        if (status >= 300) failed(status, reason);
      },
      progress: (status, reason, isOver) => {
        if (!isOver || status < 200) return;
        if (status > 299) return failed(status, reason);
        const end: EndReason = { code: 'normal', text: `transferred to ${target}` };
        this.#tell({ type: 'end', reason: end });
        this.#call()?.bye(toReasons(end).join(', '));
      },
    });
  }

  /** The far side sends the hub's other side on (RFC 3515 section 2.4.2). */
  receive(event: ReferEvent): void {
    const asked = this.#read(event);
    if (asked === undefined) return event.refuse(603);
    if (this.#report !== undefined) return event.refuse(491);
    this.#report = event.accept();
    this.#tell({ type: 'transfer', ...asked });
  }

  #read({ target }: ReferEvent): Omit<TransferSignal, 'type'> | undefined {
    try {
      const uri = parseUri(target.uri);
      const method = isSipUri(uri) ? uri.params.get('method') : undefined;
      if (method !== undefined && method.toUpperCase() !== 'INVITE') return undefined;
      const to = this.#options.transferTo?.(target.uri.replace(/[;?].*$/, ''));
      const replaces = replacesInUri(target.uri);
      if (to === undefined) return undefined;
      return { target: to, ...(replaces === undefined ? {} : { replaces: writeReplaces(replaces) }) };
    } catch {
      return undefined;
    }
  }

  /** How the hub's other side fared. */
  report(reason: EndReason | undefined): void {
    const report = this.#report;
    this.#report = undefined;
    report?.(reason === undefined ? 200 : toRefusal(reason).status);
  }
}
