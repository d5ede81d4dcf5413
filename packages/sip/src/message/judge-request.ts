import { parseCredentials } from './challenge.ts';
import type { SipRequest, SipResponse } from './message.ts';
import { REASON_PHRASES } from './reason-phrases.ts';
import { SipSyntaxError } from './sip-error.ts';
import { isSipUri, parseUri } from './uri.ts';
import { verifyMessage } from './verify-message.ts';

/** Why a request is refused, and with what. */
export interface Refusal {
  readonly status: number;
  /** The status's phrase. */
  readonly reason: string;
  readonly clause: string;
  /** What is wrong with the request. */
  readonly message: string;
  /** Headers that the response must have: Unsupported, Accept. */
  readonly headers: readonly (readonly [name: string, value: string])[];
}

/** What a server understands; whatever is left out has the default below. */
export interface ServerAbilities {
  readonly role: 'user-agent' | 'proxy' | 'registrar';
  readonly methods: ReadonlySet<string>;
  /** Schemes of the Request-URI. */
  readonly schemes: ReadonlySet<string>;
  /** Option tags for Require, or Proxy-Require of a proxy. */
  readonly options: ReadonlySet<string>;
  /** Media types of bodies, `multipart/*` for all of a kind. */
  readonly contentTypes: ReadonlySet<string>;
  /** Schemes of Authorization. */
  readonly authSchemes: ReadonlySet<string>;
}

export const DEFAULT_ABILITIES: ServerAbilities = {
  role: 'user-agent',
  methods: new Set(
    'ACK BYE CANCEL INFO INVITE MESSAGE NOTIFY OPTIONS PRACK PUBLISH REFER REGISTER SUBSCRIBE UPDATE'.split(
      ' ',
    ),
  ),
  schemes: new Set(['sip', 'sips', 'tel']),
  options: new Set('100rel gruu norefersub outbound path replaces tdialog timer trickle-ice'.split(' ')),
  contentTypes: new Set([
    'application/sdp',
    'application/trickle-ice-sdpfrag',
    'application/dtmf-relay',
    'application/dtmf',
    'application/pidf+xml',
    'message/sip',
    'message/sipfrag',
    'multipart/*',
    'text/plain',
  ]),
  authSchemes: new Set(['digest']),
};

/**
 * Why a server that can do this must refuse a request that could be parsed, undefined when nothing speaks against it
 * (RFC 3261 sections 8.2 and 16.3, in their order). Malformed headers are refused with 400.
 */
export function judgeRequest(
  request: SipRequest,
  abilities: Partial<ServerAbilities> = {},
): Refusal | undefined {
  const can = { ...DEFAULT_ABILITIES, ...abilities };
  if (request.version !== '2.0') {
    return refusal(505, 'RFC 3261 section 21.5.6', `SIP/${request.version} is not spoken here`);
  }
  // A proxy needs to know no method (RFC 3261 section 16.3).
  if (can.role !== 'proxy' && !can.methods.has(request.method)) {
    return refusal(501, 'RFC 3261 section 21.5.2', `the method ${request.method} is not known here`);
  }
  try {
    verifyMessage(request);
  } catch (error) {
    if (error instanceof SipSyntaxError) return refusal(error.status, error.clause, error.message);
    throw error;
  }
  return judgeAddress(request, can) ?? judgeExtensions(request, can) ?? judgeBody(request, can);
}

function judgeAddress(request: SipRequest, can: ServerAbilities): Refusal | undefined {
  const { scheme } = parseUri(request.uri);
  if (!can.schemes.has(scheme)) {
    return refusal(416, 'RFC 3261 section 8.2.2.1', `${scheme}: is not known here`);
  }
  if (can.role === 'proxy' && request.maxForwards === 0) {
    return refusal(483, 'RFC 3261 section 16.3', 'Max-Forwards is 0');
  }
  if (can.role !== 'registrar' || request.method !== 'REGISTER') return undefined;
  if (!isSipUri(parseUri(request.to.uri))) {
    return refusal(400, 'RFC 3261 section 10.2', 'an address of record is a SIP or SIPS address');
  }
  const credentials = request.getAll('Authorization').map((value) => parseCredentials(value).scheme);
  if (credentials.length > 0 && !credentials.some((name) => can.authSchemes.has(name.toLowerCase()))) {
    return refusal(401, 'RFC 3261 section 22.1', `credentials of ${credentials[0]} are not known here`);
  }
  return undefined;
}

function judgeExtensions(request: SipRequest, can: ServerAbilities): Refusal | undefined {
  // RFC 3261 section 8.2.2.3: what cannot be answered with 420 is not asked.
  if (request.method === 'ACK' || request.method === 'CANCEL') return undefined;
  const wanted = request.getAll(can.role === 'proxy' ? 'Proxy-Require' : 'Require');
  const unknown = wanted.filter((option) => !can.options.has(option.toLowerCase()));
  if (unknown.length === 0) return undefined;
  const list = unknown.join(', ');
  const headers = [['Unsupported', list]] as const;
  return refusal(420, 'RFC 3261 section 8.2.2.3', `not supported: ${list}`, headers);
}

function judgeBody(request: SipRequest, can: ServerAbilities): Refusal | undefined {
  if (can.role === 'proxy') return undefined;
  const { contentType } = request;
  const optional = /;\s*handling\s*=\s*optional/i.test(request.get('Content-Disposition') ?? '');
  const accepted = [...can.contentTypes].join(', ');
  if (request.body.length > 0 && contentType !== undefined && !optional) {
    if (!isAccepted(contentType.type, can.contentTypes)) {
      const headers = [['Accept', accepted]] as const;
      return refusal(415, 'RFC 3261 section 8.2.3', `${contentType.type} is not understood`, headers);
    }
    const encoding = request.get('Content-Encoding')?.toLowerCase() ?? 'identity';
    if (encoding !== 'identity') {
      const headers = [['Accept-Encoding', 'identity']] as const;
      return refusal(415, 'RFC 3261 section 8.2.3', `the encoding ${encoding} is not understood`, headers);
    }
  }
  if (request.method !== 'INVITE' || !request.has('Accept')) return undefined;
  // An empty Accept accepts nothing (RFC 3261 section 20.1).
  const types = request.getAll('Accept').map(typeOf);
  if (
    types.some((type) => type === '*/*' || isAccepted(type, can.contentTypes) || type === 'application/*')
  ) {
    return undefined;
  }
  return refusal(406, 'RFC 3261 section 21.4.7', `the caller takes only ${types.join(', ')}`);
}

// A range without its parameters.
function typeOf(range: string): string {
  const semicolon = range.indexOf(';');
  return (semicolon < 0 ? range : range.slice(0, semicolon)).replace(/\s/g, '').toLowerCase();
}

function isAccepted(type: string, accepted: ReadonlySet<string>): boolean {
  return accepted.has(type) || accepted.has(`${type.slice(0, type.indexOf('/'))}/*`);
}

/** Why a user agent must drop a response, undefined when nothing speaks against it (RFC 3261 section 8.1.3). */
export function judgeResponse(response: SipResponse): Pick<Refusal, 'clause' | 'message'> | undefined {
  try {
    verifyMessage(response);
  } catch (error) {
    if (error instanceof SipSyntaxError) return { clause: error.clause, message: error.message };
    throw error;
  }
  if (response.vias.length === 1) return undefined;
  return {
    clause: 'RFC 3261 section 8.1.3.3',
    message: 'more than one Via: the response is for another element',
  };
}

function refusal(status: number, clause: string, message: string, headers: Refusal['headers'] = []): Refusal {
  return { status, reason: REASON_PHRASES[status]!, clause, message, headers };
}
