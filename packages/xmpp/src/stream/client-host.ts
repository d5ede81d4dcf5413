import type { XmppFinding } from '../finding.ts';
import type { XmlElement } from '../xml/element.ts';
import type { Admission } from './admission.ts';
import type { ClientSide } from './client-negotiation.ts';
import type { ClientSession, SessionHost, SessionLink } from './client-session.ts';
import type { Wire } from './wire.ts';

/** What a client's stream needs of the server. */
export interface ClientHost extends SessionHost {
  readonly admission: Admission;
  sideOf(wire: Wire): ClientSide;
  /** Binds a resource, one of the server's choice where none is wanted; `undefined`: the user has too many. */
  bind(user: string, resource: string | undefined, link: SessionLink): ClientSession | undefined;
  /** The session of this user with this id, where it can be taken up again. */
  resumable(user: string, id: string): ClientSession | undefined;
  /** Routes what came from a session; `false`: its from is somebody else's. */
  accept(session: ClientSession, stanza: XmlElement): boolean;
  found(finding: XmppFinding): void;
}
