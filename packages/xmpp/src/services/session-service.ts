import { NS } from '../namespaces.ts';
import { resultReply } from '../stanza/stanza-error.ts';
import { isElement } from '../xml/element.ts';
import type { Service } from './service.ts';

/** RFC 3921's session, which old clients still establish; it does nothing (RFC 6121 section 1.4). */
export const sessionService: Service = ({ iq, payload, set, session }) =>
  session !== undefined && set && isElement(payload, 'session', NS.session) ? resultReply(iq) : undefined;

/** Whether a device gets copies (XEP-0280 sections 4 and 5). */
export const carbonsService: Service = (request) => {
  const { iq, payload, set, session } = request;
  if (session === undefined || !set || payload.attrs.xmlns !== NS.carbons) return undefined;
  if (payload.name !== 'enable' && payload.name !== 'disable') return undefined;
  session.carbons = payload.name === 'enable';
  return resultReply(iq);
};
