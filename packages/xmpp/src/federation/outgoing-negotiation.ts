import { NS } from '../namespaces.ts';
import { base64, utf8 } from '../sasl/crypto.ts';
import { readStreamError } from '../stream/stream-error.ts';
import { childOf, elementsOf, isElement, textOf, type XmlElement, xml } from '../xml/element.ts';
import { type DialbackPair, dialbackResult, dialbackVerify } from './dialback.ts';
import type { FederationTls } from './federation-host.ts';

/** What a stream to another server is opened for. */
export type OutgoingPurpose =
  | { readonly kind: 'stanzas' }
  | { readonly kind: 'verify'; readonly id: string; readonly key: string };

/** Where a stream that we opened stands. */
export interface OutgoingNegotiation {
  readonly stage: 'header' | 'features' | 'tls' | 'external' | 'dialback' | 'ready';
  readonly secure: boolean;
  readonly streamId: string;
  /** EXTERNAL was tried and refused. */
  readonly refused: boolean;
  /** EXTERNAL succeeded. */
  readonly certified: boolean;
}

export interface OutgoingSide {
  /** Our domain is the originating one; for `verify` the receiving one. */
  readonly own: string;
  readonly remote: string;
  readonly tls: FederationTls;
  readonly purpose: OutgoingPurpose;
  /** Dialback's key for a stream to the remote domain. */
  keyOf(pair: DialbackPair, streamId: string): string;
}

export type OutgoingInput =
  | { readonly kind: 'opened'; readonly streamId: string; readonly version: string | undefined }
  | { readonly kind: 'secured' }
  | { readonly kind: 'element'; readonly element: XmlElement };

export type OutgoingEffect =
  | { readonly do: 'open' }
  | { readonly do: 'send'; readonly element: XmlElement }
  | { readonly do: 'start-tls' }
  | { readonly do: 'restart' }
  | { readonly do: 'ready' }
  | { readonly do: 'verdict'; readonly verdict: 'valid' | 'invalid' }
  | { readonly do: 'fail'; readonly text: string };

type Step = { readonly state: OutgoingNegotiation; readonly effects: readonly OutgoingEffect[] };

export const START_OUTGOING: OutgoingNegotiation = {
  stage: 'header',
  secure: false,
  streamId: '',
  refused: false,
  certified: false,
};

/** One step of the way to another server: TLS, then EXTERNAL or dialback (RFC 6120 section 5, XEP-0178, XEP-0220). */
export function stepOutgoing(state: OutgoingNegotiation, input: OutgoingInput, side: OutgoingSide): Step {
  switch (input.kind) {
    case 'opened': {
      const next = { ...state, stage: 'features', streamId: input.streamId } as const;
      // Before XMPP 1.0 there were no features, and dialback was all.
      if (input.version === undefined) return prove(next, side);
      return { state: next, effects: [] };
    }
    case 'secured':
      return { state: { ...state, stage: 'header', secure: true }, effects: [{ do: 'open' }] };
    case 'element':
      return takeElement(state, input.element, side);
  }
}

function takeElement(state: OutgoingNegotiation, element: XmlElement, side: OutgoingSide): Step {
  if (isElement(element, 'error', NS.stream)) {
    const { condition, text } = readStreamError(element);
    return fail(state, text === undefined ? condition : `${condition}: ${text}`);
  }
  switch (state.stage) {
    case 'features':
      if (isElement(element, 'features', NS.stream)) return takeFeatures(state, element, side);
      break;
    case 'tls':
      if (isElement(element, 'proceed', NS.tls)) return { state, effects: [{ do: 'start-tls' }] };
      return fail(state, 'STARTTLS was refused');
    case 'external':
      if (isElement(element, 'success', NS.sasl))
        return {
          state: { ...state, stage: 'header', certified: true },
          effects: [{ do: 'restart' }, { do: 'open' }],
        };
      // What a certificate does not prove, dialback may (XEP-0178 section 3).
      if (isElement(element, 'failure', NS.sasl)) return prove({ ...state, refused: true }, side);
      break;
    case 'dialback':
      if (isElement(element, 'result', NS.dialback) && side.purpose.kind === 'stanzas')
        return takeVerdict(state, element, side);
      if (isElement(element, 'verify', NS.dialback) && side.purpose.kind === 'verify')
        return takeVerifyAnswer(state, element, side);
      break;
    default:
      break;
  }
  return { state, effects: [] };
}

function takeFeatures(state: OutgoingNegotiation, features: XmlElement, side: OutgoingSide): Step {
  const startTls = childOf(features, 'starttls', NS.tls) !== undefined;
  if (!state.secure && startTls && side.tls !== 'none')
    return {
      state: { ...state, stage: 'tls' },
      effects: [{ do: 'send', element: xml('starttls', { xmlns: NS.tls }) }],
    };
  if (state.certified) return { state: { ...state, stage: 'ready' }, effects: [{ do: 'ready' }] };
  const mechanisms = childOf(features, 'mechanisms', NS.sasl);
  const external =
    mechanisms !== undefined && elementsOf(mechanisms).some((each) => textOf(each) === 'EXTERNAL');
  if (external && state.secure && !state.refused && side.purpose.kind === 'stanzas') {
    const auth = xml('auth', { xmlns: NS.sasl, mechanism: 'EXTERNAL' }, base64(utf8(side.own)));
    return { state: { ...state, stage: 'external' }, effects: [{ do: 'send', element: auth }] };
  }
  return prove(state, side);
}

function prove(state: OutgoingNegotiation, side: OutgoingSide): Step {
  if (!state.secure && side.tls === 'required') return fail(state, `${side.remote} offers no TLS`);
  const next = { ...state, stage: 'dialback' } as const;
  const { purpose } = side;
  if (purpose.kind === 'verify') {
    const pair = { originating: side.remote, receiving: side.own };
    return { state: next, effects: [{ do: 'send', element: dialbackVerify(pair, purpose.id, purpose.key) }] };
  }
  const pair = { originating: side.own, receiving: side.remote };
  const key = side.keyOf(pair, state.streamId);
  return { state: next, effects: [{ do: 'send', element: dialbackResult(pair, key) }] };
}

function takeVerdict(state: OutgoingNegotiation, element: XmlElement, side: OutgoingSide): Step {
  const { from, to, type } = element.attrs;
  if (from !== side.remote || to !== side.own) return { state, effects: [] };
  if (type === 'valid') return { state: { ...state, stage: 'ready' }, effects: [{ do: 'ready' }] };
  const error = childOf(element, 'error', NS.server);
  const condition = error === undefined ? undefined : elementsOf(error)[0]?.name;
  return fail(
    state,
    `${side.remote} does not believe that this is ${side.own}: ${condition ?? type ?? 'no word'}`,
  );
}

function takeVerifyAnswer(state: OutgoingNegotiation, element: XmlElement, side: OutgoingSide): Step {
  const { from, to, id, type } = element.attrs;
  const asked = side.purpose.kind === 'verify' ? side.purpose.id : undefined;
  if (from !== side.remote || to !== side.own || id !== asked) return { state, effects: [] };
  if (type !== 'valid' && type !== 'invalid')
    return fail(state, `${side.remote} cannot say whether the key is its own`);
  return { state, effects: [{ do: 'verdict', verdict: type }] };
}

function fail(state: OutgoingNegotiation, text: string): Step {
  return { state, effects: [{ do: 'fail', text }] };
}
