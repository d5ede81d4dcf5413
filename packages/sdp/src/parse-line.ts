import { attributeNumberAt } from './attributes/dispatch.ts';
import { ATTRIBUTE_ROWS } from './attributes/grammar.ts';
import type { Bandwidth, Connection, Line, MediaLine, Origin, Timing } from './line.ts';
import { afterSpaces, codeAt, formatAt, isWordAt, numberAt, spaceAt, tokensAt, trimmedEnd } from './scan.ts';
import { SdpError, type SdpErrorCode } from './sdp-error.ts';

const COLON = 58;
const SLASH = 47;

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
    netType: isWordAt(text, from, first, 'IN') ? 'IN' : text.slice(from, first),
    addressType: isWordAt(text, second, secondEnd, 'IP4') ? 'IP4' : text.slice(second, secondEnd),
    address: text.slice(third, thirdEnd),
  };
}

function parseBandwidth(text: string, from: number, end: number): Bandwidth | undefined {
  const colon = codeAt(text, COLON, from, end);
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
  const slash = codeAt(text, SLASH, port, portEnd);
  const number = numberAt(text, port, slash);
  const ports = slash < portEnd ? numberAt(text, slash + 1, portEnd) : undefined;
  if (number < 0 || ports === -1) return port;
  const protocol = afterSpaces(text, portEnd, end);
  const protocolEnd = spaceAt(text, protocol, end);
  if (protocolEnd === protocol) return protocol;
  return {
    media: mediaAt(text, from, mediaEnd),
    port: number,
    ports,
    protocol: text.slice(protocol, protocolEnd),
    formats: tokensAt(text, protocolEnd, end),
  };
}

function mediaAt(text: string, from: number, end: number): string {
  if (isWordAt(text, from, end, 'audio')) return 'audio';
  if (isWordAt(text, from, end, 'video')) return 'video';
  return text.slice(from, end);
}

function refuse(code: SdpErrorCode, line: number, column: number, clause: string, what: string): never {
  throw new SdpError(code, line + 1, column + 1, clause, `${what} is malformed`);
}

function parseAttribute(text: string, start: number, end: number, raw: string): Line {
  const colon = codeAt(text, COLON, start + 2, end);
  const number = attributeNumberAt(text, start + 2, trimmedEnd(text, start + 2, colon));
  if (number < 0) {
    const name = formatAt(text, start + 2, colon);
    return {
      kind: 'attribute',
      value: { name, text: colon < end ? text.slice(colon + 1, end) : undefined },
      raw,
    };
  }
  const row = ATTRIBUTE_ROWS[number]!;
  if (row.flag === colon >= end) {
    const value = row.flag ? true : row.parse(text, colon + 1, trimmedEnd(text, colon + 1, end));
    if (value !== undefined) return { kind: row.name, value, raw } as Line;
  }
  const rest = colon < end ? text.slice(colon + 1, end) : undefined;
  return { kind: 'malformed', value: { name: row.name, text: rest, clause: row.clause }, raw };
}

/**
 * Reads the line text[start, next) whose content ends at end; `line` counts from 0 and is for errors only.
 * Throws SdpError for o=, c=, t= and m=, which the rest of a description depends on.
 */
export function parseLineAt(text: string, start: number, end: number, next: number, line: number): Line {
  const raw = text.slice(start, next);
  if (end === start) return { kind: 'blank', value: undefined, raw };
  const letter = text.charCodeAt(start);
  if (letter === 97) return parseAttribute(text, start, end, raw);
  const from = start + 2;
  const stop = trimmedEnd(text, from, end);
  switch (letter) {
    case 99: {
      const value = parseConnection(text, from, stop);
      if (value === undefined) refuse('connection-malformed', line, 2, 'RFC 8866 section 5.7', 'c=');
      return { kind: 'c', value, raw };
    }
    case 109: {
      const value = parseMediaLine(text, from, stop);
      if (typeof value === 'number')
        refuse('media-malformed', line, value - start, 'RFC 8866 section 5.14', 'm=');
      return { kind: 'm', value, raw };
    }
    case 111: {
      const value = parseOrigin(text, from, stop);
      if (value === undefined) refuse('origin-malformed', line, 2, 'RFC 8866 section 5.2', 'o=');
      return { kind: 'o', value, raw };
    }
    case 116: {
      const value = parseTiming(text, from, stop);
      if (value === undefined) refuse('timing-malformed', line, 2, 'RFC 8866 section 5.9', 't=');
      return { kind: 't', value, raw };
    }
    case 98: {
      const value = parseBandwidth(text, from, stop);
      if (value !== undefined) return { kind: 'b', value, raw };
      return {
        kind: 'malformed',
        value: { name: 'b', text: text.slice(from, end), clause: 'RFC 8866 section 5.8' },
        raw,
      };
    }
    case 118: {
      const value = numberAt(text, from, stop);
      if (value >= 0) return { kind: 'v', value, raw };
      return {
        kind: 'malformed',
        value: { name: 'v', text: text.slice(from, end), clause: 'RFC 8866 section 5.1' },
        raw,
      };
    }
    default:
      return { kind: TEXT_KINDS[letter] ?? 'unknown', value: text.slice(from, end), raw };
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
