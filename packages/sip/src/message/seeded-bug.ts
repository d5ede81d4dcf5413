import type { SipMessage, SipRequest } from './message.ts';

/** A bug that is put into an endpoint on purpose, to see what others make of it. For labs alone. */
export interface SeededBug {
  /** What is taken in place of a message that came in; none: it is lost. */
  readonly received?: (message: SipMessage) => readonly SipMessage[];
  /** What is sent in place of a request that has its Via. */
  readonly sending?: (request: SipRequest) => SipRequest;
  /** A request for which UDP was asked goes by it, however large it is. */
  readonly anySize?: boolean;
}
