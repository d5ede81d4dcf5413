import type { MediaDescription } from '../description.ts';
import { hasAttribute } from '../lenses/attributes.ts';
import { type Codec, codecParameter, codecs, isRtp, redundantTypes } from '../lenses/codecs.ts';
import { isRepair } from '../lenses/restrict-codecs.ts';
import { numberOf } from '../scan.ts';
import { doubtful, isActive, type LintSubject, wrong } from './subject.ts';

/** Payload types, rtpmap, fmtp, and the clock rates that are traps. */
export function checkCodecs(subject: LintSubject): void {
  for (const [media, index] of subject.media()) {
    if (!isRtp(media)) continue;
    const list = codecs(media);
    checkPayloadTypes(subject, media, index);
    checkReferences(subject, media, index);
    if (!isActive(media)) continue;
    for (const codec of list) {
      if (codec.name !== '') continue;
      const message = `payload type ${codec.payloadType} has no rtpmap and no static meaning`;
      subject.add(wrong('rtpmap-missing', 'RFC 8866 section 6.6', message), index, 0);
    }
    checkClocks(subject, media, list, index);
    checkRepair(subject, list, index);
  }
}

function rtpmapLine(media: MediaDescription, payloadType: number): number {
  return Math.max(
    0,
    media.lines.findIndex((line) => line.kind === 'rtpmap' && line.value.payloadType === payloadType),
  );
}

function checkPayloadTypes(subject: LintSubject, media: MediaDescription, index: number): void {
  const seen = new Set<string>();
  const muxed = hasAttribute(media, 'rtcp-mux');
  for (const format of media.formats) {
    const type = numberOf(format);
    const clause = 'RFC 8866 section 5.14';
    if (type < 0 || type > 127) {
      subject.add(wrong('payload-type-range', clause, `${format} is not a payload type`), index, 0);
    } else if (seen.has(format)) {
      subject.add(
        wrong('payload-type-duplicate', clause, `payload type ${format} is listed twice`),
        index,
        0,
      );
    } else if (muxed && type >= 64 && type <= 95) {
      const message = `payload type ${type} reads as RTCP on a multiplexed port`;
      subject.add(wrong('payload-type-rtcp', 'RFC 5761 section 4', message), index, 0);
    }
    seen.add(format);
  }
}

function checkReferences(subject: LintSubject, media: MediaDescription, index: number): void {
  const listed = new Set(media.formats);
  const mapped = new Set<number>();
  media.lines.forEach((line, at) => {
    let format: string | undefined;
    if (line.kind === 'rtpmap') {
      const { payloadType } = line.value;
      format = String(payloadType);
      if (mapped.has(payloadType)) {
        const message = `a second rtpmap for payload type ${payloadType}`;
        subject.add(wrong('rtpmap-duplicate', 'RFC 8866 section 6.6', message), index, at);
      }
      mapped.add(payloadType);
    } else if (line.kind === 'fmtp' || line.kind === 'rtcp-fb') {
      format = line.value.format;
    }
    if (format === undefined || format === '*' || listed.has(format)) return;
    if (listed.has(format.padStart(2, '0'))) return;
    const message = `a=${line.kind} speaks of format ${format}, which the m= line does not list`;
    subject.add(doubtful('format-unlisted', 'RFC 8866 section 6.6', message), index, at);
  });
}

function checkClocks(
  subject: LintSubject,
  media: MediaDescription,
  list: readonly Codec[],
  index: number,
): void {
  for (const codec of list) {
    const name = codec.name.toLowerCase();
    const at = rtpmapLine(media, codec.payloadType);
    if (name === 'g722' && codec.clockRate !== 8000) {
      const message = `G722/${codec.clockRate}: its RTP clock is 8000, though it samples at 16000`;
      subject.add(wrong('g722-clock', 'RFC 3551 section 4.5.2', message), index, at);
    } else if (name === 'opus' && (codec.clockRate !== 48000 || codec.channels !== 2)) {
      const message = `opus/${codec.clockRate}/${codec.channels}: it is always opus/48000/2`;
      subject.add(wrong('opus-rtpmap', 'RFC 7587 section 7', message), index, at);
    }
  }
  const voice = list.filter(
    (codec) => !isRepair(codec) && !isEvent(codec) && codec.name.toLowerCase() !== 'cn',
  );
  const clocks = new Set(voice.map((codec) => codec.clockRate));
  const events = list.filter(isEvent);
  const matched = events.some((codec) => clocks.has(codec.clockRate));
  for (const codec of events) {
    if (clocks.has(codec.clockRate)) continue;
    const rates = [...clocks].join(', ') || 'none';
    const message = `telephone-event/${codec.clockRate} fits no codec here (clock rates: ${rates}): digits are lost or stretched`;
    const statement = matched ? doubtful : wrong;
    subject.add(
      statement('te-clock', 'RFC 4733 section 2.1', message),
      index,
      rtpmapLine(media, codec.payloadType),
    );
  }
}

function isEvent(codec: Codec): boolean {
  return codec.name.toLowerCase() === 'telephone-event';
}

function checkRepair(subject: LintSubject, list: readonly Codec[], index: number): void {
  const types = new Set(list.map((codec) => codec.payloadType));
  const media = subject.description.media[index]!;
  for (const codec of list) {
    const name = codec.name.toLowerCase();
    const at = rtpmapLine(media, codec.payloadType);
    if (name === 'rtx') {
      const apt = codecParameter(codec, 'apt');
      if (apt === undefined) {
        const message = `rtx ${codec.payloadType} does not say what it repairs (apt)`;
        const statement = subject.profile === 'webrtc' ? doubtful : wrong;
        subject.add(statement('rtx-apt', 'RFC 4588 section 8.1', message), index, at);
      } else if (!types.has(numberOf(apt))) {
        const message = `rtx ${codec.payloadType} repairs ${apt}, which is not there`;
        subject.add(wrong('rtx-apt', 'RFC 4588 section 8.1', message), index, at);
      }
    } else if (name === 'red' && redundantTypes(codec).some((type) => !types.has(type))) {
      const message = `red ${codec.payloadType} carries a payload type that is not there`;
      subject.add(wrong('red-list', 'RFC 2198 section 5', message), index, at);
    }
  }
}
