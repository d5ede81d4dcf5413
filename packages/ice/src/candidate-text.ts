import type { CandidateExtension, IceCandidate } from './candidate.ts';
import { IceError } from './ice-error.ts';

const CLAUSE = 'RFC 8839 section 5.1';
const prefixes = ['a=candidate:', 'candidate:'] as const;

interface Token {
  readonly text: string;
  /** From 1. */
  readonly column: number;
}

/**
 * Reads a candidate-attribute, with or without `a=` and `candidate:`, without its line end. What can be read is
 * read, also where a rule is broken (`lintCandidate` says so). Throws `IceError` with the column:
 * `candidate-syntax` for a missing or misplaced part, `candidate-range` for a component, port or priority that
 * is no such number.
 */
export function parseCandidate(text: string): IceCandidate {
  const prefix = prefixes.find((start) => text.startsWith(start)) ?? '';
  refuseControlCharacters(text);
  const tokens = tokenize(text, prefix.length);
  if (tokens[0] === undefined || text[prefix.length] === ' ') {
    throw new IceError('candidate-syntax', 'the foundation is empty', CLAUSE, { column: prefix.length + 1 });
  }
  const token = (index: number, what: string): Token => {
    const found = tokens[index];
    if (found !== undefined) return found;
    throw new IceError('candidate-syntax', `the ${what} is missing`, CLAUSE, { column: text.length + 1 });
  };
  const foundation = token(0, 'foundation').text;
  const component = readNumber(token(1, 'component id'), 'component id', 3, 1, 256);
  const transport = token(2, 'transport').text;
  const priority = readNumber(token(3, 'priority'), 'priority', 10, 0, 9_999_999_999);
  const address = token(4, 'address').text;
  const port = readNumber(token(5, 'port'), 'port', 5, 0, 65_535);
  const typ = token(6, '"typ"');
  if (typ.text !== 'typ') {
    throw new IceError('candidate-syntax', `"typ" is due, not "${typ.text}"`, CLAUSE, { column: typ.column });
  }
  const type = token(7, 'candidate type').text;
  const candidate: IceCandidate = {
    prefix,
    foundation,
    component,
    transport,
    priority,
    address,
    port,
    type,
    ...readPairs(tokens, 8),
  };
  return writeFields(candidate) === text ? candidate : { ...candidate, spelling: text };
}

/**
 * Writes a candidate with the prefix it has. `writeCandidate(parseCandidate(text)) === text` for all that parses;
 * a changed copy is written from its fields, in the order of RFC 8839 with `tcptype` as the first extension.
 */
export function writeCandidate(candidate: IceCandidate): string {
  const text = writeFields(candidate);
  const { spelling } = candidate;
  if (spelling === undefined) return text;
  try {
    return writeFields(parseCandidate(spelling)) === text ? spelling : text;
  } catch (error) {
    if (error instanceof IceError) return text;
    throw error;
  }
}

function writeFields(c: IceCandidate): string {
  let text = `${c.prefix}${c.foundation} ${c.component} ${c.transport} ${c.priority} ${c.address} ${c.port} typ ${c.type}`;
  if (c.relatedAddress !== undefined) text += ` raddr ${c.relatedAddress}`;
  if (c.relatedPort !== undefined) text += ` rport ${c.relatedPort}`;
  if (c.tcpType !== undefined) text += ` tcptype ${c.tcpType}`;
  for (const { name, value } of c.extensions) text += ` ${name} ${value}`;
  return text;
}

type Pairs = Pick<IceCandidate, 'relatedAddress' | 'relatedPort' | 'tcpType' | 'extensions'>;

/** The name-value pairs from `tokens[from]` on. The first raddr, rport and tcptype count, repeated ones are kept. */
function readPairs(tokens: readonly Token[], from: number): Pairs {
  let relatedAddress: string | undefined;
  let relatedPort: number | undefined;
  let tcpType: string | undefined;
  const extensions: CandidateExtension[] = [];
  for (let i = from; i < tokens.length; i += 2) {
    const name = tokens[i]!.text;
    const value = tokens[i + 1];
    if (name === 'raddr' && relatedAddress === undefined && value) relatedAddress = value.text;
    else if (name === 'rport' && relatedPort === undefined && value) {
      relatedPort = readNumber(value, 'related port', 5, 0, 65_535);
    } else if (name === 'tcptype' && tcpType === undefined && value) tcpType = value.text;
    else extensions.push({ name, value: value?.text ?? '' });
  }
  return {
    ...(relatedAddress !== undefined && { relatedAddress }),
    ...(relatedPort !== undefined && { relatedPort }),
    ...(tcpType !== undefined && { tcpType }),
    extensions,
  };
}

function tokenize(text: string, from: number): Token[] {
  const tokens: Token[] = [];
  let start = from;
  while (start < text.length) {
    const space = text.indexOf(' ', start);
    const end = space < 0 ? text.length : space;
    if (end > start) tokens.push({ text: text.slice(start, end), column: start + 1 });
    start = end + 1;
  }
  return tokens;
}

function refuseControlCharacters(text: string): void {
  for (let i = 0; i < text.length; i++) {
    if (text.charCodeAt(i) < 0x20) {
      throw new IceError('candidate-syntax', 'a control character', 'RFC 8866 section 9', { column: i + 1 });
    }
  }
}

function readNumber(token: Token, what: string, digits: number, least: number, most: number): number {
  const { text, column } = token;
  let value = 0;
  for (let i = 0; i < text.length; i++) {
    const digit = text.charCodeAt(i) - 0x30;
    if (digit < 0 || digit > 9) {
      throw new IceError('candidate-range', `the ${what} "${text}" is no number`, CLAUSE, {
        column: column + i,
      });
    }
    value = value * 10 + digit;
  }
  if (text.length > digits || value < least || value > most) {
    throw new IceError('candidate-range', `the ${what} ${text} is not ${least} to ${most}`, CLAUSE, {
      column,
    });
  }
  return value;
}
