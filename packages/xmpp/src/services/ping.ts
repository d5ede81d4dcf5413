import { NS } from '../namespaces.ts';
import { resultReply } from '../stanza/stanza-error.ts';
import { isElement } from '../xml/element.ts';
import type { Service } from './service.ts';

/** XEP-0199. */
export const pingService: Service = ({ iq, payload, set }) =>
  !set && isElement(payload, 'ping', NS.ping) ? resultReply(iq) : undefined;
