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
function candidateId({ foundation, component, transport, address, port, type }: IceCandidate): string {
  const text = `${foundation} ${component} ${transport} ${address} ${port} ${type}`;
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return `c${(hash >>> 0).toString(36)}`;
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
  const relatedAddress = attrs['rel-addr'];
  const relatedPort = wholeNumber(attrs['rel-port'], 65_535);
  if (component === undefined || component < 1 || port === undefined || priority === undefined)
    return undefined;
  if (!isToken(foundation) || !isToken(ip) || !isToken(type) || !isToken(protocol)) return undefined;
  const extensions: CandidateExtension[] = [];
  for (const [attribute, name] of [
    ['generation', 'generation'],
    ['network', 'network-id'],
  ] as const) {
    const value = attribute === 'generation' ? generation : network;
    if (value === undefined) continue;
    if (isToken(value)) extensions.push({ name, value });
    else drop(attribute, value);
  }
  for (const key of Object.keys(attrs)) if (!KNOWN.has(key)) drop(key, attrs[key]!);
  return {
    prefix: '',
    foundation,
    component,
    transport: protocol,
    priority,
    address: ip,
    port,
    type,
    ...(isToken(relatedAddress) ? { relatedAddress } : {}),
    ...(isToken(relatedAddress) && relatedPort !== undefined ? { relatedPort } : {}),
    ...(isToken(tcptype) ? { tcpType: tcptype } : {}),
    extensions,
  };
}
