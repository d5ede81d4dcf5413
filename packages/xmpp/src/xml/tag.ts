import { illegalAt, QUALIFIED_NAME } from './characters.ts';
import { decodeReferences } from './references.ts';
import type { XmlErrorCode } from './xml-error.ts';

/** A name as it was written. */
export interface QualifiedName {
  readonly prefix: string | undefined;
  readonly local: string;
}

export interface StartTag {
  readonly name: QualifiedName;
  readonly attributes: readonly { readonly name: QualifiedName; readonly value: string }[];
  /** `<name/>` */
  readonly empty: boolean;
}

/** What is wrong with a tag, and where in its text. */
export interface BadTag {
  readonly code: XmlErrorCode;
  readonly at: number;
  readonly clause: string;
  readonly what: string;
}

const MALFORMED = 'XML 1.0 section 3.1';

/** Reads a whole start tag, `<` and `>` included. */
export function parseStartTag(text: string, maxAttributes: number): StartTag | BadTag {
  const name = readName(text, 1);
  if (name === undefined) return bad(1, 'no name of an element');
  const attributes: { name: QualifiedName; value: string }[] = [];
  let at = QUALIFIED_NAME.lastIndex;
  const empty = text.charCodeAt(text.length - 2) === 47;
  const end = text.length - (empty ? 2 : 1);
  for (;;) {
    const spaceFrom = at;
    at = skipSpace(text, at);
    if (at >= end) return { name, attributes, empty };
    if (at === spaceFrom) return bad(at, 'no space before an attribute');
    if (attributes.length >= maxAttributes)
      return {
        code: 'too-many-attributes',
        at,
        clause: 'RFC 6120 section 13.12',
        what: `more than ${maxAttributes} attributes`,
      };
    const attribute = readName(text, at);
    if (attribute === undefined) return bad(at, 'no name of an attribute');
    at = skipSpace(text, QUALIFIED_NAME.lastIndex);
    if (text.charCodeAt(at) !== 61) return bad(at, 'no "=" after the name of an attribute');
    at = skipSpace(text, at + 1);
    const quote = text[at];
    if (quote !== '"' && quote !== "'") return bad(at, "an attribute's value without quotes");
    const close = text.indexOf(quote, at + 1);
    if (close < 0 || close >= end) return bad(at, "an attribute's value without an end");
    const value = attributeValue(text.slice(at + 1, close));
    if (typeof value !== 'string') return { ...value, at: at + 1 + value.at };
    attributes.push({ name: attribute, value });
    at = close + 1;
  }
}

/** Reads a whole end tag, `</` and `>` included. */
export function parseEndTag(text: string): QualifiedName | BadTag {
  const name = readName(text, 2);
  if (name === undefined) return bad(2, 'no name of an element');
  const end = skipSpace(text, QUALIFIED_NAME.lastIndex);
  return end === text.length - 1 ? name : bad(end, 'more than a name in an end tag');
}

/** The text between two quotes, decoded; tabs and line ends become spaces (XML 1.0 section 3.3.3). */
function attributeValue(raw: string): string | BadTag {
  const less = raw.indexOf('<');
  if (less >= 0) return bad(less, 'a "<" in the value of an attribute');
  const illegal = illegalAt(raw);
  if (illegal >= 0) return bad(illegal, 'a character that XML does not allow');
  const value = decodeReferences(/[\t\n\r]/.test(raw) ? raw.replace(/\r\n|[\t\n\r]/g, ' ') : raw);
  if (typeof value === 'string') return value;
  return value.entity
    ? { code: 'restricted', at: value.at, clause: 'RFC 6120 section 11.1', what: value.what }
    : { code: 'not-well-formed', at: value.at, clause: 'XML 1.0 section 4.1', what: value.what };
}

function readName(text: string, at: number): QualifiedName | undefined {
  QUALIFIED_NAME.lastIndex = at;
  const match = QUALIFIED_NAME.exec(text);
  return match === null ? undefined : { prefix: match[1], local: match[2]! };
}

function skipSpace(text: string, from: number): number {
  let at = from;
  for (
    let code = text.charCodeAt(at);
    code === 32 || (code >= 9 && code <= 13 && code !== 11 && code !== 12);
  ) {
    at += 1;
    code = text.charCodeAt(at);
  }
  return at;
}

function bad(at: number, what: string): BadTag {
  return { code: 'not-well-formed', at, clause: MALFORMED, what };
}
