import { illegalAt, isName } from './characters.ts';
import type { XmlElement } from './element.ts';
import type { XmlLimits } from './limits.ts';

/** What keeps a tree that was made here from being written as XML and read again within the limits; `undefined`: nothing. */
export function checkElement(element: XmlElement, limits: XmlLimits, depth = 1): string | undefined {
  if (depth > limits.depth) return `more than ${limits.depth} elements within each other`;
  if (!isName(element.name)) return `${JSON.stringify(element.name)} is no name of an element`;
  const names = Object.keys(element.attrs);
  if (names.length > limits.attributes) return `more than ${limits.attributes} attributes`;
  for (const name of names) {
    if (!isName(name)) return `${JSON.stringify(name)} is no name of an attribute`;
    if (illegalAt(element.attrs[name]!) >= 0) return `a character in ${name} that XML does not allow`;
  }
  for (const child of element.children) {
    if (typeof child === 'string') {
      if (illegalAt(child) >= 0) return 'a character in a text that XML does not allow';
      continue;
    }
    const wrong = checkElement(child, limits, depth + 1);
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}
