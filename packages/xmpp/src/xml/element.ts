/**
 * One XML element. Its shape is that of ltx, so that stanzas of `@xmpp/*` can be handed in as they are. No name has a
 * prefix; `attrs.xmlns` stands only where the namespace differs from the parent's. A stanza has none: its namespace is
 * that of whichever stream it travels on (RFC 6120 section 4.8.2).
 */
export interface XmlElement {
  readonly name: string;
  readonly attrs: Readonly<Record<string, string>>;
  readonly children: readonly XmlNode[];
}

export type XmlNode = XmlElement | string;

/** Makes an element; attributes that are `undefined` are left out. */
export function xml(
  name: string,
  attrs: Readonly<Record<string, string | undefined>> = {},
  ...children: readonly XmlNode[]
): XmlElement {
  const kept: Record<string, string> = {};
  for (const [key, value] of Object.entries(attrs)) if (value !== undefined) kept[key] = value;
  return { name, attrs: kept, children };
}

/** The same element with some attributes changed; `undefined` takes one away. */
export function withAttrs(
  element: XmlElement,
  changes: Readonly<Record<string, string | undefined>>,
): XmlElement {
  return { ...xml(element.name, { ...element.attrs, ...changes }), children: element.children };
}

/** The elements among the children. */
export function elementsOf(element: XmlElement): XmlElement[] {
  return element.children.filter((child) => typeof child !== 'string');
}

/** The first child of that name, in that namespace; without one: in the parent's. */
export function childOf(element: XmlElement, name: string, xmlns?: string): XmlElement | undefined {
  for (const child of element.children) {
    if (typeof child === 'string' || child.name !== name) continue;
    const own = child.attrs.xmlns;
    if (own === xmlns || (own === undefined && xmlns === element.attrs.xmlns)) return child;
  }
  return undefined;
}

/** Whether an element with an explicit namespace is the one asked for. */
export function isElement(element: XmlElement, name: string, xmlns: string): boolean {
  return element.name === name && element.attrs.xmlns === xmlns;
}

/** The text directly in an element. */
export function textOf(element: XmlElement): string {
  return element.children.filter((child) => typeof child === 'string').join('');
}
