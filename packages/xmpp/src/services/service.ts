import type { RouterState } from '../routing/router-state.ts';
import type { Session } from '../routing/session.ts';
import type { XmlElement } from '../xml/element.ts';

/** An iq that the server itself answers. */
export interface ServiceRequest {
  readonly iq: XmlElement;
  /** The element in it. */
  readonly payload: XmlElement;
  readonly set: boolean;
  /** Whose account is asked; `undefined`: the server. */
  readonly account: string | undefined;
  /** Who asks, where it is a resource of this server. */
  readonly session: Session | undefined;
  readonly state: RouterState;
}

/** Answers an iq with a stanza, or leaves it to the next service. */
export type Service = (request: ServiceRequest) => XmlElement | undefined;

/** Whether a user asks about their own account. */
export function isOwnAccount({ session, account }: ServiceRequest): boolean {
  return session !== undefined && session.jid.local === account;
}
