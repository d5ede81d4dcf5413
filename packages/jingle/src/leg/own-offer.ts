import type { LazyDescription } from '@crosspoint/sdp';
import type { ContentKey } from '../description/to-contents.ts';
import { NS } from '../namespaces.ts';
import type { OwnAction } from '../session/step.ts';
import { writeSessionInfo } from '../stanza/session-info.ts';
import { childOf, element } from '../xml/element.ts';
import { bareContent, type ChangePlan, planChange } from './change-plan.ts';
import type { JingleClock } from './clock.ts';
import type { LegParts } from './leg-parts.ts';

const CONCERNED: ReadonlySet<string> = new Set(['content-add', 'content-modify', 'content-remove']);

/** A later offer of ours: one description that becomes several actions, and their answers that become one. */
export class OwnOffer {
  readonly #parts: LegParts;
  readonly #clock: JingleClock;
  readonly #restartMs: number;
  #offer: LazyDescription | undefined;
  #acks = 0;
  #isHold = false;
  readonly #added = new Set<string>();
  readonly #restarted = new Set<string>();
  #timer: unknown;

  constructor(parts: LegParts, clock: JingleClock, restartMs: number) {
    this.#parts = parts;
    this.#clock = clock;
    this.#restartMs = restartMs;
  }

  get isOut(): boolean {
    return this.#offer !== undefined;
  }

  /** It holds or resumes, which the far side is told by an information, too. */
  get isHold(): boolean {
    return this.isOut && this.#isHold;
  }

  send(description: LazyDescription): void {
    const { own, call, book, role, contents, learnOwn } = this.#parts;
    const before = own();
    const session = call();
    if (before === undefined || session === undefined) return;
    const after = contents(description);
    const plan = planChange(before, after, role);
    learnOwn(after);
    this.#offer = description;
    this.#acks = 0;
    this.#isHold = plan.hold !== undefined;
    const groups = after.groups;
    if (plan.removed.length > 0) {
      this.#counted(
        session.act('content-remove', { contents: plan.removed.map((each) => bareContent(each)) }),
      );
      for (const { key } of plan.removed) book.forget(key);
    }
    if (plan.added.length > 0) {
      for (const { mid, key, senders } of plan.added) {
        book.addOwn(mid, key, senders);
        this.#added.add(keyText(key));
      }
      session.act('content-add', { contents: plan.added.map((each) => each.element), groups });
    }
    this.#changes(plan);
    this.#settle();
  }

  #changes(plan: ChangePlan): void {
    const session = this.#parts.call()!;
    const { book } = this.#parts;
    if (plan.modified.length > 0) {
      for (const { key, senders } of plan.modified) book.setSenders(key, senders);
      const contents = plan.modified.map((each) => bareContent(each, undefined, true));
      this.#counted(session.act('content-modify', { contents }));
    }
    if (plan.hold !== undefined) session.act('session-info', { payload: [writeSessionInfo(plan.hold)] });
    if (plan.described.length > 0) {
      const contents = plan.described.map((each) =>
        bareContent(each, childOf(each.element, 'description', NS.rtp)),
      );
      session.act('description-info', { contents });
    }
    if (plan.restarted.length === 0) return;
    const contents = plan.restarted.map((each) =>
      bareContent(each, childOf(each.element, 'transport', NS.iceUdp) ?? element(NS.iceUdp, 'transport')),
    );
    for (const { key } of plan.restarted) this.#restarted.add(keyText(key));
    session.act('transport-info', { contents });
    this.#timer = this.#clock.after(this.#restartMs, () =>
      this.lose('not-acceptable', 'the far side did not restart ICE'),
    );
  }

  /** Whether an action that failed was part of this offer. */
  concerns({ action }: OwnAction): boolean {
    return this.isOut && (CONCERNED.has(action) || (action === 'transport-info' && this.#restarted.size > 0));
  }

  acknowledged({ action }: OwnAction): void {
    if (!this.isOut || (action !== 'content-modify' && action !== 'content-remove')) return;
    this.#acks--;
    this.#settle();
  }

  /** The far side accepted or rejected contents of ours. */
  answered(keys: readonly ContentKey[]): void {
    for (const key of keys) this.#added.delete(keyText(key));
    this.#settle();
  }

  /** The far side's new generation: true where it answers ours. Contents on one transport restart together. */
  restarted(key: ContentKey): boolean {
    if (!this.#restarted.has(keyText(key))) return false;
    const ufragOf = (each: string): string | undefined => {
      const mid = this.#parts.own()?.contents.find((content) => keyText(content.key) === each)?.mid;
      return mid === undefined ? undefined : this.#parts.book.ufragOf(mid);
    };
    const fresh = ufragOf(keyText(key));
    for (const each of [...this.#restarted]) if (ufragOf(each) === fresh) this.#restarted.delete(each);
    this.#settle();
    return true;
  }

  /** It did not come to an answer. */
  lose(why: 'glare' | 'not-acceptable', text: string | undefined): void {
    if (!this.isOut) return;
    this.stop();
    this.#parts.tell(text === undefined ? { type: 'refuse', why } : { type: 'refuse', why, text });
    this.#parts.idle();
  }

  stop(): void {
    this.#offer = undefined;
    this.#added.clear();
    this.#restarted.clear();
    this.#clock.cancel(this.#timer);
  }

  #counted(isOut: boolean): void {
    if (isOut) this.#acks++;
  }

  #settle(): void {
    const offer = this.#offer;
    if (offer === undefined || this.#acks > 0 || this.#added.size > 0 || this.#restarted.size > 0) return;
    this.stop();
    this.#parts.tell({ type: 'answer', description: this.#parts.describe('answer', offer) });
    this.#parts.idle();
  }
}

function keyText({ creator, name }: ContentKey): string {
  return `${creator} ${name}`;
}
