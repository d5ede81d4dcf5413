/** What one element of a stream may cost, in UTF-16 units where it is a length. */
export interface XmlLimits {
  /** One element at the top of the stream (a stanza) with all that is in it. */
  readonly stanza: number;
  /** One tag with its attributes. */
  readonly tag: number;
  /** Elements within each other; the stanza itself is the first. */
  readonly depth: number;
  /** Attributes of one element, declarations of namespaces among them. */
  readonly attributes: number;
}

/** RFC 6120 section 13.12 wants at least 10,000 bytes a stanza; session-initiate of a browser takes about 25,000. */
export const DEFAULT_XML_LIMITS: XmlLimits = { stanza: 262_144, tag: 16_384, depth: 48, attributes: 64 };
