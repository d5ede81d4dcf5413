import { NS } from '../namespaces.ts';
import { type XmlElement, xml } from '../xml/element.ts';
import type { FederationTls } from './federation-host.ts';

/** What another server may do next (RFC 6120 section 4.3.2, XEP-0220 section 2.1). */
export function incomingFeatures(secure: boolean, tls: FederationTls, external: boolean): XmlElement {
  const features: XmlElement[] = [];
  if (!secure && tls !== 'none')
    features.push(xml('starttls', { xmlns: NS.tls }, ...(tls === 'required' ? [xml('required')] : [])));
  if (external) features.push(xml('mechanisms', { xmlns: NS.sasl }, xml('mechanism', {}, 'EXTERNAL')));
  if (secure || tls !== 'required')
    features.push(xml('dialback', { xmlns: NS.dialbackFeature }, xml('errors')));
  return xml('features', { xmlns: NS.stream }, ...features);
}
