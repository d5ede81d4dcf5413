import type { FormatParameter, RtcpFeedback } from '../attributes/codec-attributes.ts';
import type { MediaDescription } from '../description.ts';
import type { Line, MediaLine } from '../line.ts';
import { numberAt } from '../scan.ts';

/** Everything an m-section says of one payload type. */
export interface Codec {
  readonly payloadType: number;
  /** Encoding name as written; '' when neither an rtpmap nor RFC 3551 says what it is. */
  readonly name: string;
  /** Hz; 0 when unknown. */
  readonly clockRate: number;
  /** 1 where nothing is said. */
  readonly channels: number;
  readonly parameters: readonly FormatParameter[];
  /** rtcp-fb of this payload type and of `*`. */
  readonly feedback: readonly RtcpFeedback[];
}

interface StaticType {
  readonly name: string;
  readonly clockRate: number;
  readonly channels: number;
}

function audio(name: string, clockRate = 8000, channels = 1): StaticType {
  return { name, clockRate, channels };
}

/** Static payload types: RFC 3551 section 6, tables 4 and 5. */
const STATIC_TYPES: Readonly<Record<number, StaticType>> = {
  0: audio('PCMU'),
  3: audio('GSM'),
  4: audio('G723'),
  5: audio('DVI4'),
  6: audio('DVI4', 16000),
  7: audio('LPC'),
  8: audio('PCMA'),
  9: audio('G722'),
  10: audio('L16', 44100, 2),
  11: audio('L16', 44100),
  12: audio('QCELP'),
  13: audio('CN'),
  14: audio('MPA', 90000),
  15: audio('G728'),
  16: audio('DVI4', 11025),
  17: audio('DVI4', 22050),
  18: audio('G729'),
  25: audio('CelB', 90000),
  26: audio('JPEG', 90000),
  28: audio('nv', 90000),
  31: audio('H261', 90000),
  32: audio('MPV', 90000),
  33: audio('MP2T', 90000),
  34: audio('H263', 90000),
};

/** Whether the m-section carries RTP, so that its formats are payload types. */
export function isRtp(media: Pick<MediaLine, 'protocol'>): boolean {
  return media.protocol.includes('RTP/');
}

/**
 * The codecs of an RTP m-section in the order of its m= line (RFC 3264 section 5.1: preference), rtpmap, fmtp and
 * rtcp-fb joined; static payload types without rtpmap as in RFC 3551. Empty for other protocols.
 */
export function codecs(media: MediaDescription): Codec[] {
  return joinCodecs(media, media.lines);
}

/** The same from the m= line's fields and whatever rtpmap, fmtp and rtcp-fb lines are among `lines`. */
export function joinCodecs(media: Pick<MediaLine, 'protocol' | 'formats'>, lines: readonly Line[]): Codec[] {
  if (!isRtp(media)) return [];
  const made: Codec[] = [];
  const byType = new Map<number, { -readonly [K in keyof Codec]: Codec[K] }>();
  for (const format of media.formats) {
    const payloadType = numberAt(format, 0, format.length);
    if (payloadType < 0 || byType.has(payloadType)) continue;
    const known = STATIC_TYPES[payloadType];
    const codec = {
      payloadType,
      name: known?.name ?? '',
      clockRate: known?.clockRate ?? 0,
      channels: known?.channels ?? 1,
      parameters: [] as readonly FormatParameter[],
      feedback: [] as RtcpFeedback[],
    };
    byType.set(payloadType, codec);
    made.push(codec);
  }
  for (const line of lines) {
    if (line.kind === 'rtpmap') {
      const codec = byType.get(line.value.payloadType);
      if (codec === undefined) continue;
      codec.name = line.value.name;
      codec.clockRate = line.value.clockRate;
      codec.channels = line.value.channels ?? 1;
    } else if (line.kind === 'fmtp') {
      const codec = byType.get(numberAt(line.value.format, 0, line.value.format.length));
      if (codec !== undefined) codec.parameters = [...codec.parameters, ...line.value.parameters];
    } else if (line.kind === 'rtcp-fb') {
      const { format } = line.value;
      if (format === '*') for (const codec of made) (codec.feedback as RtcpFeedback[]).push(line.value);
      else
        (byType.get(numberAt(format, 0, format.length))?.feedback as RtcpFeedback[] | undefined)?.push(
          line.value,
        );
    }
  }
  return made;
}

/** Value of a codec's format parameter, by name without case; '' for a bare word. */
export function codecParameter(codec: Codec, name: string): string | undefined {
  const wanted = name.toLowerCase();
  for (const parameter of codec.parameters) {
    if (parameter.name.toLowerCase() === wanted) return parameter.value ?? '';
  }
  return undefined;
}

/** Whether two codecs are the same by name, clock rate and channels (RFC 3264 section 6.1). */
export function isSameCodec(a: Codec, b: Codec): boolean {
  return (
    a.clockRate === b.clockRate && a.channels === b.channels && a.name.toLowerCase() === b.name.toLowerCase()
  );
}

/** The payload types a `red` fmtp refers to (`111/111`): RFC 2198 section 5. */
export function redundantTypes(codec: Codec): number[] {
  const bare = codec.parameters.find((parameter) => parameter.value === undefined)?.name ?? '';
  const types = bare.split('/').map((word) => numberAt(word, 0, word.length));
  return types.includes(-1) ? [] : types;
}
