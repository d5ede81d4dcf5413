import type { Jid } from '../address/jid.ts';
import type { XmlElement } from '../xml/element.ts';

/** Who a resource belongs to: a client's stream, or something in this process. */
export interface SessionUser {
  /** Takes a stanza for this resource. Must not throw. */
  deliver(stanza: XmlElement): void;
}

/** One bound resource (RFC 6120 section 7), as the router knows it. */
export interface Session {
  readonly jid: Jid & { readonly local: string; readonly resource: string };
  /** `user@domain/resource` */
  readonly full: string;
  /** `user@domain` */
  readonly bare: string;
  readonly user: SessionUser;
  /** Its last presence while it is available. */
  presence: XmlElement | undefined;
  priority: number;
  /** It asked for the roster, and hears of changes (RFC 6121 section 2.1.6). */
  interested: boolean;
  /** It asked for copies (XEP-0280). */
  carbons: boolean;
  /** Whom it told of its presence one by one (RFC 6121 section 4.6). */
  readonly directed: Set<string>;
}
