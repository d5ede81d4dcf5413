/** What a stanza may cost before it is refused. */
export interface XmlLimits {
  /** Whole text, in UTF-16 units. */
  readonly size: number;
  /** Elements within elements. */
  readonly depth: number;
  readonly elements: number;
  /** Of one element, namespace declarations included. */
  readonly attributes: number;
}

export const DEFAULT_XML_LIMITS: XmlLimits = { size: 262_144, depth: 32, elements: 10_000, attributes: 64 };
