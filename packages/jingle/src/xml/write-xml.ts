import type { XmlElement } from './element.ts';

const SPECIAL = /[&<>"'\t\n\r]/g;
const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};

function escapeValue(value: string): string {
  return value.replace(SPECIAL, (character) => ESCAPES[character]!);
}

function escapeText(text: string): string {
  return text.replace(/[&<>\r]/g, (character) => ESCAPES[character]!);
}

/** Writes an element as text. `outer` is the namespace that holds where it is put, so that it is not declared again. */
export function writeXml(element: XmlElement, outer = ''): string {
  const { name, xmlns, attrs, children } = element;
  let text = `<${name}`;
  if (xmlns !== outer) text += ` xmlns="${escapeValue(xmlns)}"`;
  let prefixes = 0;
  for (const key of Object.keys(attrs)) {
    const value = escapeValue(attrs[key]!);
    const brace = key.charCodeAt(0) === 123 ? key.lastIndexOf('}') : -1;
    if (brace < 0) text += ` ${key}="${value}"`;
    else {
      const prefix = `n${prefixes++}`;
      text += ` xmlns:${prefix}="${escapeValue(key.slice(1, brace))}" ${prefix}:${key.slice(brace + 1)}="${value}"`;
    }
  }
  if (children.length === 0) return `${text}/>`;
  text += '>';
  for (const child of children)
    text += typeof child === 'string' ? escapeText(child) : writeXml(child, xmlns);
  return `${text}</${name}>`;
}
