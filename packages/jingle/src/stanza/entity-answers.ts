import { NS } from '../namespaces.ts';
import { element, elementsOf, type XmlElement } from '../xml/element.ts';
import { JINGLE_FEATURES } from './features.ts';
import { type IqError, writeIqError } from './iq-error.ts';

const UNKNOWN: IqError = { type: 'cancel', condition: 'service-unavailable' };

/**
 * What an entity that only makes calls answers to an IQ that is not Jingle's: who it is (XEP-0030), that it is there
 * (XEP-0199), and that it knows nothing else (RFC 6120 section 8.2.3). Undefined where nothing is asked.
 * @param kind `phone` in XEP-0030's registry of client types without it
 */
export function answerAsEntity(iq: XmlElement, name: string, kind = 'phone'): XmlElement | undefined {
  const { from, to, id, type } = iq.attrs;
  if (iq.name !== 'iq' || from === undefined || id === undefined || (type !== 'get' && type !== 'set'))
    return undefined;
  const attrs = { id, to: from, ...(to === undefined ? {} : { from: to }) };
  const payload = elementsOf(iq)[0];
  if (type === 'get' && payload?.name === 'query' && payload.xmlns === NS.discoInfo) {
    const { node } = payload.attrs;
    const identity = element(NS.discoInfo, 'identity', { category: 'client', type: kind, name });
    const features = [NS.caps, NS.discoInfo, NS.ping, ...JINGLE_FEATURES].map((feature) =>
      element(NS.discoInfo, 'feature', { var: feature }),
    );
    const query = element(NS.discoInfo, 'query', node === undefined ? {} : { node }, [identity, ...features]);
    return element(NS.client, 'iq', { ...attrs, type: 'result' }, [query]);
  }
  if (type === 'get' && payload?.name === 'ping' && payload.xmlns === NS.ping)
    return element(NS.client, 'iq', { ...attrs, type: 'result' });
  return element(NS.client, 'iq', { ...attrs, type: 'error' }, [writeIqError(UNKNOWN)]);
}
