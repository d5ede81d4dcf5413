import { afterSpaces, codeAt, isWordAt, numberAt, SPACE, spaceAt, tokensAt } from '../scan.ts';
import type { Sink } from '../sink.ts';
import type { Source } from '../source.ts';
import { type FormatParameter, parseParameters, writeParameters } from './codec-attributes.ts';
import { textRow, tokenRow, tokensRow, writeTokens } from './plain-values.ts';
import { flagRow, valueRow } from './row.ts';

const COLON = 58;
const SLASH = 47;

export type Direction = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';

/** `a=group` (RFC 5888 section 5). */
export interface Group {
  readonly semantics: string;
  readonly mids: readonly string[];
}

/** `a=msid` (RFC 8830 section 2). `stream` is `-` for a track without a stream. */
export interface Msid {
  readonly stream: string;
  readonly track: string | undefined;
}

/** `a=msid-semantic` (draft-ietf-mmusic-msid-05 section 3, still sent by every browser). */
export interface MsidSemantic {
  readonly semantic: string;
  readonly streams: readonly string[];
}

/** `a=ssrc` (RFC 5576 section 4.1). */
export interface SsrcAttribute {
  readonly ssrc: number;
  /** `cname`, `msid` ... */
  readonly attribute: string;
  readonly value: string | undefined;
}

/** `a=ssrc-group` (RFC 5576 section 4.2). */
export interface SsrcGroup {
  readonly semantics: string;
  readonly ssrcs: readonly number[];
}

/** `a=extmap` (RFC 8285 section 8). */
export interface Extmap {
  readonly id: number;
  readonly direction: Direction | undefined;
  readonly uri: string;
  readonly attributes: string | undefined;
}

/** `a=rid` (RFC 8851 section 4). */
export interface Rid {
  readonly id: string;
  readonly direction: 'send' | 'recv';
  readonly restrictions: readonly FormatParameter[];
}

/** One restriction identifier of a simulcast list; `~` before it means paused. */
export interface SimulcastStream {
  readonly id: string;
  readonly paused: boolean;
}

/** `a=simulcast` (RFC 8853 section 5.1): per direction a list of streams, each a list of alternatives. */
export interface Simulcast {
  readonly send: readonly (readonly SimulcastStream[])[] | undefined;
  readonly recv: readonly (readonly SimulcastStream[])[] | undefined;
}

const HIGHEST_SSRC = 0xffff_ffff;

function parseGroup(source: Source, from: number, end: number): Group | undefined {
  const space = spaceAt(source, from, end);
  if (space === from) return undefined;
  const semantics = source.text.slice(from, space);
  return { semantics, mids: tokensAt(source, space, end) };
}

function parseMsid(source: Source, from: number, end: number): Msid | undefined {
  const space = spaceAt(source, from, end);
  if (space === from) return undefined;
  if (space === end) return { stream: source.text.slice(from, space), track: undefined };
  if (spaceAt(source, space + 1, end) !== end) return undefined;
  return { stream: source.text.slice(from, space), track: source.text.slice(space + 1, end) };
}

// Chromium writes a space after the colon, Firefox does not.
function parseMsidSemantic(source: Source, from: number, end: number): MsidSemantic | undefined {
  const start = afterSpaces(source, from, end);
  const space = spaceAt(source, start, end);
  if (space === start) return undefined;
  return { semantic: source.text.slice(start, space), streams: tokensAt(source, space, end) };
}

function parseSsrc(source: Source, from: number, end: number): SsrcAttribute | undefined {
  const space = spaceAt(source, from, end);
  const ssrc = numberAt(source, from, space);
  if (ssrc < 0 || ssrc > HIGHEST_SSRC || space === end) return undefined;
  const start = space + 1;
  const colon = codeAt(source, COLON, start, end);
  if (colon === start) return undefined;
  const attribute = source.text.slice(start, colon);
  return { ssrc, attribute, value: colon < end ? source.text.slice(colon + 1, end) : undefined };
}

function parseSsrcGroup(source: Source, from: number, end: number): SsrcGroup | undefined {
  const space = spaceAt(source, from, end);
  if (space === from) return undefined;
  const ssrcs: number[] = [];
  let at = afterSpaces(source, space, end);
  while (at < end) {
    const stop = spaceAt(source, at, end);
    const ssrc = numberAt(source, at, stop);
    if (ssrc < 0 || ssrc > HIGHEST_SSRC) return undefined;
    ssrcs.push(ssrc);
    at = afterSpaces(source, stop, end);
  }
  return { semantics: source.text.slice(from, space), ssrcs };
}

function directionAt(source: Source, from: number, end: number): Direction | undefined {
  if (isWordAt(source, from, end, 'sendrecv')) return 'sendrecv';
  if (isWordAt(source, from, end, 'sendonly')) return 'sendonly';
  if (isWordAt(source, from, end, 'recvonly')) return 'recvonly';
  return isWordAt(source, from, end, 'inactive') ? 'inactive' : undefined;
}

function parseExtmap(source: Source, from: number, end: number): Extmap | undefined {
  const space = spaceAt(source, from, end);
  const slash = codeAt(source, SLASH, from, space);
  const id = numberAt(source, from, slash);
  const start = afterSpaces(source, space, end);
  if (id < 0 || start === end) return undefined;
  let direction: Direction | undefined;
  if (slash < space) {
    direction = directionAt(source, slash + 1, space);
    if (direction === undefined) return undefined;
  }
  const stop = spaceAt(source, start, end);
  const attributes = stop < end ? source.text.slice(stop + 1, end) : undefined;
  return { id, direction, uri: source.text.slice(start, stop), attributes };
}

function writeExtmap(out: Sink, value: Extmap): void {
  out.number(value.id);
  if (value.direction !== undefined) out.text(`/${value.direction}`);
  out.code(SPACE);
  out.text(value.uri);
  if (value.attributes !== undefined) out.text(` ${value.attributes}`);
}

function parseRid(source: Source, from: number, end: number): Rid | undefined {
  const space = spaceAt(source, from, end);
  const start = afterSpaces(source, space, end);
  const stop = spaceAt(source, start, end);
  if (space === from) return undefined;
  const send = isWordAt(source, start, stop, 'send');
  if (!send && !isWordAt(source, start, stop, 'recv')) return undefined;
  return {
    id: source.text.slice(from, space),
    direction: send ? 'send' : 'recv',
    restrictions: parseParameters(source, stop, end),
  };
}

function writeRid(out: Sink, value: Rid): void {
  out.text(`${value.id} ${value.direction}`);
  if (value.restrictions.length === 0) return;
  out.code(SPACE);
  writeParameters(out, value.restrictions);
}

function streamList(text: string): SimulcastStream[][] | undefined {
  const streams = text.split(';').map((alternatives) =>
    alternatives.split(',').map((word) => {
      const paused = word.startsWith('~');
      return { id: paused ? word.slice(1) : word, paused };
    }),
  );
  return streams.some((alternatives) => alternatives.some(({ id }) => id === '')) ? undefined : streams;
}

function parseSimulcast(source: Source, from: number, end: number): Simulcast | undefined {
  const words = tokensAt(source, from, end);
  let send: SimulcastStream[][] | undefined;
  let recv: SimulcastStream[][] | undefined;
  if (words.length !== 2 && words.length !== 4) return undefined;
  for (let at = 0; at < words.length; at += 2) {
    const streams = streamList(words[at + 1]!);
    if (streams === undefined) return undefined;
    if (words[at] === 'send' && send === undefined) send = streams;
    else if (words[at] === 'recv' && recv === undefined) recv = streams;
    else return undefined;
  }
  return { send, recv };
}

function writeStreamList(streams: readonly (readonly SimulcastStream[])[]): string {
  return streams
    .map((alternatives) => alternatives.map(({ id, paused }) => (paused ? `~${id}` : id)).join(','))
    .join(';');
}

function writeSimulcast(out: Sink, value: Simulcast): void {
  const parts: string[] = [];
  if (value.send !== undefined) parts.push(`send ${writeStreamList(value.send)}`);
  if (value.recv !== undefined) parts.push(`recv ${writeStreamList(value.recv)}`);
  out.text(parts.join(' '));
}

function writeGroup(out: Sink, value: Group): void {
  writeNamedList(out, value.semantics, value.mids);
}

function writeMsidSemantic(out: Sink, value: MsidSemantic): void {
  writeNamedList(out, value.semantic, value.streams);
}

function writeNamedList(out: Sink, name: string, tokens: readonly string[]): void {
  out.text(name);
  if (tokens.length === 0) return;
  out.code(SPACE);
  writeTokens(out, tokens);
}

function writeMsid(out: Sink, value: Msid): void {
  out.text(value.stream);
  if (value.track === undefined) return;
  out.code(SPACE);
  out.text(value.track);
}

function writeSsrc(out: Sink, value: SsrcAttribute): void {
  out.number(value.ssrc);
  out.code(SPACE);
  out.text(value.attribute);
  if (value.value === undefined) return;
  out.code(COLON);
  out.text(value.value);
}

function writeSsrcGroup(out: Sink, value: SsrcGroup): void {
  out.text(value.semantics);
  for (const ssrc of value.ssrcs) {
    out.code(SPACE);
    out.number(ssrc);
  }
}

export const STREAM_ATTRIBUTES = {
  mid: tokenRow('media', 'RFC 5888 section 4', 'a=mid:0'),
  group: valueRow('session', 'RFC 5888 section 5', 'a=group:BUNDLE 0 1', parseGroup, writeGroup),
  msid: valueRow(
    'media',
    'RFC 8830 section 2',
    'a=msid:- 3d7d5504-ba7b-448e-ab20-e6a773afefce',
    parseMsid,
    writeMsid,
  ),
  'msid-semantic': valueRow(
    'session',
    'draft-ietf-mmusic-msid-05 section 3',
    'a=msid-semantic:WMS *',
    parseMsidSemantic,
    writeMsidSemantic,
  ),
  ssrc: valueRow('media', 'RFC 5576 section 4.1', 'a=ssrc:1234 cname:jaGuLsBLsygsjOA+', parseSsrc, writeSsrc),
  'ssrc-group': valueRow(
    'media',
    'RFC 5576 section 4.2',
    'a=ssrc-group:FID 83398362 3161980736',
    parseSsrcGroup,
    writeSsrcGroup,
  ),
  extmap: valueRow(
    'both',
    'RFC 8285 section 8',
    'a=extmap:2/recvonly urn:ietf:params:rtp-hdrext:csrc-audio-level',
    parseExtmap,
    writeExtmap,
  ),
  'extmap-allow-mixed': flagRow('both', 'RFC 8285 section 6', 'a=extmap-allow-mixed'),
  rid: valueRow('media', 'RFC 8851 section 4', 'a=rid:l send max-width=1280;max-fps=30', parseRid, writeRid),
  simulcast: valueRow(
    'media',
    'RFC 8853 section 5.1',
    'a=simulcast:send l;~m,h recv 1',
    parseSimulcast,
    writeSimulcast,
  ),
  sendrecv: flagRow('both', 'RFC 8866 section 6.7', 'a=sendrecv'),
  sendonly: flagRow('both', 'RFC 8866 section 6.7', 'a=sendonly'),
  recvonly: flagRow('both', 'RFC 8866 section 6.7', 'a=recvonly'),
  inactive: flagRow('both', 'RFC 8866 section 6.7', 'a=inactive'),
  'bundle-only': flagRow('media', 'RFC 9143 section 6', 'a=bundle-only'),
  label: tokenRow('media', 'RFC 4574 section 4', 'a=label:1'),
  content: tokenRow('media', 'RFC 4796 section 5', 'a=content:slides'),
  lang: tokenRow('both', 'RFC 8866 section 6.12', 'a=lang:de'),
  sdplang: tokenRow('both', 'RFC 8866 section 6.11', 'a=sdplang:fr'),
  tool: textRow('session', 'RFC 8866 section 6.3', 'a=tool:baresip 1.0.0'),
  type: tokenRow('session', 'RFC 8866 section 6.9', 'a=type:meeting'),
  charset: tokenRow('session', 'RFC 8866 section 6.10', 'a=charset:ISO-8859-1'),
  'source-filter': textRow('both', 'RFC 4570 section 3', 'a=source-filter: incl IN IP4 232.3.4.5 192.0.2.10'),
  'rtcp-xr': tokensRow('both', 'RFC 3611 section 5.1', 'a=rtcp-xr:rcvr-rtt=all'),
} as const;
