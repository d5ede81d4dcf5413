import type { CandidateExtension, IceCandidate } from '@crosspoint/ice';
import { NS } from '../namespaces.ts';
import { element, type XmlElement } from '../xml/element.ts';
import { isToken, wholeNumber } from './words.ts';

/**
 * A candidate as an element (XEP-0176 section 5.4, `tcptype` as in XEP-0371). `drop` is told of extensions that have no
 * attribute. An extension `ufrag` says what the transport says, where it is the same.
 */
export function toCandidateElement(
  candidate: IceCandidate,
  ufrag: string | undefined,
  drop: (extension: CandidateExtension) => void,
): XmlElement {
  let generation = '0';
  let network: string | undefined;
  for (const extension of candidate.extensions) {
    const { name, value } = extension;
    if (name === 'generation') generation = value;
    else if (name === 'network-id') network = value;
    else if (name !== 'ufrag' || (ufrag !== undefined && value !== ufrag)) drop(extension);
  }
  const attrs: Record<string, string> = {
    component: String(candidate.component),
    foundation: candidate.foundation,
    generation,
    id: candidateId(candidate),
    ip: candidate.address,
    port: String(candidate.port),
    priority: String(candidate.priority),
    protocol: candidate.transport.toLowerCase(),
    type: candidate.type,
  };
  if (network !== undefined) attrs.network = network;
  if (candidate.relatedAddress !== undefined) attrs['rel-addr'] = candidate.relatedAddress;
  if (candidate.relatedPort !== undefined) attrs['rel-port'] = String(candidate.relatedPort);
  if (candidate.tcpType !== undefined) attrs.tcptype = candidate.tcpType;
  return element(NS.iceUdp, 'candidate', attrs);
}

/** An identifier, which the schema demands: the same for the same candidate, whoever computes it. */
function candidateId({ component, transport, priority, address, port }: IceCandidate): string {
  let hash = Math.imul(priority ^ (port << 8) ^ component, 0x01000193) ^ transport.length;
  for (let at = 0; at < address.length; at++) hash = Math.imul(hash ^ address.charCodeAt(at), 0x01000193);
  return `c${hash >>> 0}`;
}

const KNOWN: ReadonlySet<string> = new Set([
  'component',
  'foundation',
  'generation',
  'id',
  'ip',
  'network',
  'port',
  'priority',
  'protocol',
  'rel-addr',
  'rel-port',
  'tcptype',
  'type',
]);

type Building = { -readonly [Key in keyof IceCandidate]: IceCandidate[Key] };

/**
 * A candidate from its element; undefined where it is none, which the caller reports. `drop` is told of attributes that
 * no candidate line has.
 */
export function fromCandidateElement(
  { attrs }: XmlElement,
  drop: (attribute: string, value: string) => void,
): IceCandidate | undefined {
  const { foundation, ip, type, generation, network, tcptype } = attrs;
  const protocol = attrs.protocol ?? 'udp';
  const component = wholeNumber(attrs.component, 256);
  const port = wholeNumber(attrs.port, 65_535);
  const priority = wholeNumber(attrs.priority, 0xffff_ffff);
  if (component === undefined || component < 1 || port === undefined || priority === undefined)
    return undefined;
  if (!isToken(foundation) || !isToken(ip) || !isToken(type) || !isToken(protocol)) return undefined;
  const extensions: CandidateExtension[] = [];
  if (isToken(generation)) extensions.push({ name: 'generation', value: generation });
  else if (generation !== undefined) drop('generation', generation);
  if (isToken(network)) extensions.push({ name: 'network-id', value: network });
  else if (network !== undefined) drop('network', network);
  for (const key in attrs) if (!KNOWN.has(key)) drop(key, attrs[key]!);
  // In the order of the candidates that lines say: objects of one shape are read several times faster than of many.
  const candidate: Building = {
    prefix: '',
    foundation,
    component,
    transport: protocol,
    priority,
    address: ip,
    port,
    type,
    extensions,
  };
  const relatedAddress = attrs['rel-addr'];
  if (isToken(relatedAddress)) {
    candidate.relatedAddress = relatedAddress;
    const relatedPort = wholeNumber(attrs['rel-port'], 65_535);
    if (relatedPort !== undefined) candidate.relatedPort = relatedPort;
  }
  if (isToken(tcptype)) candidate.tcpType = tcptype;
  return candidate;
}
