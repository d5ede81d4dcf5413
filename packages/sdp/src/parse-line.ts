import { attributeNumberAt } from './attributes/dispatch.ts';
import { ATTRIBUTE_ROWS } from './attributes/grammar.ts';
import type { Bandwidth, Connection, Line, MediaLine, Origin, Timing } from './line.ts';
import { afterSpaces, characterAt, numberAt, spaceAt, tokensAt, trimmedEnd } from './scan.ts';
import { SdpError, type SdpErrorCode } from './sdp-error.ts';

/** The value of `o=` in text[from, end), or undefined. */
export function parseOrigin(text: string, from: number, end: number): Origin | undefined {
  const words = tokensAt(text, from, end);
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

/** The value of `c=` in text[from, end), or undefined. */
export function parseConnection(text: string, from: number, end: number): Connection | undefined {
  const first = spaceAt(text, from, end);
  const second = afterSpaces(text, first, end);
  const secondEnd = spaceAt(text, second, end);
  const third = afterSpaces(text, secondEnd, end);
  const thirdEnd = spaceAt(text, third, end);
  if (first === from || third === end || thirdEnd !== end) return undefined;
  return {
    netType: text.slice(from, first),
    addressType: text.slice(second, secondEnd),
    address: text.slice(third, thirdEnd),
  };
}

function parseBandwidth(text: string, from: number, end: number): Bandwidth | undefined {
  const colon = characterAt(text, ':', from, end);
  const value = numberAt(text, colon + 1, end);
  return colon === from || value < 0 ? undefined : { type: text.slice(from, colon), value };
}

function parseTiming(text: string, from: number, end: number): Timing | undefined {
  const space = spaceAt(text, from, end);
  const start = numberAt(text, from, space);
  const stop = numberAt(text, afterSpaces(text, space, end), end);
  return start < 0 || stop < 0 ? undefined : { start, stop };
}

/** The value of `m=` in text[from, end), or the index of the character where it goes wrong. */
export function parseMediaLine(text: string, from: number, end: number): MediaLine | number {
  const mediaEnd = spaceAt(text, from, end);
  if (mediaEnd === from) return from;
  const port = afterSpaces(text, mediaEnd, end);
  const portEnd = spaceAt(text, port, end);
  const slash = characterAt(text, '/', port, portEnd);
  const number = numberAt(text, port, slash);
  const ports = slash < portEnd ? numberAt(text, slash + 1, portEnd) : undefined;
  if (number < 0 || ports === -1) return port;
  const protocol = afterSpaces(text, portEnd, end);
  const protocolEnd = spaceAt(text, protocol, end);
  if (protocolEnd === protocol) return protocol;
  return {
    media: text.slice(from, mediaEnd),
    port: number,
    ports,
    protocol: text.slice(protocol, protocolEnd),
    formats: tokensAt(text, protocolEnd, end),
  };
}

function refuse(code: SdpErrorCode, line: number, column: number, clause: string, what: string): never {
  throw new SdpError(code, line + 1, column + 1, clause, `${what} is malformed`);
}

function parseAttribute(raw: string, end: number): Line {
  const colon = characterAt(raw, ':', 2, end);
  const number = attributeNumberAt(raw, 2, colon < end ? colon : trimmedEnd(raw, 2, end));
  if (number < 0) {
    const name = raw.slice(2, colon);
    return {
      kind: 'attribute',
      value: { name, text: colon < end ? raw.slice(colon + 1, end) : undefined },
      raw,
    };
  }
  const row = ATTRIBUTE_ROWS[number]!;
  if (row.flag === colon >= end) {
    const value = row.flag ? true : row.parse(raw, colon + 1, trimmedEnd(raw, colon + 1, end));
    if (value !== undefined) return { kind: row.name, value, raw } as Line;
  }
  const rest = colon < end ? raw.slice(colon + 1, end) : undefined;
  return { kind: 'malformed', value: { name: row.name, text: rest, clause: row.clause }, raw };
}

/**
 * Reads one line, `raw`, whose content ends at `end`; `line` counts from 0 and is for errors only.
 * Throws SdpError for o=, c=, t= and m=, which the rest of a description depends on.
 */
export function parseLine(raw: string, end: number, line: number): Line {
  if (end === 0) return { kind: 'blank', value: undefined, raw };
  const letter = raw.charCodeAt(0);
  if (letter === 97) return parseAttribute(raw, end);
  const stop = trimmedEnd(raw, 2, end);
  switch (letter) {
    case 99: {
      const value = parseConnection(raw, 2, stop);
      if (value === undefined) refuse('connection-malformed', line, 2, 'RFC 8866 section 5.7', 'c=');
      return { kind: 'c', value, raw };
    }
    case 109: {
      const value = parseMediaLine(raw, 2, stop);
      if (typeof value === 'number') refuse('media-malformed', line, value, 'RFC 8866 section 5.14', 'm=');
      return { kind: 'm', value, raw };
    }
    case 111: {
      const value = parseOrigin(raw, 2, stop);
      if (value === undefined) refuse('origin-malformed', line, 2, 'RFC 8866 section 5.2', 'o=');
      return { kind: 'o', value, raw };
    }
    case 116: {
      const value = parseTiming(raw, 2, stop);
      if (value === undefined) refuse('timing-malformed', line, 2, 'RFC 8866 section 5.9', 't=');
      return { kind: 't', value, raw };
    }
    case 98: {
      const value = parseBandwidth(raw, 2, stop);
      if (value !== undefined) return { kind: 'b', value, raw };
      return {
        kind: 'malformed',
        value: { name: 'b', text: raw.slice(2, end), clause: 'RFC 8866 section 5.8' },
        raw,
      };
    }
    case 118: {
      const value = numberAt(raw, 2, stop);
      if (value >= 0) return { kind: 'v', value, raw };
      return {
        kind: 'malformed',
        value: { name: 'v', text: raw.slice(2, end), clause: 'RFC 8866 section 5.1' },
        raw,
      };
    }
    default:
      return { kind: TEXT_KINDS[letter] ?? 'unknown', value: raw.slice(2, end), raw };
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
