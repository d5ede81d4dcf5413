import type { Fmtp, FormatParameter, RtcpFeedback, Rtpmap } from '../attributes/codec-attributes.ts';
import type { MediaDescription } from '../description.ts';
import type { MediaLine } from '../line.ts';
import { afterSpaces, numberAt, numberOf, spaceAt, trimmedEnd } from '../scan.ts';
import type { Source } from '../source.ts';

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
  const { protocol } = media;
  return protocol === 'UDP/TLS/RTP/SAVPF' || protocol === 'RTP/AVP' || protocol.includes('RTP/');
}

// `isRtp` of the protocol in source[from, end).
function isRtpAt({ codes }: Source, from: number, end: number): boolean {
  for (let at = from + 3; at < end; at++) {
    if (codes[at] === 47 && codes[at - 1] === 80 && codes[at - 2] === 84 && codes[at - 3] === 82) return true;
  }
  return false;
}

/**
 * The codecs of an RTP m-section in the order of its m= line (RFC 3264 section 5.1: preference), rtpmap, fmtp and
 * rtcp-fb joined; static payload types without rtpmap as in RFC 3551. Empty for other protocols.
 */
export function codecs(media: MediaDescription): Codec[] {
  const join = new CodecJoin(media);
  for (const line of media.lines) {
    if (line.kind === 'rtpmap') join.rtpmap(line.value);
    else if (line.kind === 'fmtp') join.fmtp(line.value);
    else if (line.kind === 'rtcp-fb') join.feedback(line.value);
  }
  return join.codecs;
}

type MutableCodec = { -readonly [K in keyof Codec]: Codec[K] };

const NO_PARAMETERS: readonly FormatParameter[] = [];
const NO_FEEDBACK: readonly RtcpFeedback[] = [];
const HIGHEST_TYPE = 127;
/** In which m= line each payload type was met last: cheaper than a set made for each m-section. */
const MET_IN = new Float64Array(HIGHEST_TYPE + 1);
let mediaLinesMet = 0;

/** Codecs in the making: from the m= line's formats, then whatever its rtpmap, fmtp and rtcp-fb lines say of them. */
export class CodecJoin {
  readonly codecs: Codec[];
  readonly #made: MutableCodec[] = [];
  // Lists that are a codec's own; the others are shared with the line they come from.
  #own: Map<MutableCodec, FormatParameter[]> | undefined;
  /** Where the last one was found: the lines of a codec stand together, mostly in the order of the m= line. */
  #last = 0;

  /** Of an m= line; without one there are no formats yet. */
  constructor(media: Pick<MediaLine, 'protocol' | 'formats'> | undefined) {
    this.codecs = this.#made;
    mediaLinesMet++;
    if (media === undefined || !isRtp(media)) return;
    const { formats } = media;
    for (let at = 0; at < formats.length; at++) this.#add(typeOf(formats[at]!));
  }

  /**
   * Of the m= line whose value is source[from, end), without making it; undefined where the line is not the usual one
   * of RTP, which is then to be read whole.
   */
  static ofMediaLine(source: Source, from: number, end: number): CodecJoin | undefined {
    const last = trimmedEnd(source, from, end);
    const port = spaceAt(source, from, last) + 1;
    const portEnd = spaceAt(source, port, last);
    const protocolEnd = spaceAt(source, portEnd + 1, last);
    if (port === from + 1 || numberAt(source, port, portEnd) < 0) return undefined;
    if (!isRtpAt(source, portEnd + 1, protocolEnd)) return undefined;
    const join = new CodecJoin(undefined);
    let at = afterSpaces(source, protocolEnd, last);
    while (at < last) {
      const stop = spaceAt(source, at, last);
      join.#add(numberAt(source, at, stop));
      at = afterSpaces(source, stop, last);
    }
    return join;
  }

  #add(payloadType: number): void {
    if (payloadType < 0 || payloadType > HIGHEST_TYPE || MET_IN[payloadType] === mediaLinesMet) return;
    MET_IN[payloadType] = mediaLinesMet;
    const known = STATIC_TYPES[payloadType];
    const made = this.#made;
    // A store is compiled in place, push is called.
    made[made.length] = {
      payloadType,
      name: known?.name ?? '',
      clockRate: known?.clockRate ?? 0,
      channels: known?.channels ?? 1,
      parameters: NO_PARAMETERS,
      feedback: NO_FEEDBACK,
    };
  }

  rtpmap(value: Rtpmap): void {
    const codec = this.#codec(value.payloadType);
    if (codec === undefined) return;
    codec.name = value.name;
    codec.clockRate = value.clockRate;
    codec.channels = value.channels ?? 1;
  }

  fmtp({ format, parameters }: Fmtp): void {
    const codec = this.#codec(typeOf(format));
    if (codec === undefined) return;
    if (codec.parameters === NO_PARAMETERS) {
      codec.parameters = parameters;
      return;
    }
    this.#own ??= new Map();
    let own = this.#own.get(codec);
    if (own === undefined) {
      own = [...codec.parameters];
      this.#own.set(codec, own);
      codec.parameters = own;
    }
    for (const parameter of parameters) own.push(parameter);
  }

  feedback(value: RtcpFeedback): void {
    if (value.format === '*') {
      for (const codec of this.#made) addFeedback(codec, value);
      return;
    }
    const codec = this.#codec(typeOf(value.format));
    if (codec !== undefined) addFeedback(codec, value);
  }

  // From where the last one was, around: there are 128 payload types at most, and mostly it is this one or the next.
  #codec(payloadType: number): MutableCodec | undefined {
    const made = this.#made;
    const { length } = made;
    let at = this.#last;
    for (let looked = 0; looked < length; looked++) {
      const codec = made[at]!;
      if (codec.payloadType === payloadType) {
        this.#last = at;
        return codec;
      }
      if (++at === length) at = 0;
    }
    return undefined;
  }
}

function addFeedback(codec: MutableCodec, value: RtcpFeedback): void {
  // A list that is not NO_FEEDBACK was made here.
  if (codec.feedback === NO_FEEDBACK) codec.feedback = [value];
  else (codec.feedback as RtcpFeedback[]).push(value);
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
