import type { Fmtp, FormatParameter, RtcpFeedback, Rtpmap } from '../attributes/codec-attributes.ts';
import type { MediaDescription } from '../description.ts';
import type { Line, MediaLine } from '../line.ts';
import { numberOf } from '../scan.ts';

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

/** What a line says of codecs; every Line will do, others are passed over. */
export type CodecLine =
  | { readonly kind: 'rtpmap'; readonly value: Rtpmap }
  | { readonly kind: 'fmtp'; readonly value: Fmtp }
  | { readonly kind: 'rtcp-fb'; readonly value: RtcpFeedback };

type MutableCodec = { -readonly [K in keyof Codec]: Codec[K] } & { feedback: RtcpFeedback[] };

const NO_PARAMETERS: readonly FormatParameter[] = [];
const HIGHEST_TYPE = 127;

/** The same from the m= line's fields and whatever rtpmap, fmtp and rtcp-fb lines are among `lines`. */
export function joinCodecs(
  media: Pick<MediaLine, 'protocol' | 'formats'>,
  lines: readonly (CodecLine | Line)[],
): Codec[] {
  if (!isRtp(media)) return [];
  const made: MutableCodec[] = [];
  const byType: (MutableCodec | undefined)[] = new Array(HIGHEST_TYPE + 1).fill(undefined);
  for (const format of media.formats) {
    const payloadType = typeOf(format);
    if (payloadType < 0 || byType[payloadType] !== undefined) continue;
    const known = STATIC_TYPES[payloadType];
    const codec: MutableCodec = {
      payloadType,
      name: known?.name ?? '',
      clockRate: known?.clockRate ?? 0,
      channels: known?.channels ?? 1,
      parameters: NO_PARAMETERS,
      feedback: [],
    };
    byType[payloadType] = codec;
    made.push(codec);
  }
  const joined = new Map<MutableCodec, FormatParameter[]>();
  for (const line of lines) {
    if (line.kind === 'rtpmap') {
      const { value } = line;
      const codec = byType[value.payloadType];
      if (codec === undefined) continue;
      codec.name = value.name;
      codec.clockRate = value.clockRate;
      codec.channels = value.channels ?? 1;
    } else if (line.kind === 'fmtp') {
      const { format, parameters } = line.value;
      const codec = byType[typeOf(format)];
      if (codec === undefined) continue;
      // Most codecs have one fmtp line, whose list is shared; only a second one makes a list of its own.
      if (codec.parameters === NO_PARAMETERS) codec.parameters = parameters;
      else {
        let own = joined.get(codec);
        if (own === undefined) {
          own = [...codec.parameters];
          joined.set(codec, own);
          codec.parameters = own;
        }
        for (const parameter of parameters) own.push(parameter);
      }
    } else if (line.kind === 'rtcp-fb') {
      const { format } = line.value;
      if (format === '*') for (const codec of made) codec.feedback.push(line.value);
      else byType[typeOf(format)]?.feedback.push(line.value);
    }
  }
  return made;
}

/** The payload type a format stands for, or -1 (RFC 3550 section 5.1: seven bits). */
function typeOf(format: string): number {
  const type = numberOf(format);
  return type > HIGHEST_TYPE ? -1 : type;
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
  const types = bare.split('/').map((word) => numberOf(word));
  return types.includes(-1) ? [] : types;
}
