/** What a description may cost before it is refused. All figures count UTF-16 units of the text. */
export interface SdpLimits {
  /** Whole description, in characters. */
  readonly size: number;
  /** Number of lines. */
  readonly lines: number;
  /** One line with its ending, in characters. */
  readonly lineLength: number;
  /** Number of m= lines. */
  readonly media: number;
}

export const DEFAULT_LIMITS: SdpLimits = { size: 262_144, lines: 10_000, lineLength: 16_384, media: 256 };
