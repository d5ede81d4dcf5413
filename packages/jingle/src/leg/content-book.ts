import type { LazyDescription } from '@crosspoint/sdp';
import { fromSenders, type JingleRole, otherRole, type Senders } from '../description/senders.ts';
import type { ContentKey } from '../description/to-contents.ts';
import { type JingleDescription, toDescription } from '../description/to-description.ts';
import { NS } from '../namespaces.ts';
import { sameKey } from '../session/session.ts';
import type { JingleContent } from '../stanza/jingle-content.ts';
import { childOf, childrenOf, element, elementsOf, isNamed, type XmlElement } from '../xml/element.ts';
import type { OwnContent } from './change-plan.ts';
import { withinOffer } from './within-offer.ts';

interface BookEntry {
  readonly mid: string;
  readonly key: ContentKey;
  /** What the far side says of it, once it does. */
  remote: JingleContent | undefined;
  /** Who sends, as it was settled last. */
  senders: Senders;
  /** Who should send, as the far side wants it: what we want besides is no part of its description. */
  wanted: Senders;
  /** What the far side is in DTLS, once our answer has settled it. */
  setup?: 'active' | 'passive';
}

/** The contents of one session: which m-section each is, and what the far side last said of it. */
export class ContentBook {
  readonly #role: JingleRole;
  readonly #sessionId: string;
  #entries: BookEntry[] = [];
  #groups: readonly XmlElement[] = [];
  #version = 0;
  /** The far side has put us on hold (XEP-0167 section 8.2). */
  isHeld = false;

  constructor(role: JingleRole, sid: string) {
    this.#role = role;
    this.#sessionId = sessionIdOf(sid);
  }

  /** The content that an m-section of ours stands for; a new one is ours. */
  keyOf(mid: string | undefined, index: number): ContentKey {
    const wanted = mid ?? String(index);
    const known = this.#entries.find((entry) => entry.mid === wanted);
    return known?.key ?? { creator: this.#role, name: wanted };
  }

  has(mid: string): boolean {
    return this.#entries.some((entry) => entry.mid === mid);
  }

  midOf(key: ContentKey): string | undefined {
    return this.#entries.find((entry) => sameKey(entry.key, key))?.mid;
  }

  /** What the far side last said of a content. */
  remoteOf(key: ContentKey): JingleContent | undefined {
    return this.#entries.find((entry) => sameKey(entry.key, key))?.remote;
  }

  sendersOf(key: ContentKey): Senders | undefined {
    return this.#entries.find((entry) => sameKey(entry.key, key))?.senders;
  }

  ufragOf(mid: string): string | undefined {
    return this.#entries.find((entry) => entry.mid === mid)?.remote?.transport?.attrs.ufrag;
  }

  addOwn(mid: string, key: ContentKey, senders: Senders): void {
    this.#entries.push({ mid, key, remote: undefined, senders, wanted: senders });
  }

  setSenders(key: ContentKey, senders: Senders): void {
    for (const entry of this.#entries) if (sameKey(entry.key, key)) entry.senders = senders;
  }

  /** The far side says who should send. */
  setWanted(key: ContentKey, senders: Senders): void {
    for (const entry of this.#entries) if (sameKey(entry.key, key)) entry.wanted = senders;
    this.setSenders(key, senders);
  }

  /** Our answer to the far side's offer says who opens DTLS, and so it stays (RFC 8842 section 5.5). */
  settle(own: readonly OwnContent[]): void {
    for (const { key, element: content } of own) {
      const entry = this.#entries.find((each) => sameKey(each.key, key));
      const setup = setupOf(content);
      if (entry !== undefined && setup === 'active') entry.setup = 'passive';
      if (entry !== undefined && setup === 'passive') entry.setup = 'active';
    }
  }

  /** What the far side says of contents: its own new ones, or ours that it accepts. */
  learn(contents: readonly JingleContent[], groups: readonly XmlElement[]): void {
    if (groups.length > 0) this.#groups = groups;
    for (const content of contents) {
      const entry = this.#entries.find(({ key }) => sameKey(key, content));
      if (entry === undefined) {
        const { creator, name, senders } = content;
        const mid = this.#freeMid(content);
        const wanted = senders ?? 'both';
        this.#entries.push({ mid, key: { creator, name }, remote: content, senders: wanted, wanted });
        continue;
      }
      entry.remote = {
        ...content,
        description: content.description ?? entry.remote?.description,
        transport: content.transport ?? entry.remote?.transport,
      };
      entry.senders = content.senders ?? entry.senders;
      entry.wanted = content.senders ?? entry.wanted;
    }
  }

  forget(key: ContentKey): void {
    this.#entries = this.#entries.filter((entry) => !sameKey(entry.key, key));
  }

  /** A new generation of the far side's credentials; contents that shared the old ones share the new (RFC 9143 section 7). */
  restart(key: ContentKey, ufrag: string, pwd: string): void {
    const old = this.#entries.find((entry) => sameKey(entry.key, key))?.remote?.transport?.attrs.ufrag;
    for (const entry of this.#entries) {
      const { remote } = entry;
      const transport = remote?.transport;
      if (remote === undefined || transport === undefined) continue;
      if (!sameKey(entry.key, key) && transport.attrs.ufrag !== old) continue;
      const children = transport.children.filter(
        (child) => typeof child === 'string' || !/^(?:candidate|gathering-complete)$/.test(child.name),
      );
      const attrs = { ...transport.attrs, ufrag, pwd };
      entry.remote = { ...remote, transport: { ...transport, attrs, children } };
    }
  }

  /** The far side's contents as a description. @throws SdpError */
  describe(type: 'offer' | 'answer', template: LazyDescription | undefined): JingleDescription {
    const contents = this.#entries.flatMap(({ mid, remote, senders, wanted, setup }) => {
      if (remote === undefined) return [];
      const content = { ...remote, senders: this.#effective(type === 'offer' ? wanted : senders) };
      // What the far side said last of it was an offer: as an answer it says less.
      if (type === 'offer' || setup === undefined) return [content];
      const { description, transport } = content;
      const within =
        description === undefined || template === undefined
          ? description
          : withinOffer(description, template, mid);
      return [{ ...content, description: within, transport: transport && withSetup(transport, setup) }];
    });
    this.#version++;
    return toDescription(contents, this.#bundles(), {
      type,
      role: otherRole(this.#role),
      midOf: (content) => this.midOf(content),
      sessionId: this.#sessionId,
      sessionVersion: this.#version,
      ...(template === undefined ? {} : { template }),
    });
  }

  /** On hold the far side takes nothing, whoever may send besides. */
  #effective(senders: Senders): Senders {
    if (!this.isHeld) return senders;
    const theirs = otherRole(this.#role);
    return fromSenders(senders, theirs) === 'sendrecv' || senders === theirs ? theirs : 'none';
  }

  /** The far side's groups; one that takes a content on a bundled transport says nothing more of the group. */
  #bundles(): readonly XmlElement[] {
    return this.#groups.map((group) => {
      if (group.attrs.semantics !== 'BUNDLE') return group;
      const names = childrenOf(group, 'content').map(({ attrs }) => attrs.name);
      const first = this.#entries.find(({ key }) => key.name === names[0])?.remote?.transport?.attrs.ufrag;
      if (first === undefined) return group;
      const more = this.#entries.filter(
        ({ key, remote }) => remote?.transport?.attrs.ufrag === first && !names.includes(key.name),
      );
      const added = more.map(({ key }) => element(NS.grouping, 'content', { name: key.name }));
      return { ...group, children: [...group.children, ...added] };
    });
  }

  #freeMid({ name, creator }: ContentKey): string {
    if (/^[\w!#$%&'*+\-.^`{|}~]{1,64}$/.test(name) && !this.has(name)) return name;
    const start = creator === 'initiator' ? 'i' : 'r';
    let number = this.#entries.length;
    while (this.has(`${start}${number}`)) number++;
    return `${start}${number}`;
  }
}

/** Digits for o= that follow from the session's identifier (RFC 8866 section 5.2). */
function sessionIdOf(sid: string): string {
  let hash = 7;
  for (let at = 0; at < sid.length; at++) hash = (hash * 31 + sid.charCodeAt(at)) % 9_007_199_254_740_000;
  return String(hash);
}

function setupOf(content: XmlElement): string | undefined {
  const transport = elementsOf(content).find(({ name }) => name === 'transport');
  return transport && childOf(transport, 'fingerprint', NS.dtls)?.attrs.setup;
}

/** A transport that was offered (`actpass`), as its side would answer with it. */
function withSetup(transport: XmlElement, setup: 'active' | 'passive'): XmlElement {
  const children = transport.children.map((child) =>
    isNamed(child, 'fingerprint', NS.dtls) && child.attrs.setup === 'actpass'
      ? { ...child, attrs: { ...child.attrs, setup } }
      : child,
  );
  return { ...transport, children };
}
