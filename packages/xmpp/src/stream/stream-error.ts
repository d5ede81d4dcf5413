import { NS } from '../namespaces.ts';
import { type XmlElement, xml } from '../xml/element.ts';
import type { XmlCondition } from '../xml/xml-error.ts';

/** The conditions of RFC 6120 section 4.9.3 that the server ends streams with. */
export type StreamCondition =
  | XmlCondition
  | 'conflict'
  | 'connection-timeout'
  | 'host-unknown'
  | 'improper-addressing'
  | 'internal-server-error'
  | 'invalid-from'
  | 'invalid-namespace'
  | 'not-authorized'
  | 'resource-constraint'
  | 'system-shutdown'
  | 'undefined-condition'
  | 'unsupported-stanza-type'
  | 'unsupported-version';

/** The error that ends a stream; `detail` is a condition of the application's own (RFC 6120 section 4.9.4). */
export function streamError(condition: StreamCondition, text?: string, detail?: XmlElement): XmlElement {
  const words = text === undefined ? [] : [xml('text', { xmlns: NS.streamErrors, 'xml:lang': 'en' }, text)];
  const more = detail === undefined ? [] : [detail];
  return xml('error', { xmlns: NS.stream }, xml(condition, { xmlns: NS.streamErrors }), ...words, ...more);
}

/** The condition and text of a stream error that came in. */
export function readStreamError(element: XmlElement): { condition: string; text: string | undefined } {
  let condition = 'undefined-condition';
  let text: string | undefined;
  for (const child of element.children) {
    if (typeof child === 'string' || child.attrs.xmlns !== NS.streamErrors) continue;
    if (child.name === 'text') text = child.children.filter((each) => typeof each === 'string').join('');
    else condition = child.name;
  }
  return { condition, text };
}
