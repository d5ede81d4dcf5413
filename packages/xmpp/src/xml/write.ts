import type { XmlElement } from './element.ts';

const REFERENCES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};

/** Escapes text between tags. A carriage return would be read as a line feed (XML 1.0 section 2.11). */
export function escapeText(text: string): string {
  return /[&<>\r]/.test(text) ? text.replace(/[&<>\r]/g, (each) => REFERENCES[each]!) : text;
}

/** Escapes an attribute's value. White space would be read as spaces (XML 1.0 section 3.3.3). */
export function escapeAttribute(text: string): string {
  return /[&<>"'\t\n\r]/.test(text) ? text.replace(/[&<>"'\t\n\r]/g, (each) => REFERENCES[each]!) : text;
}

/** Writes a start tag that stays open: a stream's header. */
export function writeOpenTag(element: XmlElement): string {
  return `<${element.name}${writeAttributes(element)}>`;
}

/** Writes an element. What was read (`parseElement`) can be written; of own trees `checkElement` says whether they can. */
export function writeElement(element: XmlElement): string {
  const { name, children } = element;
  const start = `<${name}${writeAttributes(element)}`;
  if (children.length === 0) return `${start}/>`;
  let inner = '';
  for (const child of children) inner += typeof child === 'string' ? escapeText(child) : writeElement(child);
  return `${start}>${inner}</${name}>`;
}

function writeAttributes({ attrs }: XmlElement): string {
  let text = '';
  for (const key of Object.keys(attrs)) text += ` ${key}="${escapeAttribute(attrs[key]!)}"`;
  return text;
}
