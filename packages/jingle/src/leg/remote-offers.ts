import type { LazyDescription } from '@crosspoint/sdp';
import type { Senders } from '../description/senders.ts';
import type { ContentKey } from '../description/to-contents.ts';
import { NS } from '../namespaces.ts';
import type { JingleContent } from '../stanza/jingle-content.ts';
import type { JingleStanza } from '../stanza/jingle-stanza.ts';
import { childOf, childrenOf, element } from '../xml/element.ts';
import { bareContent, type OwnContent, type OwnContents } from './change-plan.ts';
import type { LegParts } from './leg-parts.ts';

interface Change {
  readonly kind: 'add' | 'remove' | 'modify' | 'replace' | 'restart' | 'hold' | 'describe';
  readonly keys: readonly ContentKey[];
  /** Who sent before, of a modification that may be taken back. */
  readonly before?: readonly Senders[];
  /** Puts the change into the book, once its turn has come. */
  readonly apply: () => void;
}

/** The far side's later actions: each is an offer to the hub, one after another, and its answer the action that fits. */
export class RemoteOffers {
  readonly #parts: LegParts;
  readonly #mayTell: () => boolean;
  readonly #queue: Change[] = [];
  #asking: Change | undefined;
  #template: LazyDescription | undefined;

  constructor(parts: LegParts, mayTell: () => boolean) {
    this.#parts = parts;
    this.#mayTell = mayTell;
  }

  /** The description whose order of m-sections later offers keep. */
  follow(description: LazyDescription): void {
    this.#template = description;
  }

  take({ action, contents, groups }: JingleStanza): void {
    const { book } = this.#parts;
    const keys: readonly JingleContent[] = contents;
    switch (action) {
      case 'content-add':
        return this.#add({ kind: 'add', keys, apply: () => book.learn(contents, groups) });
      case 'content-remove': {
        const apply = () => {
          for (const each of contents) book.forget(each);
        };
        return this.#add({ kind: 'remove', keys, apply });
      }
      case 'content-modify': {
        const before = contents.map((each) => book.sendersOf(each) ?? 'both');
        const apply = () => {
          for (const each of contents) book.setWanted(each, each.senders ?? 'both');
        };
        return this.#add({ kind: 'modify', keys, before, apply });
      }
      case 'transport-replace':
        return this.#add({ kind: 'replace', keys, apply: () => book.learn(contents, groups) });
      case 'description-info': {
        // Hints such as a picture's size change no description; one with payload types is a new one.
        const whole = contents.filter(
          ({ description }) =>
            description !== undefined && childrenOf(description, 'payload-type').length > 0,
        );
        if (whole.length > 0) this.#add({ kind: 'describe', keys, apply: () => book.learn(whole, groups) });
        return;
      }
      default:
    }
  }

  /** The far side began a new ICE generation. */
  restarted(key: ContentKey): void {
    const isKnown = [this.#asking, ...this.#queue].some((change) => change?.kind === 'restart');
    if (!isKnown) this.#add({ kind: 'restart', keys: [key], apply: () => {} });
  }

  hold(isHeld: boolean): void {
    const { book } = this.#parts;
    this.#add({
      kind: 'hold',
      keys: [],
      apply: () => {
        book.isHeld = isHeld;
      },
    });
  }

  answer(description: LazyDescription): void {
    const change = this.#asking;
    if (change === undefined) return;
    this.#asking = undefined;
    const { contents, learnOwn, own } = this.#parts;
    const before = own();
    const after = contents(description);
    learnOwn(after);
    this.#template = description;
    if (change.kind === 'add') this.#answerAdd(change, after);
    else if (change.kind === 'replace') this.#transports('transport-accept', change, after);
    else if (change.kind === 'restart') this.#answerRestart(before, after);
    this.#settleSenders(after);
    this.next();
  }

  /** Who sends is of both sides: an answer that wants less than was offered, or more than before, is told (XEP-0166 section 7.2.3). */
  #settleSenders({ contents }: OwnContents): void {
    const { book, call } = this.#parts;
    if (book.isHeld) return;
    const moved = contents.filter(
      ({ key, senders, element: content }) =>
        childOf(content, 'description', NS.rtp) !== undefined && book.sendersOf(key) !== senders,
    );
    if (moved.length === 0) return;
    for (const { key, senders } of moved) book.setSenders(key, senders);
    call()?.act('content-modify', { contents: moved.map((each) => bareContent(each, undefined, true)) });
  }

  refuse(why: 'glare' | 'not-acceptable'): void {
    const change = this.#asking;
    if (change === undefined) return;
    this.#asking = undefined;
    const call = this.#parts.call();
    const contents = change.keys.map((key) => bareContent({ key, senders: 'both' }));
    if (change.kind === 'add') {
      call?.act('content-reject', { contents });
      for (const key of change.keys) this.#parts.book.forget(key);
    } else if (change.kind === 'replace') {
      call?.act('transport-reject', {
        contents: change.keys.map((key) => bareContent({ key, senders: 'both' }, EMPTY_TRANSPORT)),
      });
    } else if (change.kind === 'modify' && why === 'not-acceptable') {
      // A contrary modification says that the change is not taken (XEP-0166 section 7.2.3).
      const back = change.keys.map((key, at) =>
        bareContent({ key, senders: change.before![at]! }, undefined, true),
      );
      call?.act('content-modify', { contents: back });
      for (const [at, key] of change.keys.entries()) this.#parts.book.setWanted(key, change.before![at]!);
    }
    this.next();
  }

  /** The next change is told, once nothing else is out. */
  next(): void {
    if (this.#asking !== undefined || !this.#mayTell() || this.#parts.call()?.isOver !== false) return;
    const change = this.#queue.shift();
    if (change === undefined) return;
    this.#asking = change;
    change.apply();
    const description = this.#parts.describe('offer', this.#template);
    this.#template = description;
    this.#parts.tell({ type: 'offer', description });
  }

  #add(change: Change): void {
    this.#queue.push(change);
    this.next();
  }

  #answerAdd(change: Change, after: OwnContents): void {
    const { call, book } = this.#parts;
    const taken = after.contents.filter((content) => change.keys.some((key) => isSame(key, content.key)));
    const refused = change.keys.filter((key) => !taken.some((content) => isSame(key, content.key)));
    if (taken.length > 0)
      call()?.act('content-accept', { contents: taken.map((each) => each.element), groups: after.groups });
    if (refused.length === 0) return;
    call()?.act('content-reject', { contents: refused.map((key) => bareContent({ key, senders: 'both' })) });
    for (const key of refused) book.forget(key);
  }

  #transports(
    action: 'transport-accept' | 'transport-info',
    change: Pick<Change, 'keys'>,
    after: OwnContents,
  ): void {
    const contents = after.contents
      .filter((content) => change.keys.some((key) => isSame(key, content.key)))
      .map((content) => bareContent(content, transportOf(content)));
    if (contents.length > 0) this.#parts.call()?.act(action, { contents });
  }

  #answerRestart(before: OwnContents | undefined, after: OwnContents): void {
    const fresh = after.contents.filter(({ mid, ice }) => {
      const old = before?.contents.find((content) => content.mid === mid);
      return ice !== undefined && old?.ice?.ufrag !== ice.ufrag;
    });
    this.#transports('transport-info', { keys: fresh.map(({ key }) => key) }, after);
  }
}

const EMPTY_TRANSPORT = element(NS.iceUdp, 'transport');

function transportOf({ element: content }: OwnContent) {
  return childOf(content, 'transport', NS.iceUdp) ?? EMPTY_TRANSPORT;
}

function isSame(a: ContentKey, b: ContentKey): boolean {
  return a.creator === b.creator && a.name === b.name;
}
