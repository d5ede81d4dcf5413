import type { SsrcAttribute, SsrcGroup } from '@crosspoint/sdp';
import { NS } from '../namespaces.ts';
import { element, type XmlElement, type XmlNode } from '../xml/element.ts';

/** Sources and their groups in the making (XEP-0339): all of them, each with all its attributes. */
export class SourceElements {
  readonly #parameters = new Map<number, XmlElement[]>();
  readonly #groups: XmlElement[] = [];

  attribute({ ssrc, attribute, value }: SsrcAttribute): void {
    const attrs = value === undefined ? { name: attribute } : { name: attribute, value };
    const parameter = element(NS.sources, 'parameter', attrs);
    const list = this.#parameters.get(ssrc);
    if (list === undefined) this.#parameters.set(ssrc, [parameter]);
    else list.push(parameter);
  }

  group({ semantics, ssrcs }: SsrcGroup): void {
    const sources = ssrcs.map((ssrc) => element(NS.sources, 'source', { ssrc: String(ssrc) }));
    this.#groups.push(element(NS.sources, 'ssrc-group', { semantics }, sources));
  }

  into(children: XmlNode[]): void {
    for (const group of this.#groups) children.push(group);
    for (const [ssrc, parameters] of this.#parameters)
      children.push(element(NS.sources, 'source', { ssrc: String(ssrc) }, parameters));
  }
}
