import { illegalAt } from './characters.ts';
import type { XmlElement, XmlNode } from './element.ts';
import type { XmlLimits } from './limits.ts';
import { decodeReferences } from './references.ts';
import { OUTERMOST, resolveTag, type Scope } from './scope.ts';
import { type BadTag, parseEndTag, parseStartTag } from './tag.ts';
import { XmlError, type XmlErrorCode } from './xml-error.ts';

/** What came out of a piece of the stream. */
export type XmlEvent =
  /** The header of the stream, without children, and the default namespace that it declares for its content. */
  | { readonly kind: 'open'; readonly element: XmlElement; readonly content: string }
  /** One whole element at the top of the stream, and its text as it came. */
  | { readonly kind: 'element'; readonly element: XmlElement; readonly raw: string }
  /** The stream's end tag. */
  | { readonly kind: 'close' }
  /** Nothing can be read any more. */
  | { readonly kind: 'error'; readonly error: XmlError };

interface OpenElement {
  readonly written: string;
  readonly namespace: string;
  readonly scope: Scope;
  readonly element: { name: string; attrs: Record<string, string>; children: XmlNode[] };
}

const DECLARATION =
  /^<\?xml[ \t\r\n]+version[ \t\r\n]*=[ \t\r\n]*(?:"1\.\d+"|'1\.\d+')(?:[ \t\r\n]+encoding[ \t\r\n]*=[ \t\r\n]*["']([A-Za-z][\w.-]*)["'])?(?:[ \t\r\n]+standalone[ \t\r\n]*=[ \t\r\n]*["'](?:yes|no)["'])?[ \t\r\n]*\?>$/;
const CDATA = '<![CDATA[';

/**
 * Reads the XML of one stream as it comes, cut anywhere (RFC 6120 section 11): no comments, no processing
 * instructions, no DTD and so no entities but the five. Work and memory are bounded by the limits; the time is linear.
 */
export class XmlStream {
  #limits: XmlLimits;
  /** Open elements above this many are parts of a stanza: 1 within a stream, 0 where each element stands alone. */
  readonly #base: 0 | 1;
  #buffer = '';
  #scanned = 0;
  #quote = 0;
  #text = '';
  #raw = '';
  #began = false;
  #dead = false;
  #closed = false;
  #open: OpenElement[] = [];
  #offset = 0;
  #line = 1;
  #column = 1;
  #events: XmlEvent[] = [];

  constructor(limits: XmlLimits, framing: 'stream' | 'element' = 'stream') {
    this.#limits = limits;
    this.#base = framing === 'stream' ? 1 : 0;
  }

  /** Whether nothing is left half read. */
  get idle(): boolean {
    return this.#open.length <= this.#base && this.#buffer === '' && this.#text.trim() === '';
  }

  /** Holds for what follows. */
  set limits(limits: XmlLimits) {
    this.#limits = limits;
  }

  /** Takes the next piece. After an error nothing comes any more. */
  push(piece: string): readonly XmlEvent[] {
    if (this.#dead) return [];
    this.#events = [];
    this.#buffer += piece;
    try {
      while (!this.#closed && this.#token()) {
        // Each turn takes one token off the buffer.
      }
    } catch (error) {
      if (!(error instanceof XmlError)) throw error;
      this.#dead = true;
      this.#buffer = '';
      this.#open = [];
      this.#events.push({ kind: 'error', error });
    }
    return this.#events;
  }

  #token(): boolean {
    if (this.#buffer === '') return false;
    if (this.#buffer.charCodeAt(0) !== 60) return this.#takeText();
    if (this.#buffer.length < 2) return false;
    const second = this.#buffer.charCodeAt(1);
    if (second === 33) return this.#takeCdata();
    if (second === 63) return this.#takeDeclaration();
    const end = this.#tagEnd();
    if (end < 0) {
      if (this.#buffer.length > this.#limits.tag)
        this.#fail('too-large', 0, `a tag of more than ${this.#limits.tag}`, 'RFC 6120 section 13.12');
      return false;
    }
    if (end > this.#limits.tag)
      this.#fail('too-large', 0, `a tag of more than ${this.#limits.tag}`, 'RFC 6120 section 13.12');
    this.#flushText();
    const tag = this.#buffer.slice(0, end);
    if (second === 47) this.#closeElement(tag);
    else this.#openElement(tag);
    return true;
  }

  #takeText(): boolean {
    const less = this.#buffer.indexOf('<');
    const piece = less < 0 ? this.#buffer : this.#buffer.slice(0, less);
    if (this.#open.length <= this.#base) {
      const other = piece.search(/[^ \t\r\n]/);
      if (other >= 0)
        this.#fail('text-between-stanzas', other, 'text between stanzas', 'RFC 6120 section 4.9.3.1');
      this.#consume(piece.length);
    } else {
      this.#text += piece;
      this.#consume(piece.length);
    }
    return less >= 0;
  }

  /** Character data is looked at as a whole, so that a reference may be cut anywhere. */
  #flushText(): void {
    const text = this.#text;
    if (text === '') return;
    this.#text = '';
    const illegal = illegalAt(text);
    if (illegal >= 0)
      this.#fail(
        'not-well-formed',
        illegal - text.length,
        'a character that XML does not allow',
        'XML 1.0 section 2.2',
      );
    const end = text.indexOf(']]>');
    if (end >= 0) this.#fail('not-well-formed', end - text.length, '"]]>" in text', 'XML 1.0 section 2.4');
    const decoded = decodeReferences(text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text);
    if (typeof decoded !== 'string') {
      if (decoded.entity)
        this.#fail('restricted', decoded.at - text.length, decoded.what, 'RFC 6120 section 11.1');
      this.#fail('not-well-formed', decoded.at - text.length, decoded.what, 'XML 1.0 section 4.1');
    }
    this.#append(decoded);
  }

  #takeCdata(): boolean {
    if (!CDATA.startsWith(this.#buffer.slice(0, CDATA.length)) || this.#open.length <= this.#base)
      this.#fail('restricted', 0, 'a comment or a declaration', 'RFC 6120 section 11.1');
    const end = this.#buffer.indexOf(']]>', Math.max(CDATA.length, this.#scanned));
    if (end < 0) {
      this.#scanned = Math.max(CDATA.length, this.#buffer.length - 2);
      if (this.#raw.length + this.#buffer.length > this.#limits.stanza) this.#tooLarge();
      return false;
    }
    this.#flushText();
    const text = this.#buffer.slice(CDATA.length, end);
    const illegal = illegalAt(text);
    if (illegal >= 0)
      this.#fail(
        'not-well-formed',
        CDATA.length + illegal,
        'a character that XML does not allow',
        'XML 1.0 section 2.2',
      );
    this.#append(text.replace(/\r\n?/g, '\n'));
    this.#consume(end + 3);
    return true;
  }

  #takeDeclaration(): boolean {
    if (this.#began || !'<?xml'.startsWith(this.#buffer.slice(0, 5)))
      this.#fail('restricted', 0, 'a processing instruction', 'RFC 6120 section 11.1');
    const end = this.#buffer.indexOf('?>');
    if (end > 200 || (end < 0 && this.#buffer.length > 200))
      this.#fail('too-large', 0, 'a declaration that does not end', 'XML 1.0 section 2.8');
    if (end < 0) return false;
    const match = DECLARATION.exec(this.#buffer.slice(0, end + 2));
    if (match === null) this.#fail('not-well-formed', 0, 'an XML declaration', 'XML 1.0 section 2.8');
    if (match[1] !== undefined && match[1].toLowerCase() !== 'utf-8')
      this.#fail('encoding', 0, `the encoding ${match[1]}`, 'RFC 6120 section 11.6');
    this.#began = true;
    this.#consume(end + 2);
    this.#raw = '';
    return true;
  }

  /** Just after the tag's ">" that stands in no quotes; -1: not there yet. Goes on where it stopped. */
  #tagEnd(): number {
    const buffer = this.#buffer;
    for (let at = Math.max(1, this.#scanned); at < buffer.length; at += 1) {
      const code = buffer.charCodeAt(at);
      if (this.#quote !== 0) {
        if (code === this.#quote) this.#quote = 0;
      } else if (code === 34 || code === 39) this.#quote = code;
      else if (code === 62) return at + 1;
      else if (code === 60) this.#fail('not-well-formed', at, 'a "<" in a tag', 'XML 1.0 section 3.1');
    }
    this.#scanned = buffer.length;
    return -1;
  }

  #openElement(text: string): void {
    this.#began = true;
    const parent = this.#open.at(-1);
    const depth = this.#open.length + 1 - this.#base;
    if (depth > this.#limits.depth)
      this.#fail(
        'too-deep',
        0,
        `more than ${this.#limits.depth} elements within each other`,
        'RFC 6120 section 13.12',
      );
    const tag = parseStartTag(text, this.#limits.attributes);
    if ('code' in tag) this.#failTag(tag);
    const resolved = resolveTag(tag, parent?.scope ?? OUTERMOST);
    if (typeof resolved === 'string') this.#fail('namespace', 0, resolved, 'Namespaces in XML 1.0');
    const { name, namespace, attrs, scope } = resolved;
    const top = this.#open.length <= this.#base;
    const own = top || namespace !== parent?.namespace ? { xmlns: namespace, ...attrs } : attrs;
    const opened: OpenElement = {
      written: tag.name.prefix === undefined ? name : `${tag.name.prefix}:${name}`,
      namespace,
      scope,
      element: { name, attrs: own, children: [] },
    };
    this.#consume(text.length);
    if (this.#base === 1 && this.#open.length === 0) {
      this.#raw = '';
      this.#events.push({ kind: 'open', element: opened.element, content: scope.plain });
    } else if (!top) parent?.element.children.push(opened.element);
    this.#open.push(opened);
    if (tag.empty) this.#finish(opened);
  }

  #closeElement(text: string): void {
    const name = parseEndTag(text);
    if ('code' in name) this.#failTag(name);
    const open = this.#open.at(-1);
    const written = name.prefix === undefined ? name.local : `${name.prefix}:${name.local}`;
    if (open?.written !== written)
      this.#fail('not-well-formed', 0, `the end of ${written}, which is not open`, 'XML 1.0 section 3');
    this.#consume(text.length);
    this.#finish(open);
  }

  #finish(open: OpenElement): void {
    this.#open.pop();
    if (this.#open.length > this.#base) return;
    if (this.#open.length === this.#base) {
      const raw = this.#raw.trimStart();
      this.#raw = '';
      this.#events.push({ kind: 'element', element: open.element, raw });
      return;
    }
    this.#closed = true;
    this.#events.push({ kind: 'close' });
  }

  #append(text: string): void {
    const children = this.#open.at(-1)?.element.children;
    if (children === undefined || text === '') return;
    const last = children.length - 1;
    const before = children[last];
    if (typeof before === 'string') children[last] = before + text;
    else children.push(text);
  }

  #consume(length: number): void {
    const piece = this.#buffer.slice(0, length);
    if (this.#open.length > this.#base || piece.charCodeAt(0) === 60) {
      if (this.#raw.length + length > this.#limits.stanza) this.#tooLarge();
      this.#raw += piece;
    }
    this.#buffer = this.#buffer.slice(length);
    this.#scanned = 0;
    this.#quote = 0;
    [this.#line, this.#column] = this.#after(piece);
    this.#offset += length;
  }

  #after(piece: string): [number, number] {
    let line = this.#line;
    let start = -1;
    for (let at = piece.indexOf('\n'); at >= 0; at = piece.indexOf('\n', at + 1)) {
      line += 1;
      start = at;
    }
    return [line, start < 0 ? this.#column + piece.length : piece.length - start];
  }

  #tooLarge(): never {
    this.#fail('too-large', 0, `a stanza of more than ${this.#limits.stanza}`, 'RFC 6120 section 13.12');
  }

  #failTag({ code, at, what, clause }: BadTag): never {
    this.#fail(code, at, what, clause);
  }

  /** `at` counts from the start of what is not consumed; below zero it stands in text already taken. */
  #fail(code: XmlErrorCode, at: number, what: string, clause: string): never {
    const [line, column] =
      at > 0 ? this.#after(this.#buffer.slice(0, at)) : [this.#line, Math.max(1, this.#column + at)];
    throw new XmlError(code, { line, column, offset: Math.max(0, this.#offset + at) }, clause, what);
  }
}
