import { afterSpaces, isWordAt, numberAt, numberOf, SPACE, spaceAt, tokensAt } from '../scan.ts';
import type { Sink } from '../sink.ts';
import type { Source } from '../source.ts';
import { candidateAt, writeCandidateValue } from './candidate.ts';
import { integerRow, textRow, tokenRow, tokensRow } from './plain-values.ts';
import { flagRow, valueRow } from './row.ts';

/** `a=fingerprint` (RFC 8122 section 5). */
export interface Fingerprint {
  /** Hash function as written; compare without case. */
  readonly hash: string;
  /** Hex pairs joined by colons, as written; compare without case. */
  readonly value: string;
}

export type Setup = 'active' | 'passive' | 'actpass' | 'holdconn';

/** `a=rtcp` (RFC 3605 section 2.1). */
export interface RtcpAddress {
  readonly port: number;
  readonly netType: string | undefined;
  readonly addressType: string | undefined;
  readonly address: string | undefined;
}

/** `a=crypto` (RFC 4568 section 9.1). */
export interface Crypto {
  readonly tag: number;
  readonly suite: string;
  readonly keyParameters: string;
  readonly sessionParameters: readonly string[];
}

/** `a=sctpmap` (draft-ietf-mmusic-sctp-sdp-05, superseded by RFC 8841). */
export interface Sctpmap {
  readonly port: number;
  readonly protocol: string;
  readonly streams: number | undefined;
}

/** One entry of `a=remote-candidates` (RFC 8839 section 5.2). */
export interface RemoteCandidate {
  readonly component: number;
  readonly address: string;
  readonly port: number;
}

function parseFingerprint(source: Source, from: number, end: number): Fingerprint | undefined {
  const space = spaceAt(source, from, end);
  const start = afterSpaces(source, space, end);
  if (space === from || start === end || spaceAt(source, start, end) !== end) return undefined;
  const hash = source.text.slice(from, space);
  return { hash, value: source.text.slice(start, end) };
}

function parseSetup(source: Source, from: number, end: number): Setup | undefined {
  if (isWordAt(source, from, end, 'actpass')) return 'actpass';
  if (isWordAt(source, from, end, 'active')) return 'active';
  if (isWordAt(source, from, end, 'passive')) return 'passive';
  return isWordAt(source, from, end, 'holdconn') ? 'holdconn' : undefined;
}

function parseRtcp(source: Source, from: number, end: number): RtcpAddress | undefined {
  const space = spaceAt(source, from, end);
  const port = numberAt(source, from, space);
  if (port < 0 || port > 65535) return undefined;
  if (space === end) return { port, netType: undefined, addressType: undefined, address: undefined };
  const words = tokensAt(source, space, end);
  if (words.length !== 3) return undefined;
  return { port, netType: words[0], addressType: words[1], address: words[2] };
}

function writeRtcp(out: Sink, value: RtcpAddress): void {
  out.number(value.port);
  if (value.address === undefined) return;
  out.text(` ${value.netType ?? 'IN'} ${value.addressType ?? 'IP4'} `);
  out.text(value.address);
}

function writeFingerprint(out: Sink, value: Fingerprint): void {
  out.text(value.hash);
  out.code(SPACE);
  out.text(value.value);
}

function parseCrypto(source: Source, from: number, end: number): Crypto | undefined {
  const [tag, suite, keyParameters, ...sessionParameters] = tokensAt(source, from, end);
  if (tag === undefined || suite === undefined || keyParameters === undefined) return undefined;
  const number = numberOf(tag);
  return number < 0 ? undefined : { tag: number, suite, keyParameters, sessionParameters };
}

function writeCrypto(out: Sink, value: Crypto): void {
  out.number(value.tag);
  out.text(` ${value.suite} `);
  out.text(value.keyParameters);
  for (const parameter of value.sessionParameters) out.text(` ${parameter}`);
}

function parseSctpmap(source: Source, from: number, end: number): Sctpmap | undefined {
  const [port, protocol, streams, ...rest] = tokensAt(source, from, end);
  if (port === undefined || protocol === undefined || rest.length > 0) return undefined;
  const number = numberOf(port);
  const count = streams === undefined ? undefined : numberOf(streams);
  return number < 0 || number > 65535 || count === -1
    ? undefined
    : { port: number, protocol, streams: count };
}

function writeSctpmap(out: Sink, value: Sctpmap): void {
  out.number(value.port);
  out.text(` ${value.protocol}`);
  if (value.streams !== undefined) out.text(` ${value.streams}`);
}

function parseRemoteCandidates(
  source: Source,
  from: number,
  end: number,
): readonly RemoteCandidate[] | undefined {
  const words = tokensAt(source, from, end);
  if (words.length === 0 || words.length % 3 !== 0) return undefined;
  const candidates: RemoteCandidate[] = [];
  for (let at = 0; at < words.length; at += 3) {
    const component = numberOf(words[at]!);
    const port = numberOf(words[at + 2]!);
    if (component < 0 || port < 0 || port > 65535) return undefined;
    candidates.push({ component, address: words[at + 1]!, port });
  }
  return candidates;
}

export const TRANSPORT_ATTRIBUTES = {
  candidate: valueRow(
    'media',
    'RFC 8839 section 5.1',
    'a=candidate:842163049 1 udp 1677729535 203.0.113.7 40678 typ srflx raddr 10.0.0.5 rport 40678 generation 0',
    candidateAt,
    writeCandidateValue,
  ),
  'end-of-candidates': flagRow('both', 'RFC 8840 section 8.1', 'a=end-of-candidates'),
  'remote-candidates': valueRow(
    'media',
    'RFC 8839 section 5.2',
    'a=remote-candidates:1 127.0.0.1 45866 1 10.9.1.1 56672',
    parseRemoteCandidates,
    (out, value) =>
      out.text(value.map(({ component, address, port }) => `${component} ${address} ${port}`).join(' ')),
  ),
  'ice-ufrag': tokenRow('both', 'RFC 8839 section 5.4', 'a=ice-ufrag:keZ/'),
  'ice-pwd': tokenRow('both', 'RFC 8839 section 5.4', 'a=ice-pwd:KPH0HOr9PpAv7k6yq6hJzI+x'),
  'ice-options': tokensRow('both', 'RFC 8839 section 5.6', 'a=ice-options:trickle ice2'),
  'ice-lite': flagRow('session', 'RFC 8839 section 5.3', 'a=ice-lite'),
  'ice-mismatch': flagRow('media', 'RFC 8839 section 5.3', 'a=ice-mismatch'),
  'ice-pacing': integerRow('session', 'RFC 8839 section 5.5', 'a=ice-pacing:50'),
  fingerprint: valueRow(
    'both',
    'RFC 8122 section 5',
    'a=fingerprint:sha-1 4A:AD:B9:B1:3F:82:18:3B:54:02:12:DF:3E:5D:49:6B:19:E5:7C:AB',
    parseFingerprint,
    writeFingerprint,
  ),
  setup: valueRow('both', 'RFC 4145 section 4', 'a=setup:actpass', parseSetup, (out, value) =>
    out.text(value),
  ),
  'tls-id': tokenRow('both', 'RFC 8842 section 4', 'a=tls-id:abc3de65cddef001be82'),
  connection: tokenRow('both', 'RFC 4145 section 5', 'a=connection:new'),
  identity: textRow(
    'session',
    'RFC 8827 section 5',
    'a=identity:eyJpZHAiOnsiZG9tYWluIjoiZXhhbXBsZS5vcmcifX0=',
  ),
  crypto: valueRow(
    'media',
    'RFC 4568 section 9.1',
    'a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz|2^20|1:4',
    parseCrypto,
    writeCrypto,
  ),
  rtcp: valueRow('media', 'RFC 3605 section 2.1', 'a=rtcp:9 IN IP4 0.0.0.0', parseRtcp, writeRtcp),
  'rtcp-mux': flagRow('media', 'RFC 5761 section 8', 'a=rtcp-mux'),
  'rtcp-mux-only': flagRow('media', 'RFC 8858 section 3', 'a=rtcp-mux-only'),
  'sctp-port': integerRow('media', 'RFC 8841 section 5', 'a=sctp-port:5000'),
  'max-message-size': integerRow('media', 'RFC 8841 section 6', 'a=max-message-size:262144'),
  sctpmap: valueRow(
    'media',
    'draft-ietf-mmusic-sctp-sdp-05 section 5',
    'a=sctpmap:5000 webrtc-datachannel 1024',
    parseSctpmap,
    writeSctpmap,
  ),
} as const;
