import type { LazyDescription } from '@crosspoint/sdp';
import type { JingleExtension } from '../description/extensions.ts';
import { isRejected } from '../description/rejected.ts';
import { type JingleRole, type Senders, toSenders } from '../description/senders.ts';
import { type ContentKey, toContents } from '../description/to-contents.ts';
import { NS } from '../namespaces.ts';
import { childOf, element, type XmlElement } from '../xml/element.ts';
import { writeXml } from '../xml/write-xml.ts';

/** One m-section of ours, as the content that it is. */
export interface OwnContent {
  readonly mid: string;
  readonly key: ContentKey;
  readonly element: XmlElement;
  readonly senders: Senders;
  readonly ice: { readonly ufrag: string; readonly pwd: string } | undefined;
}

/** What a description of ours says, content by content. */
export interface OwnContents {
  readonly contents: readonly OwnContent[];
  readonly groups: readonly XmlElement[];
  /** Mids of the m-sections that it refuses. */
  readonly refused: readonly string[];
}

/** A description as contents by mid. @throws SdpError */
export function ownContents(
  description: LazyDescription,
  role: JingleRole,
  keyOf: (mid: string | undefined, index: number) => ContentKey,
  extensions: readonly JingleExtension[],
): OwnContents {
  const typed = description.typed();
  const made = toContents(typed, { role, contentOf: keyOf, extensions });
  const contents: OwnContent[] = [];
  const refused: string[] = [];
  typed.media.forEach((media, index) => {
    const mid = description.first(index, 'mid') ?? String(index);
    if (isRejected(media)) {
      refused.push(mid);
      return;
    }
    const key = keyOf(description.first(index, 'mid'), index);
    const found = made.contents.find(
      ({ attrs }) => attrs.name === key.name && (attrs.creator ?? 'initiator') === key.creator,
    );
    if (found === undefined) return;
    const { ufrag, pwd } = childOf(found, 'transport', NS.iceUdp)?.attrs ?? {};
    contents.push({
      mid,
      key,
      element: found,
      senders: toSenders(description.direction(index), role),
      ice: ufrag === undefined || pwd === undefined ? undefined : { ufrag, pwd },
    });
  });
  return { contents, groups: made.groups, refused };
}

/** What changed from one description of ours to the next, in Jingle's actions. */
export interface ChangePlan {
  readonly added: readonly OwnContent[];
  readonly removed: readonly OwnContent[];
  readonly modified: readonly OwnContent[];
  readonly restarted: readonly OwnContent[];
  readonly described: readonly OwnContent[];
  /** Nothing is taken any more where something was, or the other way round (XEP-0167 section 8.2). */
  readonly hold: 'hold' | 'unhold' | undefined;
}

export function planChange(before: OwnContents, after: OwnContents, role: JingleRole): ChangePlan {
  const old = new Map(before.contents.map((content) => [content.mid, content]));
  const kept = after.contents.filter(({ mid }) => old.has(mid));
  // A data channel has no direction, and is never held.
  const isHeld = ({ contents }: OwnContents): boolean => {
    const media = contents.filter(({ element }) => childOf(element, 'description', NS.rtp) !== undefined);
    return media.length > 0 && media.every(({ senders }) => senders === role || senders === 'none');
  };
  const hold = isHeld(after) === isHeld(before) ? undefined : isHeld(after) ? 'hold' : 'unhold';
  return {
    added: after.contents.filter(({ mid }) => !old.has(mid)),
    removed: before.contents.filter(({ mid }) => !after.contents.some((content) => content.mid === mid)),
    modified: kept.filter((content) => content.senders !== old.get(content.mid)!.senders),
    restarted: kept.filter(({ mid, ice }) => ice !== undefined && ice.ufrag !== old.get(mid)!.ice?.ufrag),
    described: kept.filter((content) => descriptionText(content) !== descriptionText(old.get(content.mid)!)),
    hold,
  };
}

function descriptionText(content: OwnContent): string {
  const description = childOf(content.element, 'description', NS.rtp);
  return description === undefined ? '' : writeXml(description);
}

/** A content by name alone, or with one part of it. */
export function bareContent(
  { key, senders }: Pick<OwnContent, 'key' | 'senders'>,
  part?: XmlElement,
  withSenders = false,
): XmlElement {
  const attrs = { creator: key.creator, name: key.name, ...(withSenders ? { senders } : {}) };
  return element(NS.jingle, 'content', attrs, part === undefined ? [] : [part]);
}
