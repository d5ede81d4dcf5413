import type { LazyDescription } from '@crosspoint/sdp';
import { NS } from '../namespaces.ts';
import { isNamed, type XmlElement } from '../xml/element.ts';

/**
 * What the far side has offered of a content, without what a later offer of ours does not have: an answer to that names no
 * format and no header extension besides (RFC 3264 section 6.1, RFC 8285 section 7).
 * @param mid of the m-section in our offer
 */
export function withinOffer(description: XmlElement, offer: LazyDescription, mid: string): XmlElement {
  let section = 0;
  while (section < offer.mediaCount && offer.first(section, 'mid') !== mid) section++;
  if (section === offer.mediaCount) return description;
  const { formats } = offer.mediaLine(section);
  const extensions = new Set(
    [...offer.sectionText(section).matchAll(/^a=extmap:\S+ (\S+)/gm)].map(([, uri]) => uri),
  );
  const children = description.children.filter((child) => {
    if (isNamed(child, 'payload-type', NS.rtp)) return formats.includes(child.attrs.id ?? '');
    return !isNamed(child, 'rtp-hdrext', NS.headerExtensions) || extensions.has(child.attrs.uri);
  });
  return { ...description, children };
}
