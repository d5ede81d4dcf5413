import { NS } from '../namespaces.ts';
import { childrenOf, element, type XmlElement } from '../xml/element.ts';

/**
 * The same description, in which every source that a group names is there (XEP-0339 section 3): one that is not gets the
 * canonical name of the group's first that is. stanza accepts a session so, with a retransmission in the group alone, and
 * browsers refuse a group with an unknown source (RFC 5576 section 4.2).
 */
export function withGroupSources(description: XmlElement): XmlElement {
  const sources = childrenOf(description, 'source', NS.sources);
  const known = new Map(sources.map((source) => [source.attrs.ssrc, source]));
  const added: XmlElement[] = [];
  for (const group of childrenOf(description, 'ssrc-group', NS.sources)) {
    const named = childrenOf(group, 'source', NS.sources).map(({ attrs }) => attrs.ssrc);
    const first = named.map((ssrc) => known.get(ssrc)).find((source) => source !== undefined);
    const name =
      first && childrenOf(first, 'parameter', NS.sources).find(({ attrs }) => attrs.name === 'cname');
    if (name === undefined) continue;
    for (const ssrc of named) {
      if (ssrc === undefined || known.has(ssrc)) continue;
      const source = element(NS.sources, 'source', { ssrc }, [name]);
      known.set(ssrc, source);
      added.push(source);
    }
  }
  return added.length === 0 ? description : { ...description, children: [...description.children, ...added] };
}
