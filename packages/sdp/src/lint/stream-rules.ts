import { attribute } from '../lenses/attributes.ts';
import { doubtful, type LintSubject, wrong } from './subject.ts';

/** Header extensions, sources, simulcast, data channels. */
export function checkStreams(subject: LintSubject): void {
  for (const [media, index] of subject.media()) {
    checkExtensions(subject, index);
    checkSources(subject, index);
    checkSimulcast(subject, index);
    if (media.port === 0 || !media.protocol.includes('SCTP')) continue;
    if (media.protocol.startsWith('DTLS/')) continue; // the draft before RFC 8841, with a=sctpmap
    if (attribute(media, 'sctp-port') === undefined) {
      const message = 'a data channel m-section needs a=sctp-port';
      subject.add(wrong('sctp-port-missing', 'RFC 8841 section 5', message), index, 0);
    }
  }
}

function checkExtensions(subject: LintSubject, index: number): void {
  const ids = new Set<number>();
  subject.section(index).lines.forEach((line, at) => {
    if (line.kind !== 'extmap') return;
    const { id } = line.value;
    if (id === 0)
      subject.add(wrong('extmap-id', 'RFC 8285 section 5', 'extension id 0 is padding'), index, at);
    if (ids.has(id)) {
      subject.add(
        wrong('extmap-duplicate', 'RFC 8285 section 5', `extension id ${id} is given twice`),
        index,
        at,
      );
    }
    ids.add(id);
  });
}

function checkSources(subject: LintSubject, index: number): void {
  const { lines } = subject.section(index);
  const declared = new Set<number>();
  for (const line of lines) if (line.kind === 'ssrc') declared.add(line.value.ssrc);
  lines.forEach((line, at) => {
    if (line.kind !== 'ssrc-group') return;
    const missing = line.value.ssrcs.filter((ssrc) => !declared.has(ssrc));
    if (missing.length === 0) return;
    const message = `${line.value.semantics} group names sources without a=ssrc: ${missing.join(', ')}`;
    subject.add(doubtful('ssrc-group-unknown', 'RFC 5576 section 4.2', message), index, at);
  });
}

function checkSimulcast(subject: LintSubject, index: number): void {
  const media = subject.description.media[index]!;
  const simulcast = attribute(media, 'simulcast');
  if (simulcast === undefined) return;
  for (const side of ['send', 'recv'] as const) {
    const rids = new Set<string>();
    for (const line of media.lines) {
      if (line.kind === 'rid' && line.value.direction === side) rids.add(line.value.id);
    }
    const missing = (simulcast[side] ?? []).flat().filter(({ id }) => !rids.has(id));
    if (missing.length === 0) continue;
    const names = missing.map(({ id }) => id).join(', ');
    const message = `simulcast ${side} names streams without a=rid: ${names}`;
    subject.addAt(wrong('simulcast-rid', 'RFC 8853 section 5.2', message), index, 'simulcast');
  }
}
