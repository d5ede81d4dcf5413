import { afterSpaces, codeAt, formatAt, numberAt, SPACE, spaceAt } from '../scan.ts';
import type { Sink } from '../sink.ts';
import type { Source } from '../source.ts';
import { decimalRow, integerRow } from './plain-values.ts';
import { flagRow, valueRow } from './row.ts';

const SLASH = 47;
const SEMICOLON = 59;
const EQUALS = 61;

/** `a=rtpmap`: what a payload type is (RFC 8866 section 6.6). */
export interface Rtpmap {
  readonly payloadType: number;
  /** Encoding name as written; compare without case. */
  readonly name: string;
  /** Hz. */
  readonly clockRate: number;
  /** Only where the line says so; audio without it has one channel. */
  readonly channels: number | undefined;
}

/** One `name=value` of a format; `value` is undefined for a bare word such as `0-15` or `111/111`. */
export interface FormatParameter {
  readonly name: string;
  readonly value: string | undefined;
}

/** `a=fmtp`: parameters of one format (RFC 8866 section 6.15). */
export interface Fmtp {
  /** The format as in the m= line, mostly a payload type. */
  readonly format: string;
  readonly parameters: readonly FormatParameter[];
}

/** `a=rtcp-fb` (RFC 4585 section 4.2). */
export interface RtcpFeedback {
  /** Payload type, or `*` for all. */
  readonly format: string;
  /** `nack`, `ccm`, `transport-cc`, `trr-int` ... */
  readonly type: string;
  /** The rest: `pli`, `fir`, `1000`. */
  readonly parameter: string | undefined;
}

/** `a=imageattr` (RFC 6236 section 3.1.1); the sets stay text, `*` or `[x=..,y=..]` joined by spaces. */
export interface ImageAttribute {
  readonly format: string;
  readonly send: string | undefined;
  readonly recv: string | undefined;
}

function parseRtpmap(source: Source, from: number, end: number): Rtpmap | undefined {
  const space = spaceAt(source, from, end);
  const payloadType = numberAt(source, from, space);
  if (payloadType < 0) return undefined;
  const start = afterSpaces(source, space, end);
  const slash = codeAt(source, SLASH, start, end);
  if (slash === start || slash === end) return undefined;
  const second = codeAt(source, SLASH, slash + 1, end);
  const clockRate = numberAt(source, slash + 1, second);
  if (clockRate < 0) return undefined;
  let channels: number | undefined;
  if (second < end) {
    channels = numberAt(source, second + 1, end);
    if (channels < 0) return undefined;
  }
  return { payloadType, name: source.text.slice(start, slash), clockRate, channels };
}

function writeRtpmap(out: Sink, value: Rtpmap): void {
  out.number(value.payloadType);
  out.code(SPACE);
  out.text(value.name);
  out.code(SLASH);
  out.number(value.clockRate);
  if (value.channels === undefined) return;
  out.code(SLASH);
  out.number(value.channels);
}

/** The parameters in source[from, end), separated by `;` and optional spaces. */
export function parseParameters(source: Source, from: number, end: number): FormatParameter[] {
  let parameters: FormatParameter[] | undefined;
  const { text, codes } = source;
  let at = afterSpaces(source, from, end);
  while (at < end) {
    let stop = at;
    while (stop < end && codes[stop] !== EQUALS && codes[stop] !== SEMICOLON) stop++;
    let value: string | undefined;
    let next = stop;
    if (stop < end && codes[stop] === EQUALS) {
      next = codeAt(source, SEMICOLON, stop + 1, end);
      value = text.slice(stop + 1, next);
    }
    if (next > at) {
      const parameter = { name: text.slice(at, stop), value };
      // Most formats have one parameter; an array that grows by push reserves room for sixteen more.
      if (parameters === undefined) parameters = [parameter];
      else parameters.push(parameter);
    }
    at = afterSpaces(source, next + 1, end);
  }
  return parameters ?? [];
}

export function writeParameters(out: Sink, parameters: readonly FormatParameter[]): void {
  for (let at = 0; at < parameters.length; at++) {
    const { name, value } = parameters[at]!;
    if (at > 0) out.code(SEMICOLON);
    out.text(name);
    if (value === undefined) continue;
    out.code(EQUALS);
    out.text(value);
  }
}

function parseFmtp(source: Source, from: number, end: number): Fmtp | undefined {
  const space = spaceAt(source, from, end);
  if (space === from || space === end) return undefined;
  return { format: formatAt(source, from, space), parameters: parseParameters(source, space, end) };
}

function writeFmtp(out: Sink, value: Fmtp): void {
  out.text(value.format);
  out.code(SPACE);
  writeParameters(out, value.parameters);
}

function parseFeedback(source: Source, from: number, end: number): RtcpFeedback | undefined {
  const space = spaceAt(source, from, end);
  const start = afterSpaces(source, space, end);
  if (space === from || start === end) return undefined;
  const stop = spaceAt(source, start, end);
  return {
    format: formatAt(source, from, space),
    type: source.text.slice(start, stop),
    parameter: stop < end ? source.text.slice(stop + 1, end) : undefined,
  };
}

function writeFeedback(out: Sink, value: RtcpFeedback): void {
  out.text(value.format);
  out.code(SPACE);
  out.text(value.type);
  if (value.parameter === undefined) return;
  out.code(SPACE);
  out.text(value.parameter);
}

function parseImageAttribute(source: Source, from: number, end: number): ImageAttribute | undefined {
  const space = spaceAt(source, from, end);
  if (space === from || space === end) return undefined;
  let send: string | undefined;
  let recv: string | undefined;
  let at = afterSpaces(source, space, end);
  while (at < end) {
    const word = spaceAt(source, at, end);
    const direction = source.text.slice(at, word);
    const start = afterSpaces(source, word, end);
    let stop = start;
    at = start;
    while (at < end && (source.codes[at] === 91 || source.codes[at] === 42)) {
      stop = spaceAt(source, at, end);
      at = afterSpaces(source, stop, end);
    }
    if (stop === start) return undefined;
    const sets = source.text.slice(start, stop);
    if (direction === 'send' && send === undefined) send = sets;
    else if (direction === 'recv' && recv === undefined) recv = sets;
    else return undefined;
  }
  if (send === undefined && recv === undefined) return undefined;
  return { format: formatAt(source, from, space), send, recv };
}

function writeImageAttribute(out: Sink, value: ImageAttribute): void {
  out.text(value.format);
  if (value.send !== undefined) out.text(` send ${value.send}`);
  if (value.recv !== undefined) out.text(` recv ${value.recv}`);
}

export const CODEC_ATTRIBUTES = {
  rtpmap: valueRow('media', 'RFC 8866 section 6.6', 'a=rtpmap:111 opus/48000/2', parseRtpmap, writeRtpmap),
  fmtp: valueRow(
    'media',
    'RFC 8866 section 6.15',
    'a=fmtp:111 minptime=10;useinbandfec=1',
    parseFmtp,
    writeFmtp,
  ),
  'rtcp-fb': valueRow('media', 'RFC 4585 section 4.2', 'a=rtcp-fb:96 nack pli', parseFeedback, writeFeedback),
  imageattr: valueRow(
    'media',
    'RFC 6236 section 3.1.1',
    'a=imageattr:97 send [x=800,y=640] recv [x=330,y=250]',
    parseImageAttribute,
    writeImageAttribute,
  ),
  ptime: decimalRow('media', 'RFC 8866 section 6.4', 'a=ptime:20'),
  maxptime: decimalRow('media', 'RFC 8866 section 6.5', 'a=maxptime:120'),
  minptime: decimalRow('media', 'RFC 7587 section 6.1', 'a=minptime:20'),
  framerate: decimalRow('media', 'RFC 8866 section 6.13', 'a=framerate:29.97'),
  quality: integerRow('media', 'RFC 8866 section 6.14', 'a=quality:10'),
  'rtcp-rsize': flagRow('media', 'RFC 5506 section 5', 'a=rtcp-rsize'),
} as const;
