import { candidateTransport, type IceCandidate } from '@crosspoint/ice';
import {
  codecs,
  type Line,
  type MediaDescription,
  type SessionDescription,
  transportMedia,
  writeAttribute,
  writeLine,
} from '@crosspoint/sdp';
import type { Dropped } from '../description/dropped.ts';
import { isRejected } from '../description/rejected.ts';

const INHERITED: ReadonlySet<string> = new Set([
  'ice-ufrag',
  'ice-pwd',
  'fingerprint',
  'setup',
  'extmap',
  'extmap-allow-mixed',
]);
/** What every description has and Jingle has not. */
const MADE_ANEW: ReadonlySet<string> = new Set(['v', 'o', 's', 't', 'c', 'ice-options']);
const BUNDLED: ReadonlySet<string> = new Set(['ice-ufrag', 'ice-pwd', 'fingerprint', 'setup']);
const DIRECTIONS: ReadonlySet<string> = new Set(['sendrecv', 'sendonly', 'recvonly', 'inactive']);

/**
 * What a description says, without what can be said in two ways: sorted lines for each m-section in use, the session's pushed
 * down into them, defaults written out, and what `dropped` names left out. Throws where `dropped` names what is not there.
 */
export function normalForm(description: SessionDescription, dropped: readonly Dropped[]): string[][] {
  const gone = new Map<number | undefined, Dropped[]>();
  for (const each of dropped) gone.set(each.mediaIndex, [...(gone.get(each.mediaIndex) ?? []), each]);
  const session = without(description.session.lines, gone.get(undefined) ?? []);
  const sections = description.media.flatMap((media, index) => {
    if (isRejected(media)) return [];
    const drops = gone.get(index) ?? [];
    if (drops.some(({ name }) => name === 'm=')) return [];
    const carrier = transportMedia(description, index);
    return [sectionForm(media, session, carrier, index, drops)];
  });
  const whole = session.filter(
    ({ kind }) => !MADE_ANEW.has(kind) && !INHERITED.has(kind) && !DIRECTIONS.has(kind),
  );
  return [whole.map((line) => writeLine(line, '')), ...sections];
}

function without(lines: readonly Line[], dropped: readonly Dropped[]): Line[] {
  const rest = lines.slice();
  for (const { name, text } of dropped) {
    if (name.includes(' ') || name === 'c=') continue;
    const at = rest.findIndex((line) => line.raw.trimEnd() === text);
    if (at < 0) throw new Error(`dropped what is not there: ${name} ${text}`);
    rest.splice(at, 1);
  }
  return rest;
}

function sectionForm(
  media: MediaDescription,
  session: readonly Line[],
  carrier: MediaDescription | undefined,
  index: number,
  drops: readonly Dropped[],
): string[] {
  const own = without(media.lines, drops);
  const has = (kind: string) => own.some((line) => line.kind === kind);
  const lines = [...own];
  for (const line of session)
    if (INHERITED.has(line.kind) && !has(line.kind) && belongs(line, media)) lines.push(line);
  if (carrier !== undefined && carrier !== media) {
    for (const line of carrier.lines)
      if (BUNDLED.has(line.kind) && !lines.some(({ kind }) => kind === line.kind)) lines.push(line);
  }
  const form: string[] = [];
  const partial = (name: string) => drops.filter((each) => each.name === name).map(({ text }) => text);
  const formats = media.formats.filter((format) => !partial('m= format').includes(format));
  const isOld = media.media === 'application';
  form.push(`m=${media.media} ${isOld ? '' : formats.join(' ')}`);
  if (partial('m= protocol').length === 0) form.push(`protocol ${media.protocol}`);
  if (!has('mid')) form.push(`a=mid:${index}`);
  if (!own.some(({ kind }) => DIRECTIONS.has(kind))) {
    const inherited = session.find(({ kind }) => DIRECTIONS.has(kind));
    form.push(inherited === undefined ? 'a=sendrecv' : writeLine(inherited, ''));
  }
  for (const codec of codecs(media)) {
    const mapped = own.some((line) => line.kind === 'rtpmap' && line.value.payloadType === codec.payloadType);
    if (mapped || codec.name === '') continue;
    form.push(`a=rtpmap:${codec.payloadType} ${codec.name}/${codec.clockRate}`);
  }
  const parameters = new Map<string, string[]>();
  const dropsOfCandidates = drops.filter(({ name }) => name.startsWith('a=candidate '));
  for (const line of lines) {
    if (line.kind === 'fmtp') {
      const words = line.value.parameters.map(({ name, value }) =>
        value === undefined ? name : `${name}=${value}`,
      );
      parameters.set(line.value.format, [...(parameters.get(line.value.format) ?? []), ...words]);
    } else form.push(...lineForm(line, dropsOfCandidates));
  }
  for (const [format, words] of parameters) form.push(`a=fmtp:${format} ${words.join(';')}`);
  return form.sort();
}

function belongs(line: Line, media: MediaDescription): boolean {
  return !line.kind.startsWith('extmap') || media.media !== 'application';
}

function lineForm(line: Line, drops: readonly Dropped[]): string[] {
  switch (line.kind) {
    // Made anew on the other side: an address and a port that are lost are in `dropped`.
    case 'm':
    case 'c':
    case 'rtcp':
    case 'blank':
    case 'ice-options':
      return [];
    case 'rtpmap':
      return [writeLine(line, '').replace(/\/1$/, '')];
    case 'extmap':
      return [writeLine(line, '').replace('/sendrecv ', ' ')];
    case 'sctpmap':
      return [`a=sctp-port:${line.value.port}`];
    case 'candidate':
      return [candidateForm(line.value, drops)];
    default:
      return [writeLine(line, '')];
  }
}

function candidateForm(candidate: IceCandidate, drops: readonly Dropped[]): string {
  const extensions = candidate.extensions
    .filter(({ name, value }) => name !== 'ufrag' && !drops.some(({ text }) => text === `${name} ${value}`))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  if (!extensions.some(({ name }) => name === 'generation'))
    extensions.unshift({ name: 'generation', value: '0' });
  const { spelling: _, ...fields } = candidate;
  return writeAttribute('candidate', { ...fields, transport: candidateTransport(candidate), extensions });
}
