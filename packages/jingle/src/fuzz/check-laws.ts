import { SdpError } from '@crosspoint/sdp';
import { readCandidates } from '../description/candidates.ts';
import type { JingleRole } from '../description/senders.ts';
import { toContents } from '../description/to-contents.ts';
import { toDescription } from '../description/to-description.ts';
import { NS } from '../namespaces.ts';
import { startSession } from '../session/session.ts';
import { step } from '../session/step.ts';
import { parseInitiation } from '../stanza/initiation.ts';
import { type JingleContent, parseContent } from '../stanza/jingle-content.ts';
import { JingleError } from '../stanza/jingle-error.ts';
import { type JingleStanza, parseJingle } from '../stanza/jingle-stanza.ts';
import { parseReason, writeReason } from '../stanza/reason.ts';
import { childOf, type XmlElement } from '../xml/element.ts';
import { parseXml } from '../xml/parse-xml.ts';
import { writeXml } from '../xml/write-xml.ts';
import { XmlError } from '../xml/xml-error.ts';

function demand(held: boolean, law: string): void {
  if (!held) throw new Error(`law broken: ${law}`);
}

/**
 * Holds the package to its laws on one text; `receive` is an endpoint's. Gives what became of it: `xml <code>`, `jingle <code>`,
 * `sdp <code>`, `read`, or `other` for a stanza without Jingle. A broken law, or an error that is none of ours, throws.
 */
export function checkLaws(text: string, receive: (stanza: XmlElement) => void): string {
  let root: XmlElement;
  try {
    root = parseXml(text).root;
  } catch (error) {
    if (!(error instanceof XmlError)) throw error;
    demand(error.line >= 1 && error.column >= 1 && error.clause !== '', 'a refusal has its place and clause');
    return `xml ${error.code}`;
  }
  const written = writeXml(root);
  demand(writeXml(parseXml(written).root) === written, 'what is read is written, and reads the same');
  receive({ ...root, attrs: { ...root.attrs, from: 'alice@a.example/1', to: 'bob@b.example/1' } });
  try {
    const initiation = parseInitiation(root);
    const jingle = childOf(root, 'jingle', NS.jingle);
    if (jingle === undefined) return initiation === undefined ? 'other' : 'read';
    checkStanza(parseJingle(jingle));
    return 'read';
  } catch (error) {
    if (error instanceof JingleError) {
      demand(error.path !== '' && error.clause !== '', 'a refusal names element and clause');
      return `jingle ${error.code}`;
    }
    if (!(error instanceof SdpError)) throw error;
    demand(/^(?:too|line-too)-/.test(error.code), 'a description of ours is refused for its size only');
    return `sdp ${error.code}`;
  }
}

function checkStanza(stanza: JingleStanza): void {
  const { reason, contents } = stanza;
  if (reason !== undefined) {
    const again = writeReason(reason);
    demand(writeXml(writeReason(parseReason(again, 'reason'))) === writeXml(again), 'a reason survives');
  }
  for (const role of ['initiator', 'responder'] as const) {
    const opened = startSession('s', role, contents);
    for (const session of [opened, { ...opened, phase: 'active' as const }]) {
      const { effects } = step(session, { type: 'received', stanza });
      demand(
        /^(?:acknowledge|error)$/.test(effects[0]?.type ?? ''),
        'each action is answered once, first of all',
      );
    }
  }
  checkDescription(contents, stanza, contents.length % 2 === 0 ? 'initiator' : 'responder');
  readCandidates(contents, ({ name }) => name);
}

function checkDescription(
  contents: readonly JingleContent[],
  { groups }: JingleStanza,
  role: JingleRole,
): void {
  const { description } = toDescription(contents, groups, { type: 'offer', role });
  const typed = description.typed();
  for (const section of [typed.session, ...typed.media]) {
    const foreign = section.lines.find(
      ({ kind }) => kind === 'malformed' || kind === 'attribute' || kind === 'unknown',
    );
    demand(foreign === undefined, `a line that is none of ours: ${foreign?.raw}`);
  }
  const once = there(typed, role);
  const twice = there(once.typed(), role);
  demand(once.text === twice.text, 'what came back comes back the same');
}

function there(typed: Parameters<typeof toContents>[0], role: JingleRole) {
  const made = toContents(typed, { role, extensions: ['msid', 'rtcp-rsize'] });
  const read = made.contents.map((each) => parseContent(each, 'content'));
  return toDescription(read, made.groups, { type: 'offer', role }).description;
}
