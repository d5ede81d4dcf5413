import { NS } from '../namespaces.ts';
import { type XmlElement, xml } from '../xml/element.ts';
import type { ClientNegotiation, ClientSide } from './client-negotiation.ts';

/** What a client may do next on its stream (RFC 6120 section 4.3.2). */
export function clientFeatures(state: ClientNegotiation, side: ClientSide): XmlElement {
  if (state.user !== undefined) {
    return xml(
      'features',
      { xmlns: NS.stream },
      xml('bind', { xmlns: NS.bind }),
      // RFC 3921's step, which old clients still take (RFC 6121 section 1.4).
      xml('session', { xmlns: NS.session }, xml('optional')),
      xml('sm', { xmlns: NS.streamManagement }),
      side.caps,
    );
  }
  const features: XmlElement[] = [];
  if (side.tls && !state.secure)
    features.push(xml('starttls', { xmlns: NS.tls }, ...(side.tlsRequired ? [xml('required')] : [])));
  if (state.secure || !side.tlsRequired) {
    const names = ['SCRAM-SHA-256', 'SCRAM-SHA-1', ...(state.secure || side.loopback ? ['PLAIN'] : [])];
    const mechanisms = names.map((name) => xml('mechanism', {}, name));
    features.push(xml('mechanisms', { xmlns: NS.sasl }, ...mechanisms));
  }
  return xml('features', { xmlns: NS.stream }, ...features);
}
