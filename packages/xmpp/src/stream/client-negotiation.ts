import { parseResource } from '../address/jid.ts';
import { NS } from '../namespaces.ts';
import { base64, fromBase64, hex, type XmppCrypto } from '../sasl/crypto.ts';
import { actsAsSelf, parsePlain, type SaslCondition } from '../sasl/sasl.ts';
import { finishScram, type ScramExchange, startScram } from '../sasl/scram.ts';
import type { Users } from '../sasl/users.ts';
import { errorReply } from '../stanza/stanza-error.ts';
import { childOf, isElement, textOf, type XmlElement, xml } from '../xml/element.ts';
import { clientFeatures } from './client-features.ts';
import type { StreamCondition } from './stream-error.ts';
import type { StreamHeader } from './wire.ts';

/** Where a client's stream stands, from its first header until its resource is bound (RFC 6120 sections 4 to 7). */
export interface ClientNegotiation {
  readonly stage: 'header' | 'features' | 'challenged' | 'authenticated' | 'binding' | 'bound';
  readonly secure: boolean;
  readonly user?: string;
  readonly scram?: ScramExchange;
  /** Logins that failed on this connection. */
  readonly failures: number;
}

export type ClientInput =
  | { readonly kind: 'opened'; readonly header: StreamHeader }
  | { readonly kind: 'element'; readonly element: XmlElement }
  | { readonly kind: 'secured' };

export type ClientEffect =
  | { readonly do: 'open'; readonly header: StreamHeader }
  | { readonly do: 'send'; readonly element: XmlElement }
  | { readonly do: 'start-tls' }
  | { readonly do: 'restart' }
  | { readonly do: 'refused-login'; readonly condition: SaslCondition }
  | {
      readonly do: 'bind';
      readonly user: string;
      readonly resource: string | undefined;
      readonly iq: XmlElement;
    }
  | { readonly do: 'resume'; readonly user: string; readonly id: string; readonly handled: number }
  | { readonly do: 'fail'; readonly condition: StreamCondition; readonly text?: string };

export interface ClientSide {
  readonly domain: string;
  readonly users: Users;
  readonly crypto: XmppCrypto;
  /** STARTTLS can be done on this connection. */
  readonly tls: boolean;
  /** Without TLS nobody may log in. */
  readonly tlsRequired: boolean;
  /** PLAIN may be used without TLS: the far side is this machine. */
  readonly loopback: boolean;
  readonly caps: XmlElement;
}

type Step = { readonly state: ClientNegotiation; readonly effects: readonly ClientEffect[] };

const MOST_FAILURES = 3;

export function startClientNegotiation(secure: boolean): ClientNegotiation {
  return { stage: 'header', secure, failures: 0 };
}

/** One step of a client's way to its resource; when `bound`, elements go elsewhere. */
export function stepClient(state: ClientNegotiation, input: ClientInput, side: ClientSide): Step {
  switch (input.kind) {
    case 'opened':
      return takeHeader(state, input.header, side);
    case 'secured':
      return { state: { ...state, stage: 'header', secure: true }, effects: [] };
    case 'element':
      return takeElement(state, input.element, side);
  }
}

function takeHeader(state: ClientNegotiation, header: StreamHeader, side: ClientSide): Step {
  const own: StreamHeader = {
    from: side.domain,
    to: header.from,
    id: hex(side.crypto.random(16)),
    version: '1.0',
    content: NS.client,
  };
  const open: ClientEffect = { do: 'open', header: own };
  const fail = (condition: StreamCondition, text: string): Step => ({
    state,
    effects: [open, { do: 'fail', condition, text }],
  });
  if (state.stage !== 'header' && state.stage !== 'authenticated')
    return { state, effects: [{ do: 'fail', condition: 'policy-violation', text: 'a second header' }] };
  if (header.content !== NS.client) return fail('invalid-namespace', `the content is not ${NS.client}`);
  if (header.to?.toLowerCase() !== side.domain) return fail('host-unknown', `this server is ${side.domain}`);
  if (!/^1\.\d+$/.test(header.version ?? '')) return fail('unsupported-version', 'XMPP 1.0 is spoken here');
  const stage = state.user === undefined ? 'features' : 'binding';
  return {
    state: { ...state, stage },
    effects: [open, { do: 'send', element: clientFeatures(state, side) }],
  };
}

function takeElement(state: ClientNegotiation, element: XmlElement, side: ClientSide): Step {
  switch (state.stage) {
    case 'features':
      if (isElement(element, 'starttls', NS.tls)) return takeStartTls(state, side);
      if (isElement(element, 'auth', NS.sasl)) return takeAuth(state, element, side);
      break;
    case 'challenged':
      if (isElement(element, 'abort', NS.sasl)) return refuseLogin(state, 'aborted');
      if (isElement(element, 'response', NS.sasl)) return takeResponse(state, element, side);
      // A client may give up one mechanism by beginning another.
      if (isElement(element, 'auth', NS.sasl)) return takeAuth(state, element, side);
      break;
    case 'binding':
      return takeBinding(state, element);
    default:
      break;
  }
  const text = `${element.name} before logging in`;
  return { state, effects: [{ do: 'fail', condition: 'not-authorized', text }] };
}

function takeStartTls(state: ClientNegotiation, side: ClientSide): Step {
  if (!side.tls || state.secure)
    return {
      state,
      effects: [
        { do: 'send', element: xml('failure', { xmlns: NS.tls }) },
        { do: 'fail', condition: 'policy-violation' },
      ],
    };
  return {
    state: { ...state, stage: 'header' },
    effects: [{ do: 'send', element: xml('proceed', { xmlns: NS.tls }) }, { do: 'start-tls' }],
  };
}

function takeAuth(state: ClientNegotiation, element: XmlElement, side: ClientSide): Step {
  const { mechanism } = element.attrs;
  if (!state.secure && side.tlsRequired) return refuseLogin(state, 'encryption-required');
  if (mechanism === 'PLAIN' && !state.secure && !side.loopback)
    return refuseLogin(state, 'encryption-required');
  const data = decodeData(element);
  switch (mechanism) {
    case 'PLAIN':
      return data === undefined ? refuseLogin(state, 'incorrect-encoding') : takePlain(state, data, side);
    case 'SCRAM-SHA-1':
    case 'SCRAM-SHA-256': {
      if (data === undefined) return refuseLogin(state, 'incorrect-encoding');
      const answer = startScram(mechanism === 'SCRAM-SHA-1' ? 'SHA-1' : 'SHA-256', data, side);
      if (answer.kind === 'refused') return refuseLogin(state, answer.condition);
      const challenge = xml('challenge', { xmlns: NS.sasl }, base64(answer.data));
      return {
        state: { ...state, stage: 'challenged', scram: answer.exchange },
        effects: [{ do: 'send', element: challenge }],
      };
    }
    default:
      return refuseLogin(state, 'invalid-mechanism');
  }
}

function takePlain(state: ClientNegotiation, data: Uint8Array, side: ClientSide): Step {
  const plain = parsePlain(data);
  if (plain === undefined) return refuseLogin(state, 'malformed-request');
  if (!actsAsSelf(plain.authzid, plain.user, side.domain)) return refuseLogin(state, 'invalid-authzid');
  if (!side.users.proves(plain.user, plain.password)) return refuseLogin(state, 'not-authorized');
  return succeed(state, plain.user, undefined);
}

function takeResponse(state: ClientNegotiation, element: XmlElement, side: ClientSide): Step {
  const data = decodeData(element);
  if (data === undefined || state.scram === undefined) return refuseLogin(state, 'incorrect-encoding');
  const answer = finishScram(state.scram, data, side);
  if (answer.kind === 'refused') return refuseLogin(state, answer.condition);
  return succeed(state, answer.user, answer.data);
}

function succeed(state: ClientNegotiation, user: string, data: Uint8Array | undefined): Step {
  const { scram: _, ...rest } = state;
  const success = xml('success', { xmlns: NS.sasl }, ...(data === undefined ? [] : [base64(data)]));
  return {
    state: { ...rest, stage: 'authenticated', user },
    effects: [{ do: 'send', element: success }, { do: 'restart' }],
  };
}

function refuseLogin(state: ClientNegotiation, condition: SaslCondition): Step {
  const { scram: _, ...rest } = state;
  const failures = state.failures + 1;
  const failure = xml('failure', { xmlns: NS.sasl }, xml(condition));
  const effects: ClientEffect[] = [
    { do: 'send', element: failure },
    { do: 'refused-login', condition },
  ];
  if (failures >= MOST_FAILURES)
    effects.push({ do: 'fail', condition: 'policy-violation', text: 'too many logins failed' });
  return { state: { ...rest, stage: 'features', failures }, effects };
}

function takeBinding(state: ClientNegotiation, element: XmlElement): Step {
  const user = state.user!;
  if (isElement(element, 'resume', NS.streamManagement)) {
    const handled = Number(element.attrs.h);
    const id = element.attrs.previd;
    if (id !== undefined && /^\d{1,10}$/.test(element.attrs.h ?? ''))
      return { state, effects: [{ do: 'resume', user, id, handled }] };
    const failed = xml(
      'failed',
      { xmlns: NS.streamManagement },
      xml('bad-request', { xmlns: NS.stanzaErrors }),
    );
    return { state, effects: [{ do: 'send', element: failed }] };
  }
  const bind = element.name === 'iq' ? childOf(element, 'bind', NS.bind) : undefined;
  if (bind === undefined || element.attrs.type !== 'set') {
    const text = `${element.name} before a resource is bound`;
    return { state, effects: [{ do: 'fail', condition: 'not-authorized', text }] };
  }
  const wanted = childOf(bind, 'resource', NS.bind);
  const name = wanted === undefined ? '' : textOf(wanted);
  const resource = name === '' ? undefined : parseResource(name);
  if (name !== '' && resource === undefined)
    return {
      state,
      effects: [{ do: 'send', element: errorReply(element, 'bad-request', 'no such resource can be') }],
    };
  return { state: { ...state, stage: 'bound' }, effects: [{ do: 'bind', user, resource, iq: element }] };
}

/** A SASL message: base64, or `=` for an empty one (RFC 6120 section 6.4.2). */
function decodeData(element: XmlElement): Uint8Array | undefined {
  const text = textOf(element);
  return text === '=' ? new Uint8Array() : fromBase64(text);
}
