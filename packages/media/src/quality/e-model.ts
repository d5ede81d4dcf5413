/** What a codec loses: equipment impairment and robustness against packet loss (ITU-T G.113 appendix I). */
export interface CodecImpairment {
  /** Equipment impairment factor without loss. */
  readonly ie: number;
  /** Packet-loss robustness factor. */
  readonly bpl: number;
}

/**
 * G.711 is from ITU-T G.113 table I.4. For Opus and G.722 the narrow-band model of G.107 has no row: they are set to
 * G.711's with concealment, so that the rating says what the network costs and nothing of their wider band.
 */
export const CODEC_IMPAIRMENTS = {
  g711: { ie: 0, bpl: 4.3 },
  'g711-plc': { ie: 0, bpl: 25.1 },
  opus: { ie: 0, bpl: 25.1 },
  g722: { ie: 0, bpl: 25.1 },
} as const satisfies Record<string, CodecImpairment>;

export type ImpairedCodec = keyof typeof CODEC_IMPAIRMENTS;

export interface EModelInput {
  /** One-way delay mouth to ear, in milliseconds. */
  readonly delayMs: number;
  /** 0..1. */
  readonly lossRatio: number;
  readonly codec: ImpairedCodec | CodecImpairment;
  /** Mean burst length over that of random loss; 1 is random (G.107 clause 7.5). */
  readonly burstRatio?: number;
  /** Advantage factor A (G.107 clause 7.6). */
  readonly advantage?: number;
}

export interface EModelResult {
  /** The transmission rating factor R. */
  readonly rating: number;
  /** Id: what the delay takes. */
  readonly delayImpairment: number;
  /** Ie,eff: what codec and loss take. */
  readonly equipmentImpairment: number;
  /** Estimated MOS of conversational quality, 1..4.5. */
  readonly mos: number;
}

/** Ro - Is with every parameter of G.107 table 2 at its default. */
const DEFAULT_RATING = 93.2;

/** Idd, the impairment by absolute delay (ITU-T G.107 clause 7.4); `delayMs` is Ta. */
export function delayImpairment(delayMs: number): number {
  if (delayMs <= 100) return 0;
  const x = Math.log2(delayMs / 100);
  return 25 * ((1 + x ** 6) ** (1 / 6) - 3 * (1 + (x / 3) ** 6) ** (1 / 6) + 2);
}

/** Ie,eff, the impairment by codec and packet loss (ITU-T G.107 clause 7.5). */
export function equipmentImpairment(codec: CodecImpairment, lossRatio: number, burstRatio = 1): number {
  const percent = 100 * lossRatio;
  return codec.ie + (95 - codec.ie) * (percent / (percent / burstRatio + codec.bpl));
}

/** MOS of a rating R (ITU-T G.107 annex B). */
export function mosFromRating(rating: number): number {
  if (rating <= 0) return 1;
  if (rating >= 100) return 4.5;
  // Below about R = 6.5 the cubic falls under its own lower end; annex B's scale begins at 1.
  return Math.max(1, 1 + 0.035 * rating + rating * (rating - 60) * (100 - rating) * 7e-6);
}

/**
 * The E-model R = Ro - Is - Id - Ie,eff + A (ITU-T G.107 clause 7.1) with the defaults of table 2 for Ro and Is.
 * Id holds the absolute delay only: echo is taken to be cancelled (browsers and telephones do), and the lab judges
 * echo by the audio probe instead.
 */
export function eModel(input: EModelInput): EModelResult {
  const codec = typeof input.codec === 'string' ? CODEC_IMPAIRMENTS[input.codec] : input.codec;
  const delay = delayImpairment(input.delayMs);
  const equipment = equipmentImpairment(codec, input.lossRatio, input.burstRatio);
  const rating = DEFAULT_RATING - delay - equipment + (input.advantage ?? 0);
  return { rating, delayImpairment: delay, equipmentImpairment: equipment, mos: mosFromRating(rating) };
}
