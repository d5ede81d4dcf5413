/** One element of a stanza, immutable. The namespace is resolved; a prefix, where there was one, is gone. */
export interface XmlElement {
  /** Local name. */
  readonly name: string;
  readonly xmlns: string;
  /** Without namespace declarations; `xml:lang` keeps its prefix. */
  readonly attrs: Readonly<Record<string, string>>;
  readonly children: readonly XmlNode[];
}

export type XmlNode = XmlElement | string;

const NO_ATTRS: Readonly<Record<string, string>> = {};
const NO_CHILDREN: readonly XmlNode[] = [];

export function element(
  xmlns: string,
  name: string,
  attrs: Readonly<Record<string, string>> = NO_ATTRS,
  children: readonly XmlNode[] = NO_CHILDREN,
): XmlElement {
  return { name, xmlns, attrs, children };
}

export function isNamed(node: XmlNode, name: string, xmlns: string): node is XmlElement {
  return typeof node !== 'string' && node.name === name && node.xmlns === xmlns;
}

/** The first child of this name; in the parent's namespace unless told. */
export function childOf(parent: XmlElement, name: string, xmlns = parent.xmlns): XmlElement | undefined {
  for (const child of parent.children) if (isNamed(child, name, xmlns)) return child;
  return undefined;
}

/** All children of this name, in order; in the parent's namespace unless told. */
export function childrenOf(parent: XmlElement, name: string, xmlns = parent.xmlns): XmlElement[] {
  const found: XmlElement[] = [];
  for (const child of parent.children) if (isNamed(child, name, xmlns)) found.push(child);
  return found;
}

/** The children that are elements. */
export function elementsOf(parent: XmlElement): XmlElement[] {
  return parent.children.filter((child): child is XmlElement => typeof child !== 'string');
}

/** The character data right below the element. */
export function textOf(parent: XmlElement): string {
  const { children } = parent;
  if (children.length === 1 && typeof children[0] === 'string') return children[0];
  let text = '';
  for (const child of children) if (typeof child === 'string') text += child;
  return text;
}
