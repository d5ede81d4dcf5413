import { candidateValue } from '../attributes/candidate.ts';
import { writeParameters } from '../attributes/codec-attributes.ts';
import type { MediaDescription, SessionDescription } from '../description.ts';
import { attribute, attributes, hasAttribute } from '../lenses/attributes.ts';
import { bundleGroups } from '../lenses/bundle.ts';
import { type Codec, codecs } from '../lenses/codecs.ts';
import { direction } from '../lenses/direction.ts';
import { dtlsRole, fingerprints, sameFingerprints } from '../lenses/dtls.ts';
import { candidates, canTrickle, iceCredentials, isIceLite } from '../lenses/ice.ts';
import { effectiveConnection, origin } from '../lenses/media-line.ts';
import { scratchSink } from '../sink.ts';

/** What a change is about. */
export type ChangeSubject =
  | 'origin'
  | 'bundle'
  | 'media'
  | 'order'
  | 'mid'
  | 'port'
  | 'protocol'
  | 'address'
  | 'direction'
  | 'codec'
  | 'codec-order'
  | 'ice'
  | 'candidate'
  | 'dtls'
  | 'rtcp-mux'
  | 'extension'
  | 'source'
  | 'simulcast'
  | 'crypto'
  | 'attribute';

/** One difference in meaning, in words. */
export interface Change {
  readonly subject: ChangeSubject;
  /** `audio 0: codec opus/48000/2 (111) removed`. */
  readonly message: string;
  /** M-section in the description it belongs to: `a` for what is gone, else `b`. */
  readonly mediaIndex?: number;
}

type Report = (subject: ChangeSubject, message: string) => void;

/** What differs in meaning from a to b; not spelling, not order of attributes, not line endings. */
export function diff(a: SessionDescription, b: SessionDescription): Change[] {
  const changes: Change[] = [];
  const session: Report = (subject, message) => changes.push({ subject, message });
  diffSession(a, b, session);
  const pairs = pairMedia(a, b);
  const matched = new Set(pairs.values());
  a.media.forEach((media, index) => {
    const other = pairs.get(index);
    if (other === undefined) {
      changes.push({
        subject: 'media',
        message: `m-section ${title(media, index)} removed`,
        mediaIndex: index,
      });
      return;
    }
    const name = title(media, index);
    const report: Report = (subject, message) => {
      changes.push({ subject, message: `${name}: ${message}`, mediaIndex: other });
    };
    if (other !== index) report('order', `moved from place ${index} to ${other}`);
    diffMedia(a, media, b, b.media[other]!, report);
  });
  b.media.forEach((media, index) => {
    if (matched.has(index)) return;
    changes.push({ subject: 'media', message: `m-section ${title(media, index)} added`, mediaIndex: index });
  });
  return changes;
}

function title(media: MediaDescription, index: number): string {
  return `${media.media} ${attribute(media, 'mid') ?? `#${index}`}`;
}

// By mid where both sides have it once, otherwise by place: a renamed mid keeps its place, a moved m-section its mid.
function pairMedia(a: SessionDescription, b: SessionDescription): Map<number, number> {
  const places = new Map<string, number>();
  b.media.forEach((media, index) => {
    const mid = attribute(media, 'mid');
    if (mid !== undefined && !places.has(mid)) places.set(mid, index);
  });
  const pairs = new Map<number, number>();
  const taken = new Set<number>();
  a.media.forEach((media, index) => {
    const place = places.get(attribute(media, 'mid') ?? '\n');
    if (place === undefined || taken.has(place)) return;
    pairs.set(index, place);
    taken.add(place);
  });
  a.media.forEach((media, index) => {
    if (pairs.has(index) || taken.has(index) || b.media[index]?.media !== media.media) return;
    pairs.set(index, index);
    taken.add(index);
  });
  return pairs;
}

function diffSession(a: SessionDescription, b: SessionDescription, report: Report): void {
  const before = origin(a);
  const after = origin(b);
  if (before?.sessionId !== after?.sessionId) {
    report('origin', `session id ${before?.sessionId ?? 'none'} became ${after?.sessionId ?? 'none'}`);
  } else if (before?.sessionVersion !== after?.sessionVersion) {
    report('origin', `version ${before?.sessionVersion} became ${after?.sessionVersion}`);
  }
  const groups = (description: SessionDescription) =>
    bundleGroups(description)
      .map((mids) => mids.join(' '))
      .join(' | ') || 'none';
  changed(report, 'bundle', 'BUNDLE', groups(a), groups(b));
  changed(report, 'ice', 'trickle', yesNo(canTrickle(a)), yesNo(canTrickle(b)));
  changed(report, 'ice', 'ice-lite', yesNo(isIceLite(a)), yesNo(isIceLite(b)));
}

function yesNo(value: boolean): string {
  return value ? 'yes' : 'no';
}

function changed(report: Report, subject: ChangeSubject, what: string, before: string, after: string): void {
  if (before !== after) report(subject, `${what} ${before} became ${after}`);
}

function diffMedia(
  a: SessionDescription,
  before: MediaDescription,
  b: SessionDescription,
  after: MediaDescription,
  report: Report,
): void {
  changed(report, 'mid', 'mid', attribute(before, 'mid') ?? 'none', attribute(after, 'mid') ?? 'none');
  if (before.port !== 0 && after.port === 0) report('port', 'rejected (port 0)');
  else if (before.port === 0 && after.port !== 0) report('port', `in use again (port ${after.port})`);
  else changed(report, 'port', 'port', String(before.port), String(after.port));
  changed(report, 'protocol', 'protocol', before.protocol, after.protocol);
  const address = (description: SessionDescription, media: MediaDescription) =>
    effectiveConnection(description, media)?.address ?? 'none';
  changed(report, 'address', 'address', address(a, before), address(b, after));
  changed(report, 'direction', 'direction', direction(before, a.session), direction(after, b.session));
  diffCodecs(before, after, report);
  diffIce(a, before, b, after, report);
  if (!sameFingerprints(fingerprints(a, before), fingerprints(b, after))) {
    const print = (description: SessionDescription, media: MediaDescription) =>
      fingerprints(description, media)
        .map(({ hash, value }) => `${hash} ${value.slice(0, 11)}...`)
        .join(', ') || 'none';
    report('dtls', `fingerprint ${print(a, before)} became ${print(b, after)}`);
  }
  changed(report, 'dtls', 'setup', dtlsRole(a, before) ?? 'none', dtlsRole(b, after) ?? 'none');
  changed(
    report,
    'rtcp-mux',
    'rtcp-mux',
    yesNo(hasAttribute(before, 'rtcp-mux')),
    yesNo(hasAttribute(after, 'rtcp-mux')),
  );
  diffSets(report, 'crypto', 'crypto', texts(before, 'crypto'), texts(after, 'crypto'));
  diffSets(report, 'extension', 'header extension', texts(before, 'extmap'), texts(after, 'extmap'));
  diffSets(report, 'source', 'source', sources(before), sources(after));
  diffSets(report, 'simulcast', 'simulcast', texts(before, 'simulcast'), texts(after, 'simulcast'));
  diffSets(report, 'attribute', 'attribute', otherTexts(before), otherTexts(after));
}

function codecName(codec: Codec): string {
  const base = `${codec.name || '?'}/${codec.clockRate}`;
  return `${codec.channels > 1 ? `${base}/${codec.channels}` : base} (${codec.payloadType})`;
}

function diffCodecs(before: MediaDescription, after: MediaDescription, report: Report): void {
  const list = codecs(before);
  const next = new Map(codecs(after).map((codec) => [codecName(codec).toLowerCase(), codec]));
  const order: string[] = [];
  for (const codec of list) {
    const key = codecName(codec).toLowerCase();
    const now = next.get(key);
    if (now === undefined) {
      report('codec', `codec ${codecName(codec)} removed`);
      continue;
    }
    order.push(key);
    const parameters = [codec, now].map((each) => parametersText(each) || 'none');
    changed(report, 'codec', `parameters of ${codecName(codec)}:`, parameters[0]!, parameters[1]!);
    const feedback = [codec, now].map(
      (each) =>
        each.feedback
          .map(({ type, parameter }) => (parameter === undefined ? type : `${type} ${parameter}`))
          .sort()
          .join(', ') || 'none',
    );
    changed(report, 'codec', `feedback of ${codecName(codec)}:`, feedback[0]!, feedback[1]!);
  }
  const known = new Set(list.map((codec) => codecName(codec).toLowerCase()));
  for (const [key, codec] of next) if (!known.has(key)) report('codec', `codec ${codecName(codec)} added`);
  const kept = [...next.keys()].filter((key) => known.has(key));
  if (kept.join() !== order.join()) report('codec-order', `codecs in another order: ${kept.join(', ')}`);
}

function parametersText(codec: Codec): string {
  const out = scratchSink();
  writeParameters(out, codec.parameters);
  return out.take();
}

function diffIce(
  a: SessionDescription,
  before: MediaDescription,
  b: SessionDescription,
  after: MediaDescription,
  report: Report,
): void {
  const old = iceCredentials(a, before);
  const now = iceCredentials(b, after);
  if (old?.ufrag !== now?.ufrag) {
    report('ice', `ufrag ${old?.ufrag ?? 'none'} became ${now?.ufrag ?? 'none'}`);
    if (old?.pwd !== undefined && old.pwd === now?.pwd) report('ice', 'pwd stayed the same');
  } else if (old?.pwd !== now?.pwd) {
    report('ice', 'pwd changed under the same ufrag');
  }
  const list = (media: MediaDescription) => new Set(candidates(media).map(candidateValue));
  diffSets(report, 'candidate', 'candidate', list(before), list(after));
  const ended = (media: MediaDescription) => yesNo(hasAttribute(media, 'end-of-candidates'));
  changed(report, 'candidate', 'end-of-candidates', ended(before), ended(after));
}

function diffSets(
  report: Report,
  subject: ChangeSubject,
  what: string,
  before: Set<string>,
  after: Set<string>,
): void {
  for (const text of before) if (!after.has(text)) report(subject, `${what} ${text} removed`);
  for (const text of after) if (!before.has(text)) report(subject, `${what} ${text} added`);
}

function texts(media: MediaDescription, kind: 'crypto' | 'extmap' | 'simulcast'): Set<string> {
  const found = new Set<string>();
  for (const line of media.lines) if (line.kind === kind) found.add(line.raw.trimEnd());
  return found;
}

function sources(media: MediaDescription): Set<string> {
  return new Set(attributes(media, 'ssrc').map(({ ssrc }) => String(ssrc)));
}

// What has no words of its own above: told as it stands.
const TOLD = new Set<string>([
  ...[
    'm',
    'c',
    'mid',
    'sendrecv',
    'sendonly',
    'recvonly',
    'inactive',
    'rtpmap',
    'fmtp',
    'rtcp-fb',
    'ice-ufrag',
  ],
  ...[
    'ice-pwd',
    'ice-options',
    'ice-lite',
    'candidate',
    'end-of-candidates',
    'fingerprint',
    'setup',
    'rtcp-mux',
  ],
  ...['crypto', 'extmap', 'ssrc', 'ssrc-group', 'simulcast', 'blank'],
]);

function otherTexts(media: MediaDescription): Set<string> {
  const found = new Set<string>();
  for (const line of media.lines) if (!TOLD.has(line.kind)) found.add(line.raw.trimEnd());
  return found;
}
