import type { TrickledCandidate } from '@crosspoint/signaling';
import { NS } from '../namespaces.ts';
import type { JingleContent } from '../stanza/jingle-content.ts';
import { element, type XmlElement, type XmlNode } from '../xml/element.ts';
import { toCandidateElement } from './candidate-element.ts';
import { type JingleFinding, ReadingNotes } from './finding.ts';
import type { ContentKey } from './to-contents.ts';
import { readTransport } from './transport-section.ts';

/** What a transport-info says of one content. */
export interface ContentCandidates {
  readonly content: JingleContent;
  readonly candidates: readonly TrickledCandidate[];
  /** The password, which only a new generation brings (XEP-0176 section 5.6). */
  readonly pwd: string | undefined;
  readonly ufrag: string | undefined;
}

/** The candidates of a transport-info; the end of them is one without a candidate (RFC 8838 section 8.2). */
export function readCandidates(
  contents: readonly JingleContent[],
  midOf: (content: JingleContent) => string | undefined,
): { readonly contents: readonly ContentCandidates[]; readonly findings: readonly JingleFinding[] } {
  const notes = new ReadingNotes();
  const read = contents.map((content, index): ContentCandidates => {
    notes.mediaIndex = index;
    if (content.transport === undefined) {
      notes.finding(
        'transport-missing',
        content.element,
        'XEP-0176 section 5.3',
        'candidates without a transport',
      );
      return { content, candidates: [], pwd: undefined, ufrag: undefined };
    }
    const { candidates, isComplete, ufrag, pwd } = readTransport(content.transport, notes);
    const mid = midOf(content);
    const place = {
      ...(mid === undefined ? { mLineIndex: index } : { mid }),
      ...(ufrag === undefined ? {} : { ufrag }),
    };
    const trickled: TrickledCandidate[] = candidates.map((candidate) => ({ candidate, ...place }));
    if (isComplete) trickled.push({ candidate: undefined, ...place });
    return { content, candidates: trickled, pwd, ufrag };
  });
  return { contents: read, findings: notes.findings };
}

/** A content for a transport-info: candidates of one generation, or the end of them. */
export function candidatesContent(
  { creator, name }: ContentKey,
  ice: { readonly ufrag: string; readonly pwd: string } | undefined,
  candidates: readonly TrickledCandidate[],
): XmlElement {
  const children: XmlNode[] = [];
  let isComplete = false;
  for (const { candidate } of candidates) {
    if (candidate === undefined) isComplete = true;
    // Attributes that Jingle has not are dropped here; the description's conversion names them.
    else children.push(toCandidateElement(candidate, undefined, () => {}));
  }
  if (isComplete) children.push(element(NS.iceUdp, 'gathering-complete'));
  const attrs: Record<string, string> = ice === undefined ? {} : { ufrag: ice.ufrag, pwd: ice.pwd };
  return element(NS.jingle, 'content', { creator, name }, [element(NS.iceUdp, 'transport', attrs, children)]);
}
