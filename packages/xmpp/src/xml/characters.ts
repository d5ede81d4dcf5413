/** Names of XML 1.0 section 2.3, without the colon: namespaces take that (Namespaces in XML 1.0 section 4). */
const START =
  'A-Z_a-z\\xc0-\\xd6\\xd8-\\xf6\\xf8-\\u02ff\\u0370-\\u037d\\u037f-\\u1fff\\u200c-\\u200d\\u2070-\\u218f\\u2c00-\\u2fef\\u3001-\\ud7ff\\uf900-\\ufdcf\\ufdf0-\\ufffd\\u{10000}-\\u{effff}';
const REST = '\\-.0-9\\xb7\\u0300-\\u036f\\u203f-\\u2040';
const NC_NAME = `[${START}][${START}${REST}]*`;

/** A name with or without a prefix, where the expression stands (sticky); groups: prefix, local name. */
export const QUALIFIED_NAME = new RegExp(`(?:(${NC_NAME}):)?(${NC_NAME})`, 'uy');

const NAME = new RegExp(`^(?:${NC_NAME}:)?${NC_NAME}$`, 'u');

export function isName(text: string): boolean {
  return NAME.test(text);
}

/** Where the first character stands that XML 1.0 section 2.2 does not allow, a lone surrogate among them; -1: nowhere. */
export function illegalAt(text: string): number {
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code >= 0x20 && code < 0xd800) continue;
    if (code < 0x20) {
      if (code !== 9 && code !== 10 && code !== 13) return at;
    } else if (code <= 0xdbff) {
      const low = text.charCodeAt(at + 1);
      if (!(low >= 0xdc00 && low <= 0xdfff)) return at;
      at += 1;
    } else if (code <= 0xdfff || code >= 0xfffe) return at;
  }
  return -1;
}
