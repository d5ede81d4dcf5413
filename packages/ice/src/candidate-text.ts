import type { CandidateExtension, IceCandidate } from './candidate.ts';
import { IceError } from './ice-error.ts';

const CLAUSE = 'RFC 8839 section 5.1';
const prefixes = ['a=candidate:', 'candidate:'] as const;

/** The words of one candidate; where they stand is found out only when an error has to say so. */
interface Words {
  readonly line: string;
  readonly from: number;
  readonly words: readonly string[];
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
  const from = prefix.length;
  const split = text.slice(from).split(' ');
  if (split[0] === '') throw syntaxError('the foundation is empty', from + 1);
  const input: Words = { line: text, from, words: split.includes('') ? split.filter(Boolean) : split };
  const foundation = wordAt(input, 0, 'foundation');
  const component = numberAt(input, 1, 'component id', 3, 1, 256);
  const transport = wordAt(input, 2, 'transport');
  const priority = numberAt(input, 3, 'priority', 10, 0, 9_999_999_999);
  const address = wordAt(input, 4, 'address');
  const port = numberAt(input, 5, 'port', 5, 0, 65_535);
  const typ = wordAt(input, 6, '"typ"');
  if (typ !== 'typ') throw syntaxError(`"typ" is due, not "${typ}"`, columnOf(input, 6));
  const type = wordAt(input, 7, 'candidate type');
  const extensions: CandidateExtension[] = [];
  const candidate: Building = {
    prefix,
    foundation,
    component,
    transport,
    priority,
    address,
    port,
    type,
    extensions,
  };
  readPairs(input, candidate, extensions);
  if (writeFields(candidate) !== text) candidate.spelling = text;
  return candidate;
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

type Building = { -readonly [Key in keyof IceCandidate]: IceCandidate[Key] };

/** The name-value pairs behind the type. The first raddr, rport and tcptype count, repeated ones are kept. */
function readPairs(input: Words, candidate: Building, extensions: CandidateExtension[]): void {
  const { words } = input;
  for (let i = 8; i < words.length; i += 2) {
    const name = words[i]!;
    const value = words[i + 1];
    if (name === 'raddr' && candidate.relatedAddress === undefined && value !== undefined) {
      candidate.relatedAddress = value;
    } else if (name === 'rport' && candidate.relatedPort === undefined && value !== undefined) {
      candidate.relatedPort = numberAt(input, i + 1, 'related port', 5, 0, 65_535);
    } else if (name === 'tcptype' && candidate.tcpType === undefined && value !== undefined) {
      candidate.tcpType = value;
    } else {
      extensions.push({ name, value: value ?? '' });
    }
  }
}

function refuseControlCharacters(text: string): void {
  for (let i = 0; i < text.length; i++) {
    if (text.charCodeAt(i) < 0x20) {
      throw new IceError('candidate-syntax', 'a control character', 'RFC 8866 section 9', { column: i + 1 });
    }
  }
}

function wordAt(input: Words, index: number, what: string): string {
  const word = input.words[index];
  if (word === undefined) throw syntaxError(`the ${what} is missing`, input.line.length + 1);
  return word;
}

function numberAt(
  input: Words,
  index: number,
  what: string,
  digits: number,
  least: number,
  most: number,
): number {
  const word = wordAt(input, index, what);
  let value = 0;
  for (let i = 0; i < word.length; i++) {
    const digit = word.charCodeAt(i) - 0x30;
    if (digit < 0 || digit > 9) {
      const column = columnOf(input, index) + i;
      throw new IceError('candidate-range', `the ${what} "${word}" is no number`, CLAUSE, { column });
    }
    value = value * 10 + digit;
  }
  if (word.length > digits || value < least || value > most) {
    const column = columnOf(input, index);
    throw new IceError('candidate-range', `the ${what} ${word} is not ${least} to ${most}`, CLAUSE, {
      column,
    });
  }
  return value;
}

/** The column, from 1, at which a word begins. */
function columnOf({ line, from, words }: Words, index: number): number {
  let at = from;
  for (let i = 0; i < index; i++) {
    while (line[at] === ' ') at++;
    at += words[i]!.length;
  }
  while (line[at] === ' ') at++;
  return at + 1;
}

function syntaxError(detail: string, column: number): IceError {
  return new IceError('candidate-syntax', detail, CLAUSE, { column });
}
