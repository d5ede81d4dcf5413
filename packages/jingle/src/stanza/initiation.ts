import { NS } from '../namespaces.ts';
import { childOf, childrenOf, element, elementsOf, type XmlElement, type XmlNode } from '../xml/element.ts';
import { JingleError } from './jingle-error.ts';
import { type JingleReason, parseReason, writeReason } from './reason.ts';

/** XEP-0353 section 3; `accept` of its older versions is read as `proceed` by nobody here. */
export const INITIATION_NAMES = ['propose', 'ringing', 'proceed', 'reject', 'retract', 'finish'] as const;

export type InitiationName = (typeof INITIATION_NAMES)[number];

/** One message about a session that is to come, or is over (XEP-0353). */
export interface InitiationMessage {
  readonly name: InitiationName;
  /** The session's identifier. */
  readonly id: string;
  /** `audio`, `video` ... of a propose. */
  readonly media: readonly string[];
  readonly reason?: JingleReason;
  readonly isTieBreak: boolean;
  /** The session that goes on in place of this one, of a finish. */
  readonly migratedTo?: string;
}

/** The message in a `<message/>`, or undefined where there is none. @throws JingleError */
export function parseInitiation(message: XmlElement): InitiationMessage | undefined {
  for (const child of elementsOf(message)) {
    if (child.xmlns !== NS.messageInitiation) continue;
    const name = INITIATION_NAMES.find((each) => each === child.name);
    if (name === undefined) continue;
    const path = `message/${name}`;
    const { id } = child.attrs;
    if (id === undefined || id === '')
      throw new JingleError('message-id-missing', path, 'XEP-0353 section 3', 'a message of no session');
    const reason = childOf(child, 'reason', NS.jingle);
    const migrated = childOf(child, 'migrated')?.attrs.to;
    return {
      name,
      id,
      media: childrenOf(child, 'description', NS.rtp).flatMap(({ attrs }) =>
        attrs.media === undefined ? [] : [attrs.media],
      ),
      ...(reason === undefined ? {} : { reason: parseReason(reason, `${path}/reason`) }),
      isTieBreak: childOf(child, 'tie-break') !== undefined,
      ...(migrated === undefined ? {} : { migratedTo: migrated }),
    };
  }
  return undefined;
}

/** The children of a `<message type='chat'/>`, with the hint that archives keep it (XEP-0353 section 3). */
export function writeInitiation(
  message: Pick<InitiationMessage, 'name' | 'id'> & Partial<InitiationMessage>,
): XmlElement[] {
  const children: XmlNode[] = (message.media ?? []).map((media) => element(NS.rtp, 'description', { media }));
  if (message.reason !== undefined) children.push(writeReason(message.reason));
  if (message.isTieBreak === true) children.push(element(NS.messageInitiation, 'tie-break'));
  if (message.migratedTo !== undefined)
    children.push(element(NS.messageInitiation, 'migrated', { to: message.migratedTo }));
  return [
    element(NS.messageInitiation, message.name, { id: message.id }, children),
    element(NS.hints, 'store'),
  ];
}
