import type { SipRequest } from '../../message/message.ts';
import { NameAddr, writeNameAddr } from '../../message/name-addr.ts';
import { sameUri } from '../../message/same-uri.ts';
import { isSipUri, parseUri } from '../../message/uri.ts';
import type { SipClock } from '../clock.ts';
import type { ServerTransaction } from '../endpoint/server-transaction.ts';
import { type Flow, isReliable, type SipAddress } from '../transport/flow.ts';
import type { Location } from './location.ts';

export interface RegistrarOptions {
  /** Seconds: the shortest taken (else 423), what is given where nothing is asked, the longest given. */
  readonly minExpires: number;
  readonly defaultExpires: number;
  readonly maxExpires: number;
}

export const DEFAULT_REGISTRAR_OPTIONS: RegistrarOptions = {
  minExpires: 60,
  defaultExpires: 600,
  maxExpires: 3600,
};

/** Takes registrations of one location table (RFC 3261 section 10.3, RFC 3327, RFC 5626). */
export class Registrar {
  readonly #location: Location;
  readonly #clock: SipClock;
  readonly #options: RegistrarOptions;

  constructor(location: Location, clock: SipClock, options: RegistrarOptions) {
    this.#location = location;
    this.#clock = clock;
    this.#options = options;
  }

  /** Answers a REGISTER that was let in for a user. May throw SipSyntaxError before it changed anything. */
  register(transaction: ServerTransaction, user: string): void {
    const { request, flow } = transaction;
    const now = this.#clock.now();
    const callId = request.callId;
    const cseqNumber = request.cseq.number;
    const known = this.#location.find(user, now);
    const contacts = request.contacts;
    let next = [...known];
    if (request.isContactStar) {
      if (request.expires !== 0) {
        transaction.respond(400, 'Contact * needs Expires 0');
        return;
      }
      // A repeated or late request must not undo a newer one (section 10.3, step 6).
      if (known.some((each) => each.callId === callId && each.cseqNumber >= cseqNumber)) {
        transaction.respond(500, 'CSeq is too low');
        return;
      }
      next = [];
    }
    for (const contact of contacts) {
      const expires = this.#expiresOf(contact, request);
      if (expires > 0 && expires < this.#options.minExpires) {
        transaction.respond(423, undefined, { headers: [['Min-Expires', String(this.#options.minExpires)]] });
        return;
      }
      const outbound = outboundOf(contact);
      const at = next.findIndex((each) =>
        outbound === undefined ? sameUri(each.uri, contact.uri) : each.outbound === outbound,
      );
      const old = next[at];
      if (old !== undefined && old.callId === callId && old.cseqNumber >= cseqNumber) {
        transaction.respond(500, 'CSeq is too low');
        return;
      }
      if (at >= 0) next.splice(at, 1);
      if (expires === 0) continue;
      next.push({
        uri: contact.uri,
        contact: writeNameAddr(
          new NameAddr(contact.displayName, contact.uri, contact.params.without('expires')),
        ),
        callId,
        cseqNumber,
        until: now + expires * 1000,
        q: Number(contact.params.get('q') ?? 1) || 0,
        path: request.getAll('Path'),
        flow: isReliable(flow.transport) && !request.has('Path') ? flow : undefined,
        isFlowOnly:
          isReliable(flow.transport) && !request.has('Path') && needsFlow(contact.uri, flow, outbound),
        source: sourceOf(contact.uri, request, flow),
        outbound,
      });
    }
    if (!this.#location.replace(user, next)) {
      transaction.respond(503, 'Too many contacts');
      return;
    }
    const headers = next.map(({ contact, until }) => {
      return ['Contact', `${contact};expires=${Math.max(1, Math.round((until - now) / 1000))}`] as const;
    });
    const extras: [string, string][] = request.getAll('Path').map((path) => ['Path', path]);
    if (next.some(({ outbound }) => outbound !== undefined)) extras.push(['Require', 'outbound']);
    transaction.respond(200, undefined, { headers: [...headers, ...extras] });
  }

  #expiresOf(contact: NameAddr, request: SipRequest): number {
    const { defaultExpires, maxExpires } = this.#options;
    const own = contact.params.get('expires');
    // A malformed value counts as the default (RFC 3261 section 20.10).
    const asked = own !== undefined && /^\d{1,10}$/.test(own) ? Number(own) : request.expires;
    return Math.min(asked ?? defaultExpires, maxExpires);
  }
}

function outboundOf(contact: NameAddr): string | undefined {
  const instance = contact.params.get('+sip.instance');
  const regId = contact.params.get('reg-id');
  return instance === undefined || regId === undefined ? undefined : `${instance} ${regId}`;
}

function needsFlow(contactUri: string, flow: Flow, outbound: string | undefined): boolean {
  if (outbound !== undefined || flow.transport === 'ws' || flow.transport === 'wss') return true;
  const uri = parseUri(contactUri);
  return !isSipUri(uri) || uri.host.toLowerCase().endsWith('.invalid');
}

// A phone behind a NAT writes an address that leads nowhere: its datagrams' source leads to it. Where no NAT is in between,
// the Contact stands, though it be another socket than the one that registered (RFC 3261 section 10.2.1).
function sourceOf(contactUri: string, request: SipRequest, flow: Flow): SipAddress | undefined {
  if (flow.transport !== 'udp' || request.has('Path') || request.vias.length > 1) return undefined;
  const uri = parseUri(contactUri);
  const { via } = request;
  if (!isSipUri(uri) || via.rport === undefined) return undefined;
  const isTranslated = !isAt(via.host, via.port, flow.remote);
  return isTranslated && !isAt(uri.host, uri.port, flow.remote) ? flow.remote : undefined;
}

function isAt(host: string, port: number | undefined, address: SipAddress): boolean {
  return host.replace(/^\[|\]$/g, '') === address.host && (port ?? 5060) === address.port;
}
