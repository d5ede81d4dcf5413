import { bodyOf } from '../../agent/body.ts';
import { type NameAddr, parseNameAddr } from '../../message/name-addr.ts';
import { REASON_PHRASES } from '../../message/reason-phrases.ts';
import { parseSipfrag, writeSipfrag } from '../../message/sipfrag.ts';
import type { ClockHandle } from '../clock.ts';
import type { ServerTransaction } from '../endpoint/server-transaction.ts';
import type { Outcome } from './call-events.ts';
import type { CallSession } from './call-session.ts';

/** How long the report of a transfer may take (RFC 3515 section 2.4.4), in milliseconds. */
const LONGEST_TRANSFER = 180_000;

/** Content-Type of what NOTIFY reports of a REFER (RFC 3515 section 2.4.5, RFC 3420). */
const SIPFRAG_TYPE = 'message/sipfrag;version=2.0';

type Progress = (status: number, reason: string, isOver: boolean) => void;

/** REFER and what is reported of it within a call (RFC 3515), in both directions. */
export class Transfers {
  readonly #call: CallSession;
  readonly #sent = new Map<number, { progress: Progress; timer: ClockHandle }>();

  constructor(call: CallSession) {
    this.#call = call;
  }

  send(
    target: string,
    headers: readonly (readonly [string, string])[],
    done: (outcome: Outcome) => void,
    progress: Progress,
  ): void {
    const { core, session } = this.#call;
    const cseqNumber = session.dialog.localSeq + 1;
    const timer = core.endpoint.clock.after(LONGEST_TRANSFER, () => {
      this.#sent.delete(cseqNumber);
      progress(408, 'Request Timeout', true);
    });
    this.#sent.set(cseqNumber, { progress, timer });
    this.#call.request(
      'REFER',
      undefined,
      [['Refer-To', target.includes('<') ? target : `<${target}>`], ...headers],
      (outcome) => {
        if (outcome.status >= 300) this.#forget(cseqNumber);
        done(outcome);
      },
    );
  }

  receive(transaction: ServerTransaction): void {
    const { request } = transaction;
    const values = request.getAll('Refer-To');
    let target: NameAddr;
    try {
      if (values.length !== 1) throw new Error('not one Refer-To');
      target = parseNameAddr(values[0]!);
    } catch {
      transaction.respond(400, 'One Refer-To is needed');
      return;
    }
    const handler = this.#call.handlers.refer;
    if (handler === undefined) {
      transaction.respond(603);
      return;
    }
    handler({
      target,
      referredBy: request.get('Referred-By'),
      accept: () => {
        if (transaction.isPending) {
          transaction.respond(202, undefined, { headers: [['Contact', this.#call.session.contact]] });
        }
        return this.#reporter(request.cseq.number);
      },
      refuse: (status, reason) => {
        if (transaction.isPending) transaction.respond(status, reason);
      },
      request,
    });
  }

  notified(transaction: ServerTransaction): void {
    const { request } = transaction;
    const [event = '', ...params] = (request.get('Event') ?? '').split(';').map((part) => part.trim());
    const id = params.find((each) => /^id=/i.test(each))?.slice(3);
    const known = id === undefined ? [...this.#sent.keys()].at(-1) : Number(id);
    const sent = known === undefined ? undefined : this.#sent.get(known);
    if (event.toLowerCase() !== 'refer' || sent === undefined || known === undefined) {
      transaction.respond(event.toLowerCase() === 'refer' ? 481 : 489);
      return;
    }
    transaction.respond(200);
    const body = bodyOf(request);
    const fragment = body === undefined ? undefined : statusIn(body.bytes);
    const terminated = /^\s*terminated/i.test(request.get('Subscription-State') ?? '');
    // SIP.js 0.21 says `terminated` in every report, the first included: what is under way is not over.
    const isOver = terminated && (fragment === undefined || fragment.status >= 200);
    if (isOver) this.#forget(known);
    if (fragment !== undefined || isOver) {
      sent.progress(fragment?.status ?? 0, fragment?.reason ?? '', isOver);
    }
  }

  stop(): void {
    for (const id of [...this.#sent.keys()]) this.#forget(id);
  }

  #forget(id: number): void {
    const sent = this.#sent.get(id);
    if (sent === undefined) return;
    this.#call.core.endpoint.clock.cancel(sent.timer);
    this.#sent.delete(id);
  }

  #reporter(id: number): (status: number, reason?: string) => void {
    let isOver = false;
    const report = (status: number, reason?: string) => {
      if (isOver || this.#call.isOver) return;
      isOver = status >= 200;
      this.#call.request(
        'NOTIFY',
        { bytes: writeSipfrag(status, reason ?? REASON_PHRASES[status] ?? ''), type: SIPFRAG_TYPE },
        [
          ['Event', `refer;id=${id}`],
          ['Subscription-State', isOver ? 'terminated;reason=noresource' : 'active;expires=60'],
        ],
        () => {},
      );
    };
    // The first report goes at once (RFC 3515 section 2.4.4).
    report(100);
    return report;
  }
}

function statusIn(bytes: Uint8Array): { readonly status: number; readonly reason: string } | undefined {
  try {
    const { start } = parseSipfrag(bytes);
    return start !== undefined && 'status' in start ? start : undefined;
  } catch {
    return undefined;
  }
}
