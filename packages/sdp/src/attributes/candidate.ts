import {
  type CandidateExtension,
  type IceCandidate,
  IceError,
  parseCandidate,
  writeCandidate,
} from '@crosspoint/ice';
import { isWordAt, SPACE } from '../scan.ts';
import type { Sink } from '../sink.ts';
import type { Source } from '../source.ts';

/** Reads the value of `a=candidate` in source[from, end); undefined when it is malformed. The grammar is ICE's own. */
export function candidateAt(source: Source, from: number, end: number): IceCandidate | undefined {
  return canonicalCandidate(source, from, end) ?? anyCandidate(source.text.slice(from, end));
}

/** The value of `a=candidate`, whatever prefix the candidate came with. */
export function candidateValue(candidate: IceCandidate): string {
  return writeCandidate(candidate.prefix === '' ? candidate : { ...candidate, prefix: '' });
}

/**
 * The same into a sink: field by field where nothing was spelt in another way, which is tested to be what the writer of
 * ICE says, and by that writer otherwise.
 */
export function writeCandidateValue(out: Sink, candidate: IceCandidate): void {
  if (candidate.spelling !== undefined) {
    out.text(candidateValue(candidate));
    return;
  }
  out.text(candidate.foundation);
  out.code(SPACE);
  out.number(candidate.component);
  out.code(SPACE);
  out.text(candidate.transport);
  out.code(SPACE);
  out.number(candidate.priority);
  out.code(SPACE);
  out.text(candidate.address);
  out.code(SPACE);
  out.number(candidate.port);
  writePair(out, 'typ', candidate.type);
  if (candidate.relatedAddress !== undefined) writePair(out, 'raddr', candidate.relatedAddress);
  if (candidate.relatedPort !== undefined) {
    out.text(' rport ');
    out.number(candidate.relatedPort);
  }
  if (candidate.tcpType !== undefined) writePair(out, 'tcptype', candidate.tcpType);
  const { extensions } = candidate;
  for (let at = 0; at < extensions.length; at++) writePair(out, extensions[at]!.name, extensions[at]!.value);
}

function writePair(out: Sink, name: string, value: string): void {
  out.code(SPACE);
  out.text(name);
  out.code(SPACE);
  out.text(value);
}

function anyCandidate(value: string): IceCandidate | undefined {
  // The reader of ICE also takes a value with its prefix; behind `a=candidate:` a second one is an error.
  if (value.startsWith('candidate:') || value.startsWith('a=')) return undefined;
  try {
    return parseCandidate(value);
  } catch (error) {
    if (error instanceof IceError) return undefined;
    throw error;
  }
}

/** End of the word at `from`: a space, the end, or a control character. */
function wordEnd({ codes }: Source, from: number, end: number): number {
  let at = from;
  while (at < end && codes[at]! > SPACE) at++;
  return at;
}

/** A number without leading zeros, or -1. */
function plainNumber(source: Source, from: number, end: number, most: number): number {
  if (from >= end || end - from > 10 || (source.codes[from] === 48 && end > from + 1)) return -1;
  let value = 0;
  for (let at = from; at < end; at++) {
    const digit = source.codes[at]! - 48;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value > most ? -1 : value;
}

/**
 * The form nearly every candidate has, read four times as fast as the reader of ICE does: single spaces, no leading
 * zeros, raddr and rport together, then tcptype, then the rest. Anything else is undefined here and read there; that
 * both say the same of what both read is tested.
 */
function canonicalCandidate(source: Source, from: number, end: number): IceCandidate | undefined {
  const foundation = wordEnd(source, from, end);
  const component = wordEnd(source, foundation + 1, end);
  const transport = wordEnd(source, component + 1, end);
  const priority = wordEnd(source, transport + 1, end);
  const address = wordEnd(source, priority + 1, end);
  const port = wordEnd(source, address + 1, end);
  const typ = wordEnd(source, port + 1, end);
  const type = wordEnd(source, typ + 1, end);
  if (foundation === from || transport <= component + 1 || address <= priority + 1 || type <= typ + 1) {
    return undefined;
  }
  if (!isWordAt(source, port + 1, typ, 'typ')) return undefined;
  if (startsWithPrefix(source, from)) return undefined;
  // Control characters are for the careful reader.
  const { codes } = source;
  const spaced =
    codes[foundation] === SPACE &&
    codes[component] === SPACE &&
    codes[transport] === SPACE &&
    codes[priority] === SPACE &&
    codes[address] === SPACE &&
    codes[port] === SPACE &&
    codes[typ] === SPACE;
  if (!spaced) return undefined;
  const componentId = plainNumber(source, foundation + 1, component, 256);
  const priorityValue = plainNumber(source, transport + 1, priority, 9_999_999_999);
  const portNumber = plainNumber(source, address + 1, port, 65_535);
  if (componentId < 1 || priorityValue < 0 || portNumber < 0) return undefined;

  let relatedAddress: string | undefined;
  let relatedPort = -1;
  let tcpType: string | undefined;
  const extensions: CandidateExtension[] = [];
  let at = type;
  while (at < end) {
    const name = wordEnd(source, at + 1, end);
    const value = wordEnd(source, name + 1, end);
    if (name === at + 1 || value <= name + 1 || codes[at] !== SPACE || codes[name] !== SPACE)
      return undefined;
    if (isWordAt(source, at + 1, name, 'raddr')) {
      if (relatedAddress !== undefined || tcpType !== undefined || extensions.length > 0) return undefined;
      relatedAddress = source.text.slice(name + 1, value);
      const rport = wordEnd(source, value + 1, end);
      const number = wordEnd(source, rport + 1, end);
      if (!isWordAt(source, value + 1, rport, 'rport') || codes[value] !== SPACE) return undefined;
      relatedPort = plainNumber(source, rport + 1, number, 65_535);
      if (relatedPort < 0 || codes[rport] !== SPACE) return undefined;
      at = number;
      continue;
    }
    if (isWordAt(source, at + 1, name, 'rport')) return undefined;
    if (isWordAt(source, at + 1, name, 'tcptype')) {
      if (tcpType !== undefined || extensions.length > 0) return undefined;
      tcpType = source.text.slice(name + 1, value);
    } else {
      extensions.push({ name: source.text.slice(at + 1, name), value: source.text.slice(name + 1, value) });
    }
    at = value;
  }
  const candidate: Building = {
    prefix: '',
    foundation: source.text.slice(from, foundation),
    component: componentId,
    transport: source.text.slice(component + 1, transport),
    priority: priorityValue,
    address: source.text.slice(priority + 1, address),
    port: portNumber,
    type: source.text.slice(typ + 1, type),
    extensions,
  };
  // Set one by one: a spread of so many fields costs more than all the reading.
  if (relatedAddress !== undefined) {
    candidate.relatedAddress = relatedAddress;
    candidate.relatedPort = relatedPort;
  }
  if (tcpType !== undefined) candidate.tcpType = tcpType;
  return candidate;
}

type Building = { -readonly [Key in keyof IceCandidate]: IceCandidate[Key] };

function startsWithPrefix(source: Source, from: number): boolean {
  return source.text.startsWith('a=', from) || source.text.startsWith('candidate:', from);
}
