import type { MediaDescription } from '../description.ts';
import { endingOf, type Line } from '../line.ts';
import { mediaLine } from '../make-line.ts';
import { numberOf } from '../scan.ts';
import { withLines } from '../section.ts';
import { type Codec, codecParameter, codecs, isRtp, redundantTypes } from './codecs.ts';
import { mediaLineOf, rejectMedia } from './media-line.ts';

const REPAIR = new Set(['rtx', 'red', 'ulpfec', 'flexfec-03', 'flexfec']);

/** Whether the codec only repairs another: rtx, red, ulpfec, flexfec. */
export function isRepair(codec: Codec): boolean {
  return REPAIR.has(codec.name.toLowerCase());
}

function keptTypes(all: readonly Codec[], keep: (codec: Codec) => boolean): Set<number> {
  const kept = new Set<number>();
  for (const codec of all) if (!isRepair(codec) && keep(codec)) kept.add(codec.payloadType);
  const hasPrimary = kept.size > 0;
  // red and fec first, since rtx may in turn repair them.
  const repairs = all.filter((codec) => isRepair(codec) && keep(codec));
  for (const codec of repairs) {
    if (codec.name.toLowerCase() === 'rtx') continue;
    const carried = redundantTypes(codec);
    if (hasPrimary && carried.every((type) => kept.has(type))) kept.add(codec.payloadType);
  }
  for (const codec of repairs) {
    if (codec.name.toLowerCase() !== 'rtx') continue;
    const apt = codecParameter(codec, 'apt') ?? '';
    if (kept.has(numberOf(apt))) kept.add(codec.payloadType);
  }
  return kept;
}

function isLeftover(line: Line, removed: ReadonlySet<number>): boolean {
  if (line.kind === 'rtpmap') return removed.has(line.value.payloadType);
  if (line.kind === 'fmtp' || line.kind === 'rtcp-fb' || line.kind === 'imageattr') {
    const { format } = line.value;
    return removed.has(numberOf(format));
  }
  return false;
}

/**
 * The RTP m-section with only the codecs `keep` says yes to: their formats in the m= line, rtpmap, fmtp and rtcp-fb.
 * What repaired a removed codec (rtx by apt, red by its list, ulpfec and flexfec with nothing left to protect) goes
 * too. With no codec left the m-section is rejected (port 0), since an m= line needs a format. Other m-sections
 * stay as they are.
 */
export function restrictCodecs(media: MediaDescription, keep: (codec: Codec) => boolean): MediaDescription {
  if (!isRtp(media)) return media;
  const all = codecs(media);
  const kept = keptTypes(all, keep);
  if (kept.size === all.length) return media;
  if (kept.size === 0) return rejectMedia(media);
  const removed = new Set<number>();
  for (const { payloadType } of all) if (!kept.has(payloadType)) removed.add(payloadType);
  const formats = media.formats.filter((format) => !removed.has(numberOf(format)));
  const ending = endingOf(media.lines[0]!.raw);
  const lines = media.lines.filter((line) => !isLeftover(line, removed));
  lines[0] = mediaLine({ ...mediaLineOf(media), formats }, ending);
  return withLines(media, lines);
}
