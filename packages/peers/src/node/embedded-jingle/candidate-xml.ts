import { NS } from './namespaces.ts';
import { type XmlElement, xml } from './xml.ts';

const TYPES: readonly string[] = ['host', 'srflx', 'prflx', 'relay'];

/**
 * A candidate of XEP-0176 section 5.4 as SDP writes it (RFC 8839 section 5.1), without `a=`.
 * @returns undefined where it is none that could be written so
 */
export function readCandidate(element: XmlElement): string | undefined {
  const { foundation, component, protocol, priority, ip, port, type } = element.attrs;
  const numbers = [component, priority, port].every((value) => /^\d{1,10}$/.test(String(value)));
  const words = [foundation, protocol, ip].every((value) => /^[\w.:+/-]{1,64}$/.test(String(value)));
  if (!numbers || !words || !TYPES.includes(String(type))) return undefined;
  const line = `candidate:${foundation} ${component} ${protocol} ${priority} ${ip} ${port} typ ${type}`;
  const related = element.attrs['rel-addr'];
  const relatedPort = element.attrs['rel-port'];
  if (!/^[\w.:-]{1,64}$/.test(String(related)) || !/^\d{1,5}$/.test(String(relatedPort))) return line;
  return `${line} raddr ${related} rport ${relatedPort}`;
}

/**
 * One of our candidates as XEP-0176 writes it.
 * @param id one of each candidate in the session
 * @throws Error where libdatachannel wrote no candidate
 */
export function writeCandidate(line: string, id: string): XmlElement {
  const found = /^candidate:(\S+) (\d+) (\S+) (\d+) (\S+) (\d+) typ (\S+)(?: raddr (\S+) rport (\d+))?/i.exec(
    line,
  );
  if (found === null) throw new Error(`not a candidate: ${line}`);
  const [, foundation, component, protocol, priority, ip, port, type, related, relatedPort] = found;
  return xml('candidate', {
    id,
    foundation,
    component,
    protocol: protocol!.toLowerCase(),
    priority,
    ip,
    port,
    type,
    generation: '0',
    network: '0',
    ...(related === undefined ? {} : { 'rel-addr': related, 'rel-port': relatedPort }),
  });
}

/** The candidates that stand in a transport. */
export function candidatesIn(transport: XmlElement | undefined): string[] {
  const all = transport?.getChildren('candidate', NS.ice) ?? [];
  return all.flatMap((element) => readCandidate(element) ?? []);
}
