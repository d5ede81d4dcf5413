import { NS } from '../namespaces.ts';
import { element, type XmlElement } from '../xml/element.ts';

/** What a session-info says of an RTP session (XEP-0167 section 8). */
export const SESSION_INFOS = ['active', 'hold', 'mute', 'ringing', 'unhold', 'unmute'] as const;

export type SessionInfo = (typeof SESSION_INFOS)[number];

/** What one element of a session-info says; undefined for what is not understood. */
export function readSessionInfo({ name, xmlns }: XmlElement): SessionInfo | undefined {
  if (xmlns !== NS.rtpInfo) return undefined;
  return SESSION_INFOS.find((each) => each === name);
}

export function writeSessionInfo(info: SessionInfo): XmlElement {
  return element(NS.rtpInfo, info);
}
