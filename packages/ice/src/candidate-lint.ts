import { candidateTransport, type IceCandidate, isMdns } from './candidate.ts';
import { parseIpAddress } from './ip-address.ts';

export type CandidateFindingCode =
  | 'foundation-length'
  | 'foundation-character'
  | 'priority-range'
  | 'address-name'
  | 'address-mdns'
  | 'port-zero'
  | 'type-unknown'
  | 'related-missing'
  | 'related-unexpected'
  | 'related-incomplete'
  | 'tcp-type-missing'
  | 'tcp-type-unknown'
  | 'tcp-type-unexpected'
  | 'tcp-active-port'
  | 'extension-value'
  | 'spelling';

/** A rule that a readable candidate breaks, or a property that keeps a peer from using it. */
export interface CandidateFinding {
  readonly code: CandidateFindingCode;
  readonly detail: string;
  /** The clause it is about. */
  readonly clause: string;
}

const ICE = 'RFC 8839 section 5.1';
const TCP = 'RFC 6544 section 4.5';
const types = ['host', 'srflx', 'prflx', 'relay'];

/** Everything about one candidate that a strict peer may refuse, most telling first. Empty: nothing to say. */
export function lintCandidate(candidate: IceCandidate): CandidateFinding[] {
  const findings: CandidateFinding[] = [];
  const report = (code: CandidateFindingCode, detail: string, clause: string): void => {
    findings.push({ code, detail, clause });
  };
  const { foundation, priority, address, type } = candidate;
  if (priority < 1 || priority > 0x7fffffff) {
    report('priority-range', `priority ${priority} is not 1 to 2^31 - 1`, 'RFC 8445 section 5.1.2');
  }
  if (foundation.length > 32) {
    report('foundation-length', `the foundation has ${foundation.length} characters, 32 are allowed`, ICE);
  }
  if (!/^[A-Za-z0-9+/]+$/.test(foundation)) {
    report('foundation-character', `"${foundation}" has more than letters, digits, + and /`, ICE);
  }
  if (isMdns(candidate)) {
    const clause = 'draft-ietf-mmusic-mdns-ice-candidates section 3.2';
    report('address-mdns', `${address} can be resolved on the sender's link only`, clause);
  } else if (parseIpAddress(address) === undefined) {
    report('address-name', `"${address}" is no IP address: many peers do not resolve names`, ICE);
  }
  if (candidate.port === 0) report('port-zero', 'nothing can be received on port 0', ICE);
  if (!types.includes(type)) report('type-unknown', `candidates of type "${type}" are ignored`, ICE);
  lintRelated(candidate, report);
  lintTcp(candidate, report);
  for (const { name, value } of candidate.extensions) {
    if (value === '') report('extension-value', `the extension "${name}" has no value`, ICE);
  }
  if (candidate.spelling !== undefined) {
    report('spelling', 'not the order, spaces or digits of the grammar', ICE);
  }
  return findings;
}

type Report = (code: CandidateFindingCode, detail: string, clause: string) => void;

function lintRelated({ type, relatedAddress, relatedPort }: IceCandidate, report: Report): void {
  if ((relatedAddress === undefined) !== (relatedPort === undefined)) {
    report('related-incomplete', 'raddr and rport come together', ICE);
  } else if (type === 'host' && relatedAddress !== undefined) {
    report('related-unexpected', 'a host candidate has no related address', ICE);
  } else if (type !== 'host' && types.includes(type) && relatedAddress === undefined) {
    report('related-missing', `a ${type} candidate must have raddr and rport`, ICE);
  }
}

function lintTcp(candidate: IceCandidate, report: Report): void {
  const { tcpType, port } = candidate;
  if (candidateTransport(candidate) !== 'tcp') {
    if (tcpType !== undefined) report('tcp-type-unexpected', `tcptype on ${candidate.transport}`, TCP);
  } else if (tcpType === undefined) {
    report('tcp-type-missing', 'a TCP candidate must have a tcptype', TCP);
  } else if (!['active', 'passive', 'so'].includes(tcpType)) {
    report('tcp-type-unknown', `"${tcpType}" is neither active, passive nor so`, TCP);
  } else if (tcpType === 'active' && port !== 9) {
    report('tcp-active-port', `an active candidate has port 9, not ${port}`, TCP);
  }
}
