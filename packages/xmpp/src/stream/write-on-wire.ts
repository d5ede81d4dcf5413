import { NS } from '../namespaces.ts';
import { withAttrs, type XmlElement } from '../xml/element.ts';
import { escapeAttribute, writeElement } from '../xml/write.ts';
import type { StreamHeader } from './wire.ts';

/** The header of a stream on TCP (RFC 6120 section 4.2). */
export function writeStreamHeader(header: StreamHeader): string {
  const { content, from, to, id, version } = header;
  const attrs = { xmlns: content, 'xmlns:stream': NS.stream, from, to, id, version };
  const dialback = content === NS.server ? { 'xmlns:db': NS.dialback } : {};
  let text = "<?xml version='1.0'?><stream:stream";
  for (const [name, value] of Object.entries({ ...attrs, ...dialback, 'xml:lang': 'en' }))
    if (value !== undefined) text += ` ${name}="${escapeAttribute(value)}"`;
  return `${text}>`;
}

/** An element on TCP, where the header has declared what is used: some programs go by the prefix and not by what it means. */
export function writeInStream(element: XmlElement): string {
  const { xmlns } = element.attrs;
  if (xmlns === NS.stream) return writeElement(prefixed(element, 'stream'));
  return writeElement(xmlns === NS.dialback ? prefixed(element, 'db') : element);
}

/** An element as a WebSocket message of its own (RFC 7395 section 3.3.3). */
export function writeInFrame(element: XmlElement): string {
  const { xmlns } = element.attrs;
  if (xmlns === undefined) return writeElement({ ...element, attrs: { xmlns: NS.client, ...element.attrs } });
  if (xmlns !== NS.stream) return writeElement(element);
  const { name, attrs, children } = prefixed(element, 'stream');
  return writeElement({ name, attrs: { ...attrs, 'xmlns:stream': NS.stream }, children });
}

function prefixed(element: XmlElement, prefix: string): XmlElement {
  return { ...withAttrs(element, { xmlns: undefined }), name: `${prefix}:${element.name}` };
}

/** An element as the streams' readers take it: one of the stream's own namespace is without it. */
export function fromStream(element: XmlElement, content: string): XmlElement {
  return element.attrs.xmlns === content ? withAttrs(element, { xmlns: undefined }) : element;
}

/** What a trace may show: no passwords and nothing that proves one. */
export function redact(text: string): string {
  if (text.includes(NS.sasl))
    return text.replace(/(<(?:auth|response|challenge|success)\b[^>]*>)[^<]+(<)/g, '$1redacted$2');
  if (text.includes(NS.externalServices))
    return text.replace(/( password=)(["'])[^"']*\2/g, '$1$2redacted$2');
  return text;
}
