import type { Tap } from '@crosspoint/signaling';
import type { XmppTap } from '@crosspoint/xmpp/node';
import { NS } from '../namespaces.ts';
import type { XmlElement } from '../xml/element.ts';
import { parseXml } from '../xml/parse-xml.ts';
import { XmlError } from '../xml/xml-error.ts';

type Side = 'caller' | 'callee';

/** Identifiers of strangers go into the trace no longer than this. */
const LONGEST_CALL = 64;
/** Calls, and questions that wait for their answer, that are remembered. */
const KEPT = 2000;

/** The call in the trace that a session is: its identifier. */
export function traceCallOf(sid: string): string {
  return sid.slice(0, LONGEST_CALL);
}

/** Which call each stanza belongs to, and on which side of it the Jingle client is. Shared by all nodes of a topology. */
export class StanzaCalls {
  readonly #asked = new Map<string, string>();
  readonly #clients = new Map<string, Side>();

  /** A call of this session begins; `client`: the Jingle client's side. */
  begin(call: string, client: Side): void {
    this.#clients.set(call, client);
    forgetOldest(this.#clients);
  }

  clientOf(call: string | undefined): Side {
    return (call === undefined ? undefined : this.#clients.get(call)) ?? 'callee';
  }

  knows(call: string): boolean {
    return this.#clients.has(call);
  }

  /** The call of a stanza: by its session, or by the question that it answers. */
  callOf(stanza: XmlElement): string | undefined {
    const { id, type } = stanza.attrs;
    const sid = sessionOf(stanza);
    const session = sid === undefined ? undefined : traceCallOf(sid);
    if (id === undefined) return session;
    if (session === undefined) return type === 'result' || type === 'error' ? this.#asked.get(id) : undefined;
    this.#asked.set(id, session);
    forgetOldest(this.#asked);
    return session;
  }
}

export interface StanzaTraceOptions {
  /** The node of the topology that sees the stanzas, and the server at the other end of its federation. */
  readonly node: string;
  readonly neighbour: string;
  readonly calls: StanzaCalls;
  readonly tap: Tap;
  /** Milliseconds since the Unix epoch. */
  readonly now: () => number;
}

/** A tap for a server that writes the stanzas of calls into the trace of the topology; passwords are struck out by the server. */
export function stanzaTrace({ node, neighbour, calls, tap, now }: StanzaTraceOptions): XmppTap {
  return ({ direction, service, text }) => {
    const stanza = readStanza(text);
    if (stanza === undefined) return;
    const call = calls.callOf(stanza);
    if (call === undefined) return;
    if (service === 'client' && !calls.knows(call))
      calls.begin(call, direction === 'in' ? 'caller' : 'callee');
    tap({
      at: now(),
      node,
      peer: service === 'client' ? calls.clientOf(call) : neighbour,
      direction,
      protocol: 'xmpp',
      raw: text,
      summary: summaryOf(stanza),
      call,
    });
  };
}

/** Undefined for what is no stanza: headers and negotiation of a stream. */
function readStanza(text: string): XmlElement | undefined {
  if (!/^<(?:iq|message)[\s>]/.test(text)) return undefined;
  try {
    return parseXml(text).root;
  } catch (error) {
    if (error instanceof XmlError) return undefined;
    throw error;
  }
}

/** Whatever names the session: the action (XEP-0166), or the message before and after it (XEP-0353). */
function sessionOf({ children }: XmlElement): string | undefined {
  for (const child of children) {
    if (typeof child === 'string') continue;
    if (child.name === 'jingle') return child.attrs.sid;
    if (child.xmlns === NS.messageInitiation) return child.attrs.id;
  }
  return undefined;
}

/** A few words for a ladder: `session-initiate`, `propose`, `error item-not-found`. */
export function summaryOf({ name, attrs, children }: XmlElement): string {
  const elements = children.filter((child): child is XmlElement => typeof child !== 'string');
  const jingle = elements.find((child) => child.name === 'jingle');
  if (attrs.type === 'error') {
    const error = elements.find((child) => child.name === 'error');
    const condition = error?.children.find((child) => typeof child !== 'string' && child.name !== 'text');
    return `error ${typeof condition === 'object' ? condition.name : ''}`.trim();
  }
  if (jingle !== undefined) return jingle.attrs.action ?? 'jingle';
  const message = elements.find((child) => child.xmlns === NS.messageInitiation);
  return message?.name ?? attrs.type ?? name;
}

function forgetOldest(kept: Map<string, unknown>): void {
  if (kept.size <= KEPT) return;
  for (const oldest of kept.keys()) {
    kept.delete(oldest);
    return;
  }
}
