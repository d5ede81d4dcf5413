import { NS } from '../namespaces.ts';
import { element, elementsOf, type XmlElement, type XmlNode } from '../xml/element.ts';
import { type JingleContent, parseContent } from './jingle-content.ts';
import { JingleError } from './jingle-error.ts';
import { type JingleReason, parseReason, writeReason } from './reason.ts';

/** XEP-0166 section 7.2. */
export const JINGLE_ACTIONS = [
  'content-accept',
  'content-add',
  'content-modify',
  'content-reject',
  'content-remove',
  'description-info',
  'security-info',
  'session-accept',
  'session-info',
  'session-initiate',
  'session-terminate',
  'transport-accept',
  'transport-info',
  'transport-reject',
  'transport-replace',
] as const;

export type JingleActionName = (typeof JINGLE_ACTIONS)[number];

/** One `<jingle/>` (XEP-0166 section 7.1). */
export interface JingleStanza {
  readonly action: JingleActionName;
  readonly sid: string;
  readonly initiator?: string;
  readonly responder?: string;
  readonly contents: readonly JingleContent[];
  /** `<group/>` of XEP-0338. */
  readonly groups: readonly XmlElement[];
  readonly reason?: JingleReason;
  /** Everything else: what a session-info says. */
  readonly payload: readonly XmlElement[];
}

/** What must carry at least one content. */
const WITH_CONTENT: ReadonlySet<string> = new Set<JingleActionName>([
  'content-accept',
  'content-add',
  'content-modify',
  'content-reject',
  'content-remove',
  'description-info',
  'session-accept',
  'session-initiate',
  'transport-accept',
  'transport-info',
  'transport-reject',
  'transport-replace',
]);

const HIGHEST_CONTENTS = 256;

/** Reads `<jingle/>`. @throws JingleError */
export function parseJingle(jingle: XmlElement): JingleStanza {
  const path = 'jingle';
  if (jingle.name !== 'jingle' || jingle.xmlns !== NS.jingle)
    throw new JingleError('no-jingle', path, 'XEP-0166 section 7.1', 'no element of Jingle');
  const { action, sid, initiator, responder } = jingle.attrs;
  if (action === undefined || !isAction(action))
    throw new JingleError(
      'action-unknown',
      path,
      'XEP-0166 section 7.2',
      `action ${action ?? '(none)'} is unknown`,
    );
  if (sid === undefined || sid === '')
    throw new JingleError('sid-missing', path, 'XEP-0166 section 7.1', 'a session without an identifier');
  const contents: JingleContent[] = [];
  const groups: XmlElement[] = [];
  const payload: XmlElement[] = [];
  const keys = new Set<string>();
  let reason: JingleReason | undefined;
  for (const child of elementsOf(jingle)) {
    if (child.name === 'content' && child.xmlns === NS.jingle) {
      const place = `${path}/content[${contents.length + 1}]`;
      const content = parseContent(child, place);
      const key = `${content.creator} ${content.name}`;
      if (keys.has(key) || keys.size >= HIGHEST_CONTENTS)
        throw new JingleError('content-twice', place, 'XEP-0166 section 7.3', 'a content that stands twice');
      keys.add(key);
      contents.push(content);
    } else if (child.name === 'reason' && child.xmlns === NS.jingle)
      reason ??= parseReason(child, `${path}/reason`);
    else if (child.name === 'group' && child.xmlns === NS.grouping) groups.push(child);
    else payload.push(child);
  }
  demandContents(action, contents, path);
  return {
    action,
    sid,
    ...(initiator === undefined ? {} : { initiator }),
    ...(responder === undefined ? {} : { responder }),
    contents,
    groups,
    ...(reason === undefined ? {} : { reason }),
    payload,
  };
}

function demandContents(action: JingleActionName, contents: readonly JingleContent[], path: string): void {
  if (!WITH_CONTENT.has(action)) return;
  const clause = `XEP-0166 section 7.2 (${action})`;
  if (contents.length === 0)
    throw new JingleError('content-missing', path, clause, 'an action without contents');
  const isWhole = action === 'session-initiate' || action === 'session-accept' || action === 'content-add';
  if (isWhole) {
    const at = contents.findIndex(({ transport }) => transport === undefined);
    if (at >= 0)
      throw new JingleError(
        'transport-missing',
        `${path}/content[${at + 1}]`,
        clause,
        'a content without a transport',
      );
  }
  if (action === 'session-initiate' && contents.every(({ disposition }) => disposition !== 'session'))
    throw new JingleError('no-session-content', path, clause, 'no content of the session itself');
}

export function isAction(word: string): word is JingleActionName {
  return (JINGLE_ACTIONS as readonly string[]).includes(word);
}

/** What `writeJingle` puts together. */
export interface JinglePlan {
  readonly action: JingleActionName;
  readonly sid: string;
  readonly initiator?: string;
  readonly responder?: string;
  readonly contents?: readonly XmlElement[];
  readonly groups?: readonly XmlElement[];
  readonly reason?: JingleReason;
  readonly payload?: readonly XmlElement[];
}

export function writeJingle(plan: JinglePlan): XmlElement {
  const attrs: Record<string, string> = { action: plan.action, sid: plan.sid };
  if (plan.initiator !== undefined) attrs.initiator = plan.initiator;
  if (plan.responder !== undefined) attrs.responder = plan.responder;
  const children: XmlNode[] = [...(plan.groups ?? []), ...(plan.contents ?? [])];
  if (plan.reason !== undefined) children.push(writeReason(plan.reason));
  children.push(...(plan.payload ?? []));
  return element(NS.jingle, 'jingle', attrs, children);
}
