import { attributeNumberAt } from './attributes/dispatch.ts';
import { type AnyAttributeRow, ATTRIBUTE_ROWS } from './attributes/grammar.ts';
import type { Bandwidth, Connection, Line, MediaLine, Origin, Timing } from './line.ts';
import { afterSpaces, codeAt, numberAt, spaceAt, tokensAt, trimmedEnd } from './scan.ts';
import { SdpError, type SdpErrorCode } from './sdp-error.ts';
import type { Source } from './source.ts';

const COLON = 58;
const SLASH = 47;

/** The value of `o=` in source[from, end), or undefined. */
export function parseOrigin(source: Source, from: number, end: number): Origin | undefined {
  const words = tokensAt(source, from, end);
  if (words.length !== 6) return undefined;
  return {
    username: words[0]!,
    sessionId: words[1]!,
    sessionVersion: words[2]!,
    netType: words[3]!,
    addressType: words[4]!,
    address: words[5]!,
  };
}

/** The value of `c=` in source[from, end), or undefined. */
export function parseConnection(source: Source, from: number, end: number): Connection | undefined {
  const first = spaceAt(source, from, end);
  const second = afterSpaces(source, first, end);
  const secondEnd = spaceAt(source, second, end);
  const third = afterSpaces(source, secondEnd, end);
  const thirdEnd = spaceAt(source, third, end);
  if (first === from || third === end || thirdEnd !== end) return undefined;
  return {
    netType: source.text.slice(from, first),
    addressType: source.text.slice(second, secondEnd),
    address: source.text.slice(third, thirdEnd),
  };
}

function parseBandwidth(source: Source, from: number, end: number): Bandwidth | undefined {
  const colon = codeAt(source, COLON, from, end);
  const value = numberAt(source, colon + 1, end);
  return colon === from || value < 0 ? undefined : { type: source.text.slice(from, colon), value };
}

function parseTiming(source: Source, from: number, end: number): Timing | undefined {
  const space = spaceAt(source, from, end);
  const start = numberAt(source, from, space);
  const stop = numberAt(source, afterSpaces(source, space, end), end);
  return start < 0 || stop < 0 ? undefined : { start, stop };
}

/** The value of `m=` in source[from, end), or the index of the character where it goes wrong. */
export function parseMediaLine(source: Source, from: number, end: number): MediaLine | number {
  const mediaEnd = spaceAt(source, from, end);
  if (mediaEnd === from) return from;
  const port = afterSpaces(source, mediaEnd, end);
  const portEnd = spaceAt(source, port, end);
  const slash = codeAt(source, SLASH, port, portEnd);
  const number = numberAt(source, port, slash);
  const ports = slash < portEnd ? numberAt(source, slash + 1, portEnd) : undefined;
  if (number < 0 || ports === -1) return port;
  const protocol = afterSpaces(source, portEnd, end);
  const protocolEnd = spaceAt(source, protocol, end);
  if (protocolEnd === protocol) return protocol;
  return {
    media: source.text.slice(from, mediaEnd),
    port: number,
    ports,
    protocol: source.text.slice(protocol, protocolEnd),
    formats: tokensAt(source, protocolEnd, end),
  };
}

function refuse(code: SdpErrorCode, line: number, column: number, clause: string, what: string): never {
  throw new SdpError(code, line + 1, column + 1, clause, `${what} is malformed`);
}

export function parseAttribute(source: Source, start: number, end: number, raw: string): Line {
  const colon = codeAt(source, COLON, start + 2, end);
  const number = attributeNumberAt(
    source,
    start + 2,
    colon < end ? colon : trimmedEnd(source, start + 2, end),
  );
  if (number < 0) {
    const name = source.text.slice(start + 2, colon);
    return {
      kind: 'attribute',
      value: { name, text: colon < end ? source.text.slice(colon + 1, end) : undefined },
      raw,
    };
  }
  const row = ATTRIBUTE_ROWS[number]!;
  if (row.flag === colon >= end) {
    const value = row.flag ? true : row.parse(source, colon + 1, trimmedEnd(source, colon + 1, end));
    if (value !== undefined) return { kind: row.name, value, raw } as Line;
  }
  const rest = colon < end ? source.text.slice(colon + 1, end) : undefined;
  return { kind: 'malformed', value: { name: row.name, text: rest, clause: row.clause }, raw };
}

/**
 * The value of the line source[start, end) when it is a well-formed attribute of this grammar row; undefined when it is
 * another line or malformed. What `parseLine` would give, without making a line.
 */
export function attributeValueAt(source: Source, start: number, end: number, row: AnyAttributeRow): unknown {
  const stop = start + 2 + row.name.length;
  const from = trimmedEnd(source, stop, end);
  if (from === stop) return row.flag ? true : undefined;
  if (row.flag || source.codes[stop] !== COLON) return undefined;
  return row.parse(source, stop + 1, Math.max(from, stop + 1));
}

/**
 * Reads the line source[start, next), whose content ends at `end`; `line` counts from 0 and is for errors only.
 * Throws SdpError for o=, c=, t= and m=, which the rest of a description depends on.
 */
export function parseLine(source: Source, start: number, end: number, next: number, line: number): Line {
  const raw = source.text.slice(start, next);
  if (end === start) return { kind: 'blank', value: undefined, raw };
  const letter = source.codes[start]!;
  if (letter === 97) return parseAttribute(source, start, end, raw);
  return parseOtherLine(source, start, end, raw, letter, line);
}

function parseOtherLine(
  source: Source,
  start: number,
  end: number,
  raw: string,
  letter: number,
  line: number,
): Line {
  const from = start + 2;
  const stop = trimmedEnd(source, from, end);
  switch (letter) {
    case 99: {
      const value = parseConnection(source, from, stop);
      if (value === undefined) refuse('connection-malformed', line, 2, 'RFC 8866 section 5.7', 'c=');
      return { kind: 'c', value, raw };
    }
    case 109: {
      const value = parseMediaLine(source, from, stop);
      if (typeof value === 'number')
        refuse('media-malformed', line, value - start, 'RFC 8866 section 5.14', 'm=');
      return { kind: 'm', value, raw };
    }
    case 111: {
      const value = parseOrigin(source, from, stop);
      if (value === undefined) refuse('origin-malformed', line, 2, 'RFC 8866 section 5.2', 'o=');
      return { kind: 'o', value, raw };
    }
    case 116: {
      const value = parseTiming(source, from, stop);
      if (value === undefined) refuse('timing-malformed', line, 2, 'RFC 8866 section 5.9', 't=');
      return { kind: 't', value, raw };
    }
    case 98: {
      const value = parseBandwidth(source, from, stop);
      if (value !== undefined) return { kind: 'b', value, raw };
      return {
        kind: 'malformed',
        value: { name: 'b', text: source.text.slice(from, end), clause: 'RFC 8866 section 5.8' },
        raw,
      };
    }
    case 118: {
      const value = numberAt(source, from, stop);
      if (value >= 0) return { kind: 'v', value, raw };
      return {
        kind: 'malformed',
        value: { name: 'v', text: source.text.slice(from, end), clause: 'RFC 8866 section 5.1' },
        raw,
      };
    }
    default:
      return { kind: TEXT_KINDS[letter] ?? 'unknown', value: source.text.slice(from, end), raw };
  }
}

const TEXT_KINDS: Readonly<Record<number, 's' | 'i' | 'u' | 'e' | 'p' | 'r' | 'z' | 'k'>> = {
  115: 's',
  105: 'i',
  117: 'u',
  101: 'e',
  112: 'p',
  114: 'r',
  122: 'z',
  107: 'k',
};
