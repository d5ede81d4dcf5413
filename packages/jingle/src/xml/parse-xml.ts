import type { XmlElement, XmlNode } from './element.ts';
import { DEFAULT_XML_LIMITS, type XmlLimits } from './limits.ts';
import { XmlError, type XmlErrorCode, type XmlPlace } from './xml-error.ts';

const XML = 'W3C XML 1.0';
const XMPP = 'RFC 6120 section 11.1';
const NAMESPACES = 'W3C Namespaces in XML 1.0 section 5';
const XML_NAMESPACE = 'http://www.w3.org/XML/1998/namespace';

/** A stanza that was read, and where each of its elements began in the text. */
export interface ParsedXml {
  readonly root: XmlElement;
  readonly placeOf: (element: XmlElement) => XmlPlace | undefined;
}

/** One element that is open while the text is read. */
interface Open {
  readonly tag: string;
  readonly xmlns: string;
  /** What it declares itself; what is not here may stand further out. */
  readonly prefixes: ReadonlyMap<string, string> | undefined;
  readonly children: XmlNode[];
}

const NAME = /[A-Za-z_\u00c0-\ufffd][\w.\-\u00b7-\ufffd]*(?::[A-Za-z_\u00c0-\ufffd][\w.\-\u00b7-\ufffd]*)?/y;
const SPACE = /[ \t\r\n]*/y;
const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/** Where the first character stands that XML does not allow (XML 1.0 section 2.2), or -1. */
function forbiddenAt(text: string): number {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code >= 0x20 && code < 0xd800) continue;
    if (code < 0x20) {
      if (code !== 9 && code !== 10 && code !== 13) return at;
    } else if (code < 0xdc00) {
      const next = text.charCodeAt(at + 1);
      if (!(next >= 0xdc00 && next <= 0xdfff)) return at;
      at++;
    } else if (code <= 0xdfff || code >= 0xfffe) return at;
  }
  return -1;
}

/**
 * Reads one stanza as XMPP allows it (RFC 6120 section 11.1): no comments, processing instructions, document types or
 * entities but the five of XML; an XML declaration in front is passed over. Takes linear time and makes nothing larger than
 * its input. @throws XmlError
 */
export function parseXml(text: string, limits: XmlLimits = DEFAULT_XML_LIMITS): ParsedXml {
  return new XmlReader(text, limits).read();
}

class XmlReader {
  readonly #text: string;
  readonly #limits: XmlLimits;
  readonly #offsets = new WeakMap<XmlElement, number>();
  readonly #open: Open[] = [];
  #root: XmlElement | undefined;
  #at = 0;
  #elements = 0;

  constructor(text: string, limits: XmlLimits) {
    this.#text = text;
    this.#limits = limits;
  }

  read(): ParsedXml {
    const text = this.#text;
    if (text.length > this.#limits.size) this.#refuse('too-large', 0, XMPP, 'the stanza is too large');
    const forbidden = forbiddenAt(text);
    if (forbidden >= 0)
      this.#refuse('character-forbidden', forbidden, `${XML} section 2.2`, 'a forbidden character');
    this.#prologue();
    while (this.#at < text.length) {
      if (text.charCodeAt(this.#at) === 60) this.#markup();
      else this.#characters();
    }
    const open = this.#open.at(-1);
    if (open !== undefined)
      this.#refuse('unended', text.length, `${XML} section 2.1`, `<${open.tag}> is not ended`);
    const root = this.#root;
    if (root === undefined) return this.#refuse('empty', text.length, `${XML} section 2.1`, 'no element');
    return {
      root,
      placeOf: (element) => {
        const offset = this.#offsets.get(element);
        return offset === undefined ? undefined : this.#place(offset);
      },
    };
  }

  #prologue(): void {
    const from = this.#text.charCodeAt(0) === 0xfeff ? 1 : 0;
    this.#at = from;
    if (!/^<\?xml[ \t\r\n]/.test(this.#text.slice(from, from + 6))) return;
    const end = this.#text.indexOf('?>', from);
    if (end < 0) this.#refuse('unended', from, `${XML} section 2.8`, 'the XML declaration is not ended');
    this.#at = end + 2;
  }

  #markup(): void {
    const next = this.#text.charCodeAt(this.#at + 1);
    if (next === 33) {
      if (this.#text.startsWith('<![CDATA[', this.#at) && this.#open.length > 0) this.#cdata();
      else this.#refuse('restricted', this.#at, XMPP, 'comments and document types are not allowed');
    } else if (next === 63)
      this.#refuse('restricted', this.#at, XMPP, 'processing instructions are not allowed');
    else if (next === 47) this.#endTag();
    else this.#startTag();
  }

  #cdata(): void {
    const end = this.#text.indexOf(']]>', this.#at);
    if (end < 0) this.#refuse('unended', this.#at, `${XML} section 2.7`, 'the CDATA section is not ended');
    this.#put(this.#text.slice(this.#at + 9, end).replace(/\r\n?/g, '\n'));
    this.#at = end + 3;
  }

  #characters(): void {
    const next = this.#text.indexOf('<', this.#at);
    const end = next < 0 ? this.#text.length : next;
    const raw = this.#text.slice(this.#at, end);
    if (this.#open.length === 0) {
      const stray = raw.search(/[^ \t\r\n]/);
      if (stray >= 0) {
        const code = this.#root === undefined ? 'not-well-formed' : 'after-the-end';
        this.#refuse(code, this.#at + stray, `${XML} section 2.1`, 'text outside of the stanza');
      }
    } else {
      const bad = raw.indexOf(']]>');
      if (bad >= 0) this.#refuse('not-well-formed', this.#at + bad, `${XML} section 2.4`, '"]]>" in text');
      this.#put(this.#resolve(raw, this.#at, '\n'));
    }
    this.#at = end;
  }

  #put(text: string): void {
    if (text === '') return;
    const { children } = this.#open.at(-1)!;
    const last = children.at(-1);
    if (typeof last === 'string') children[children.length - 1] = last + text;
    else children.push(text);
  }

  #endTag(): void {
    const from = this.#at;
    this.#at += 2;
    const tag = this.#name();
    this.#skipSpace();
    this.#expect('>');
    const open = this.#open.pop();
    if (open?.tag === tag) return;
    this.#refuse(
      'tag-mismatch',
      from,
      `${XML} section 3`,
      open === undefined ? `</${tag}> ends nothing` : `</${tag}> where </${open.tag}> is due`,
    );
  }

  #startTag(): void {
    const from = this.#at;
    if (this.#root !== undefined && this.#open.length === 0)
      this.#refuse('after-the-end', from, `${XML} section 2.1`, 'a second stanza');
    if (this.#open.length >= this.#limits.depth) this.#refuse('too-deep', from, XMPP, 'nested too deeply');
    this.#elements++;
    if (this.#elements > this.#limits.elements)
      this.#refuse('too-many-elements', from, XMPP, 'too many elements');
    this.#at++;
    const tag = this.#name();
    const { attributes, prefixes, xmlns } = this.#attributes();
    const empty = this.#text.charCodeAt(this.#at) === 47;
    if (empty) this.#at++;
    this.#expect('>');

    const colon = tag.indexOf(':');
    const children: XmlNode[] = [];
    const element: XmlElement = {
      name: colon < 0 ? tag : tag.slice(colon + 1),
      xmlns: colon < 0 ? xmlns : this.#bound(prefixes, tag.slice(0, colon), from),
      attrs: this.#plain(attributes, prefixes, from),
      children,
    };
    this.#offsets.set(element, from);
    const parent = this.#open.at(-1);
    if (parent === undefined) this.#root = element;
    else parent.children.push(element);
    if (!empty) this.#open.push({ tag, xmlns, prefixes, children });
  }

  #attributes(): {
    readonly attributes: ReadonlyMap<string, string>;
    readonly prefixes: ReadonlyMap<string, string> | undefined;
    readonly xmlns: string;
  } {
    const attributes = new Map<string, string>();
    let prefixes: Map<string, string> | undefined;
    let xmlns = this.#open.at(-1)?.xmlns ?? '';
    for (;;) {
      const before = this.#at;
      this.#skipSpace();
      const next = this.#text.charCodeAt(this.#at);
      if (next === 62 || next === 47) return { attributes, prefixes, xmlns };
      const from = this.#at;
      if (from === before)
        this.#refuse('not-well-formed', from, `${XML} section 3.1`, 'a space or ">" is due');
      const name = this.#name();
      const value = this.#value();
      if (attributes.has(name))
        this.#refuse('attribute-twice', from, `${XML} section 3.1`, `attribute ${name} stands twice`);
      attributes.set(name, value);
      if (attributes.size > this.#limits.attributes)
        this.#refuse('too-many-attributes', from, XMPP, 'too many attributes');
      if (name === 'xmlns') xmlns = value;
      else if (name.startsWith('xmlns:')) {
        if (value === '') this.#refuse('prefix-unbound', from, NAMESPACES, `${name} is empty`);
        prefixes ??= new Map();
        prefixes.set(name.slice(6), value);
      }
    }
  }

  #value(): string {
    this.#skipSpace();
    this.#expect('=');
    this.#skipSpace();
    const quote = this.#text[this.#at];
    if (quote !== '"' && quote !== "'")
      this.#refuse('not-well-formed', this.#at, `${XML} section 3.1`, 'a quote is due');
    const from = this.#at + 1;
    const end = this.#text.indexOf(quote!, from);
    if (end < 0) this.#refuse('unended', this.#at, `${XML} section 3.1`, 'a value is not ended');
    const raw = this.#text.slice(from, end);
    const bad = raw.indexOf('<');
    if (bad >= 0) this.#refuse('not-well-formed', from + bad, `${XML} section 3.1`, '"<" in a value');
    this.#at = end + 1;
    return this.#resolve(raw, from, ' ');
  }

  /** Attributes without declarations; one with a foreign prefix is named `{namespace}name`. */
  #plain(
    attributes: ReadonlyMap<string, string>,
    prefixes: ReadonlyMap<string, string> | undefined,
    from: number,
  ): Readonly<Record<string, string>> {
    // Without a prototype: an attribute may be called __proto__.
    const plain = Object.create(null) as Record<string, string>;
    for (const [name, value] of attributes) {
      if (name === 'xmlns' || name.startsWith('xmlns:')) continue;
      const colon = name.indexOf(':');
      const prefix = name.slice(0, Math.max(colon, 0));
      const key =
        colon < 0 || prefix === 'xml'
          ? name
          : `{${this.#bound(prefixes, prefix, from)}}${name.slice(colon + 1)}`;
      if (Object.hasOwn(plain, key))
        this.#refuse('attribute-twice', from, NAMESPACES, `attribute ${name} stands twice`);
      plain[key] = value;
    }
    return plain;
  }

  #bound(own: ReadonlyMap<string, string> | undefined, prefix: string, at: number): string {
    if (prefix === 'xml') return XML_NAMESPACE;
    let uri = own?.get(prefix);
    for (let out = this.#open.length - 1; uri === undefined && out >= 0; out--)
      uri = this.#open[out]!.prefixes?.get(prefix);
    if (uri === undefined)
      return this.#refuse('prefix-unbound', at, NAMESPACES, `prefix ${prefix} is unbound`);
    return uri;
  }

  /**
   * References resolved, and line breaks made one character: a line feed in text (XML 1.0 section 2.11), a space in a value
   * (section 3.3.3). What a reference says stays as it is.
   */
  #resolve(raw: string, offset: number, lineBreak: '\n' | ' '): string {
    if (!/[&\r\n\t]/.test(raw)) return raw;
    return raw.replace(/&([^;&<]{0,12};?)|\r\n?|\n|\t/g, (all, reference: string | undefined, at: number) => {
      if (reference === undefined) return all === '\t' && lineBreak === '\n' ? all : lineBreak;
      const name = reference.endsWith(';') ? reference.slice(0, -1) : '';
      const known = Object.hasOwn(ENTITIES, name) ? ENTITIES[name] : undefined;
      if (known !== undefined) return known;
      const digits = /^#(?:x([0-9a-fA-F]{1,6})|([0-9]{1,7}))$/.exec(name);
      if (digits === null)
        return this.#refuse('entity-unknown', offset + at, XMPP, 'an entity that is not one of the five');
      const code = digits[1] === undefined ? Number(digits[2]) : Number.parseInt(digits[1], 16);
      const character = code <= 0x10ffff ? String.fromCodePoint(code) : '\0';
      if (forbiddenAt(character) >= 0)
        this.#refuse('character-forbidden', offset + at, `${XML} section 4.1`, 'a forbidden character');
      return character;
    });
  }

  #name(): string {
    NAME.lastIndex = this.#at;
    const found = NAME.exec(this.#text);
    if (found === null)
      return this.#refuse('not-well-formed', this.#at, `${XML} section 2.3`, 'a name is due');
    this.#at = NAME.lastIndex;
    return found[0];
  }

  #skipSpace(): void {
    SPACE.lastIndex = this.#at;
    SPACE.exec(this.#text);
    this.#at = SPACE.lastIndex;
  }

  #expect(character: string): void {
    if (this.#text[this.#at] === character) this.#at++;
    else if (this.#at >= this.#text.length)
      this.#refuse('unended', this.#at, `${XML} section 3.1`, `"${character}" is due`);
    else this.#refuse('not-well-formed', this.#at, `${XML} section 3.1`, `"${character}" is due`);
  }

  #place(offset: number): XmlPlace {
    const before = this.#text.slice(0, offset);
    const line = before.split('\n').length;
    return { line, column: offset - (before.lastIndexOf('\n') + 1) + 1 };
  }

  #refuse(code: XmlErrorCode, offset: number, clause: string, message: string): never {
    throw new XmlError(code, this.#place(offset), clause, message);
  }
}
