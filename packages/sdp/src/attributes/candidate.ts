import { afterSpaces, isWordAt, numberAt, spaceAt } from '../scan.ts';

/** One extension of a candidate: `generation 0`. */
export interface CandidateExtension {
  readonly name: string;
  readonly value: string;
}

/** `a=candidate` (RFC 8839 section 5.1). */
export interface SdpCandidate {
  readonly foundation: string;
  readonly component: number;
  /** As written; compare without case. */
  readonly transport: string;
  readonly priority: number;
  /** IPv4, IPv6 or a name (`.local` with mDNS). */
  readonly address: string;
  readonly port: number;
  /** `host`, `srflx`, `prflx`, `relay`. */
  readonly type: string;
  readonly relatedAddress: string | undefined;
  readonly relatedPort: number | undefined;
  readonly tcpType: string | undefined;
  readonly extensions: readonly CandidateExtension[];
}

function typeAt(text: string, from: number, end: number): string {
  if (isWordAt(text, from, end, 'host')) return 'host';
  if (isWordAt(text, from, end, 'srflx')) return 'srflx';
  if (isWordAt(text, from, end, 'relay')) return 'relay';
  if (isWordAt(text, from, end, 'prflx')) return 'prflx';
  return text.slice(from, end);
}

function transportAt(text: string, from: number, end: number): string {
  if (isWordAt(text, from, end, 'udp')) return 'udp';
  if (isWordAt(text, from, end, 'UDP')) return 'UDP';
  return text.slice(from, end);
}

/** Reads the value of a candidate attribute in text[from, end); undefined when it is malformed. */
export function parseSdpCandidate(text: string, from: number, end: number): SdpCandidate | undefined {
  const foundationEnd = spaceAt(text, from, end);
  if (foundationEnd === from) return undefined;
  const componentEnd = spaceAt(text, foundationEnd + 1, end);
  const component = numberAt(text, foundationEnd + 1, componentEnd);
  const transportEnd = spaceAt(text, componentEnd + 1, end);
  const priorityEnd = spaceAt(text, transportEnd + 1, end);
  const priority = numberAt(text, transportEnd + 1, priorityEnd);
  const addressEnd = spaceAt(text, priorityEnd + 1, end);
  const portEnd = spaceAt(text, addressEnd + 1, end);
  const port = numberAt(text, addressEnd + 1, portEnd);
  const wordEnd = spaceAt(text, portEnd + 1, end);
  const typeEnd = spaceAt(text, wordEnd + 1, end);
  if (component < 0 || priority < 0 || port < 0 || port > 65535) return undefined;
  if (transportEnd <= componentEnd + 1 || addressEnd <= priorityEnd + 1 || typeEnd <= wordEnd + 1)
    return undefined;
  if (!isWordAt(text, portEnd + 1, wordEnd, 'typ')) return undefined;

  let relatedAddress: string | undefined;
  let relatedPort: number | undefined;
  let tcpType: string | undefined;
  const extensions: CandidateExtension[] = [];
  let at = afterSpaces(text, typeEnd, end);
  while (at < end) {
    const nameEnd = spaceAt(text, at, end);
    const start = afterSpaces(text, nameEnd, end);
    const stop = spaceAt(text, start, end);
    if (isWordAt(text, at, nameEnd, 'raddr') && stop > start) {
      relatedAddress = text.slice(start, stop);
    } else if (isWordAt(text, at, nameEnd, 'rport') && stop > start) {
      relatedPort = numberAt(text, start, stop);
      if (relatedPort < 0 || relatedPort > 65535) return undefined;
    } else if (isWordAt(text, at, nameEnd, 'tcptype') && stop > start) {
      tcpType = text.slice(start, stop);
    } else {
      extensions.push({ name: text.slice(at, nameEnd), value: text.slice(start, stop) });
    }
    at = afterSpaces(text, stop, end);
  }
  return {
    foundation: text.slice(from, foundationEnd),
    component,
    transport: transportAt(text, componentEnd + 1, transportEnd),
    priority,
    address: text.slice(priorityEnd + 1, addressEnd),
    port,
    type: typeAt(text, wordEnd + 1, typeEnd),
    relatedAddress,
    relatedPort,
    tcpType,
    extensions,
  };
}

/** The value of a candidate attribute: what follows `candidate:`. */
export function writeSdpCandidate(value: SdpCandidate): string {
  let text = `${value.foundation} ${value.component} ${value.transport} ${value.priority} ${value.address} ${value.port} typ ${value.type}`;
  if (value.relatedAddress !== undefined) text += ` raddr ${value.relatedAddress}`;
  if (value.relatedPort !== undefined) text += ` rport ${value.relatedPort}`;
  if (value.tcpType !== undefined) text += ` tcptype ${value.tcpType}`;
  for (const { name, value: extension } of value.extensions) {
    text += extension === '' ? ` ${name}` : ` ${name} ${extension}`;
  }
  return text;
}
