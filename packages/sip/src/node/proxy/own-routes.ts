import type { SipRequest } from '../../message/message.ts';
import type { NameAddr } from '../../message/name-addr.ts';
import { isSipUri, parseUri } from '../../message/uri.ts';
import { bracketed, type Flow, isReliable, type SipTransport } from '../transport/flow.ts';
import type { Transports } from '../transport/transports.ts';
import type { RouteMarks } from './flow-token.ts';
import type { OwnAddresses } from './own-addresses.ts';

/** A request without the Route values that are this proxy's own. */
export interface Routed {
  readonly request: SipRequest;
  /** A Route of ours says that this dialog was set up through this proxy. */
  readonly isOfDialog: boolean;
  /** The connection that a Route of ours names. */
  readonly flow: Flow | 'gone' | undefined;
}

/** The Record-Route values that a proxy writes, and what they tell when they come back as Route. */
export class OwnRoutes {
  readonly #own: OwnAddresses;
  readonly #marks: RouteMarks;
  readonly #transports: Transports;

  constructor(own: OwnAddresses, marks: RouteMarks, transports: Transports) {
    this.#own = own;
    this.#marks = marks;
    this.#transports = transports;
  }

  /** Stays in the path of the dialog: once where both sides are alike, else once for each side (RFC 5658). */
  record(
    request: SipRequest,
    from: Flow,
    toTransport: SipTransport | undefined,
    toFlow: Flow | undefined,
  ): SipRequest {
    const mark = this.#marks.ofDialog(request.callId);
    const incoming = this.#recordRoute(from.transport, from.local, connectionOf(from), mark);
    const outgoing = this.#recordRoute(
      toFlow?.transport ?? toTransport ?? from.transport,
      toFlow?.local,
      toFlow,
      mark,
    );
    const next = request.prepend('Record-Route', incoming);
    return outgoing === incoming ? next : next.prepend('Record-Route', outgoing);
  }

  #recordRoute(
    transport: SipTransport,
    local: { readonly host: string; readonly port: number } | undefined,
    connection: Flow | undefined,
    mark: string,
  ): string {
    const point = this.#transports.pointFor(transport, local?.host);
    const { host, port } = point?.advertised ?? local ?? { host: '127.0.0.1', port: 5060 };
    const user = connection === undefined ? '' : `${this.#marks.ofFlow(connection.id)}@`;
    const param = transport === 'udp' ? '' : `;transport=${transport === 'wss' ? 'ws' : transport}`;
    return `<sip:${user}${bracketed(host)}:${port}${param};lr;d=${mark}>`;
  }

  /** Takes our own Route values off (section 16.4) and says what they told. */
  strip(request: SipRequest, from: Flow): Routed {
    let left = request;
    let isOfDialog = false;
    if (!request.has('Route')) return { request, isOfDialog, flow: undefined };
    let count = 0;
    let id: number | undefined;
    for (let route: NameAddr | undefined = left.routes[0]; route !== undefined; route = left.routes[0]) {
      // A Route of ours by UDP, which is most: the same text up to its mark.
      const plain = this.#own.afterPlainRoute(route.uri);
      if (plain !== undefined) {
        left = left.removeFirst('Route');
        if (this.#marks.isOfDialog(plain, request.callId)) isOfDialog = true;
        count++;
        id = undefined;
        continue;
      }
      const uri = parseUri(route.uri);
      if (!isSipUri(uri) || !this.#own.isListening(uri)) break;
      left = left.removeFirst('Route');
      if (this.#marks.isOfDialog(uri.params.get('d'), request.callId)) isOfDialog = true;
      count++;
      id = uri.user === undefined ? undefined : this.#marks.flowOf(uri.user);
    }
    // Of two the last one is of the side to which the request goes: the other names where requests come from, though
    // this one may have come over another connection from there. A single one is of both sides.
    const leads = id !== undefined && (count > 1 || id !== from.id);
    const flow = leads ? (this.#transports.connection(id!) ?? 'gone') : undefined;
    return { request: left, isOfDialog: isOfDialog && request.to.tag !== undefined, flow };
  }
}

function connectionOf(flow: Flow): Flow | undefined {
  return isReliable(flow.transport) ? flow : undefined;
}
