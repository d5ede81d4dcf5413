import { NS } from '../namespaces.ts';
import { errorReply, resultReply } from '../stanza/stanza-error.ts';
import { elementsOf, type XmlElement, xml } from '../xml/element.ts';
import type { Service } from './service.ts';

/** A STUN or TURN server that a client may use (XEP-0215 section 3). */
export interface ExternalService {
  readonly type: 'stun' | 'stuns' | 'turn' | 'turns';
  readonly host: string;
  readonly port: number;
  readonly transport: 'udp' | 'tcp';
  readonly username?: string;
  readonly password?: string;
  /** When the credentials end: ISO 8601, UTC. */
  readonly expires?: string;
}

/** XEP-0215: what `servicesOf` gives for a user (a bare JID), credentials made for them. Only this server's own users get any. */
export function externalServicesService(servicesOf: (user: string) => readonly ExternalService[]): Service {
  return ({ iq, payload, set, session, account }) => {
    if (set || account !== undefined || payload.attrs.xmlns !== NS.externalServices) return undefined;
    if (payload.name !== 'services' && payload.name !== 'credentials') return undefined;
    if (session === undefined) return errorReply(iq, 'forbidden');
    const all = servicesOf(session.bare);
    if (payload.name === 'services') {
      const { type } = payload.attrs;
      const wanted = type === undefined ? all : all.filter((service) => service.type === type);
      return resultReply(iq, xml('services', { xmlns: NS.externalServices, type }, ...wanted.map(toElement)));
    }
    const asked = elementsOf(payload)[0]?.attrs;
    const found = all.filter(
      ({ type, host, port, username }) =>
        username !== undefined &&
        type === asked?.type &&
        host === asked.host &&
        (asked.port === undefined || asked.port === String(port)),
    );
    if (found.length === 0) return errorReply(iq, 'item-not-found');
    return resultReply(iq, xml('credentials', { xmlns: NS.externalServices }, ...found.map(toElement)));
  };
}

function toElement(service: ExternalService): XmlElement {
  const { type, host, port, transport, username, password, expires } = service;
  const restricted = username === undefined ? undefined : '1';
  return xml('service', {
    type,
    host,
    port: String(port),
    transport,
    username,
    password,
    expires,
    restricted,
  });
}
