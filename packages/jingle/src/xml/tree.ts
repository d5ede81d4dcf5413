import { element, type XmlElement, type XmlNode } from './element.ts';

/** An element as ltx has it, and with it `@xmpp/*` and the embedded server: `attrs.xmlns` only where it changes. */
export interface XmlTree {
  readonly name: string;
  readonly attrs: Readonly<Record<string, string>>;
  readonly children: readonly (XmlTree | string)[];
}

/** Resolves the namespaces of a tree; `xmlns` is that of its stream. */
export function fromTree({ name, attrs, children }: XmlTree, xmlns: string): XmlElement {
  const { xmlns: declared, ...others } = attrs;
  const own = declared ?? xmlns;
  const kept = Object.fromEntries(Object.entries(others).filter(([key]) => !key.startsWith('xmlns:')));
  const inner = children.map((child): XmlNode => (typeof child === 'string' ? child : fromTree(child, own)));
  return element(own, name.slice(name.indexOf(':') + 1), kept, inner);
}

/** The same element as a tree, in a stream of the namespace `xmlns`. */
export function toTree({ name, xmlns, attrs, children }: XmlElement, stream: string): XmlTree {
  return {
    name,
    attrs: xmlns === stream ? attrs : { xmlns, ...attrs },
    children: children.map((child) => (typeof child === 'string' ? child : toTree(child, xmlns))),
  };
}
