import type { XmlElement } from './element.ts';
import { DEFAULT_XML_LIMITS, type XmlLimits } from './limits.ts';
import { XmlError } from './xml-error.ts';
import { XmlStream } from './xml-stream.ts';

/**
 * Reads a text that is one element, as a WebSocket message is (RFC 7395 section 3.3.3).
 * @throws XmlError
 */
export function parseElement(text: string, limits: XmlLimits = DEFAULT_XML_LIMITS): XmlElement {
  const stream = new XmlStream(limits, 'element');
  let found: XmlElement | undefined;
  let second = false;
  for (const event of stream.push(text)) {
    if (event.kind === 'error') throw event.error;
    if (event.kind !== 'element') continue;
    if (found !== undefined) second = true;
    found = event.element;
  }
  if (found === undefined || second || !stream.idle) {
    const what = second ? 'more than one element' : 'no whole element';
    throw new XmlError('not-well-formed', placeAtEnd(text), 'RFC 7395 section 3.3.3', what);
  }
  return found;
}

function placeAtEnd(text: string): { line: number; column: number; offset: number } {
  const lines = text.split('\n');
  return { line: lines.length, column: (lines.at(-1) ?? '').length + 1, offset: text.length };
}
