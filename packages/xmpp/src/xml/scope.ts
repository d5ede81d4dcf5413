import type { QualifiedName, StartTag } from './tag.ts';

const XML_NAMESPACE = 'http://www.w3.org/XML/1998/namespace';
const XMLNS_NAMESPACE = 'http://www.w3.org/2000/xmlns/';

/** The namespaces that hold inside one element. */
export interface Scope {
  /** The default namespace. */
  readonly plain: string;
  readonly prefixes: ReadonlyMap<string, string>;
}

export const OUTERMOST: Scope = { plain: '', prefixes: new Map([['xml', XML_NAMESPACE]]) };

/** A start tag with its namespaces resolved. */
export interface ResolvedTag {
  readonly name: string;
  readonly namespace: string;
  /** Without declarations of namespaces, but for those of prefixes that an attribute here has. */
  readonly attrs: Record<string, string>;
  readonly scope: Scope;
}

/** Resolves the names of a tag; a string says what is wrong (Namespaces in XML 1.0). */
export function resolveTag(tag: StartTag, outer: Scope): ResolvedTag | string {
  let { plain } = outer;
  let prefixes: Map<string, string> | undefined;
  for (const { name, value } of tag.attributes) {
    if (name.prefix === undefined && name.local === 'xmlns') plain = value;
    if (name.prefix !== 'xmlns') continue;
    if (name.local === 'xmlns') return 'the prefix xmlns cannot be declared';
    if (value === '') return `the prefix ${name.local} is declared as nothing`;
    if ((name.local === 'xml') !== (value === XML_NAMESPACE))
      return 'the prefix xml stands for one namespace only';
    prefixes ??= new Map(outer.prefixes);
    prefixes.set(name.local, value);
  }
  if (plain === XML_NAMESPACE || plain === XMLNS_NAMESPACE) return 'a reserved namespace as the default';
  const scope: Scope =
    plain === outer.plain && prefixes === undefined ? outer : { plain, prefixes: prefixes ?? outer.prefixes };
  const namespace = namespaceOf(tag.name, scope);
  if (namespace === undefined) return `the prefix ${tag.name.prefix} is not declared`;
  const attrs = resolveAttributes(tag, scope);
  return typeof attrs === 'string' ? attrs : { name: tag.name.local, namespace, attrs, scope };
}

function namespaceOf(name: QualifiedName, scope: Scope): string | undefined {
  return name.prefix === undefined ? scope.plain : scope.prefixes.get(name.prefix);
}

function resolveAttributes(tag: StartTag, scope: Scope): Record<string, string> | string {
  const attrs: Record<string, string> = {};
  const seen = new Set<string>();
  for (const { name, value } of tag.attributes) {
    const { prefix, local } = name;
    const declares = prefix === 'xmlns' || (prefix === undefined && local === 'xmlns');
    const namespace = prefix === undefined || declares ? '' : scope.prefixes.get(prefix);
    if (namespace === undefined) return `the prefix ${prefix} is not declared`;
    const key = declares ? `xmlns ${prefix === undefined ? '' : local}` : `${namespace} ${local}`;
    if (seen.has(key)) return `the attribute ${local} stands twice`;
    seen.add(key);
    if (declares) continue;
    put(attrs, prefix === undefined ? local : `${prefix}:${local}`, value);
    if (prefix !== undefined && prefix !== 'xml') put(attrs, `xmlns:${prefix}`, namespace);
  }
  return attrs;
}

/** An attribute may have any name, `__proto__` among them. */
function put(attrs: Record<string, string>, key: string, value: string): void {
  if (key === '__proto__')
    Object.defineProperty(attrs, key, { value, enumerable: true, writable: true, configurable: true });
  else attrs[key] = value;
}
