import type { Signal } from '@crosspoint/signaling';
import type { CallState } from '../call-state.ts';
import { initialCall } from '../call-state.ts';
import { otherSide, SIDES, type Side } from '../side.ts';
import type { StepFunction } from './every-state.ts';

/**
 * Two pages that negotiate as "perfect negotiation" has it, the call between them, and four channels in which signals
 * are under way for any time. A world is a plain value; `moves` are all things that can happen next in it.
 *
 * A page "changes" something (adds a track, restarts ICE) and must offer it; a change is in effect on a page once an
 * exchange that carries it is complete there.
 */
export interface Page {
  readonly signaling: 'stable' | 'have-local-offer';
  /** The offer that is out, by number; 0 for none. */
  readonly offer: number;
  readonly offered: readonly string[];
  /** Offers got and not yet answered: a person has to pick up first. */
  readonly unanswered: readonly Offer[];
  readonly wanted: readonly string[];
  readonly inEffect: readonly string[];
  /** It asked for the other's offer, and has not got one since. */
  readonly asking: boolean;
  /** It was asked for an offer and has not made one: a person has to pick up first. */
  readonly asked: boolean;
  readonly rung: boolean;
  readonly accepted: boolean;
  readonly ended: boolean;
}

interface Offer {
  readonly id: number;
  readonly changes: readonly string[];
}

/** How much may happen in a run; each is used up. */
export interface Budget {
  readonly changes: Readonly<Record<Side, number>>;
  readonly refusals: number;
  readonly hangUps: number;
  readonly losses: number;
  readonly reoffers: number;
  /** How often a side may ask for the other's offer in the call. */
  readonly asks: number;
  /** The caller opens the call without an offer. */
  readonly late?: boolean;
}

export interface World {
  readonly call: CallState;
  readonly clockRuns: boolean;
  readonly overs: number;
  /** The last offer of each side that the call sent on, by number. */
  readonly sentOn: Readonly<Record<Side, number>>;
  readonly pages: Readonly<Record<Side, Page>>;
  /** Under way from a page to the call, and from the call to a page. */
  readonly toCall: Readonly<Record<Side, readonly Signal[]>>;
  readonly toPage: Readonly<Record<Side, readonly Signal[]>>;
  readonly left: Budget;
  readonly offersMade: number;
}

export interface Move {
  readonly name: string;
  /** Whether it happens by itself, sooner or later; the others are somebody's choice. */
  readonly certain: boolean;
  readonly make: (world: World) => World;
}

/** What must never happen did. */
export class Violation extends Error {}

const PAGE: Page = {
  signaling: 'stable',
  offer: 0,
  offered: [],
  unanswered: [],
  wanted: [],
  inEffect: [],
  asking: false,
  asked: false,
  rung: false,
  accepted: false,
  ended: false,
};

export function firstWorld(left: Budget): World {
  return {
    call: initialCall(),
    clockRuns: false,
    overs: 0,
    sentOn: { caller: 0, callee: 0 },
    pages: {
      caller: { ...PAGE, accepted: true, wanted: left.late === true ? [] : ['call'] },
      callee: PAGE,
    },
    toCall: { caller: [], callee: [] },
    toPage: { caller: [], callee: [] },
    left,
    offersMade: 0,
  };
}

// The call never looks into a description: the model keeps there what it must know of offers and answers.
type Description = Extract<Signal, { type: 'offer' }>['description'];

function describe(offer: Offer): Description {
  return offer as unknown as Description;
}

function offerOf(signal: Signal): Offer {
  if (signal.type === 'refuse') return { id: Number(signal.text), changes: [] };
  if (signal.type !== 'offer' && signal.type !== 'answer') throw new Violation(`no offer in ${signal.type}`);
  return signal.description as unknown as Offer;
}

function union(a: readonly string[], b: readonly string[]): readonly string[] {
  return [...new Set([...a, ...b])].sort();
}

function withPage(world: World, side: Side, page: Partial<Page>): World {
  return { ...world, pages: { ...world.pages, [side]: { ...world.pages[side], ...page } } };
}

function say(world: World, side: Side, signal: Signal): World {
  return { ...world, toCall: { ...world.toCall, [side]: [...world.toCall[side], signal] } };
}

function spend(world: World, what: Exclude<keyof Budget, 'changes' | 'late'>): World {
  return { ...world, left: { ...world.left, [what]: world.left[what] - 1 } };
}

function makeOffer(world: World, side: Side): World {
  const page = world.pages[side];
  const offer = { id: world.offersMade + 1, changes: union(page.inEffect, page.wanted) };
  const out = withPage(world, side, {
    signaling: 'have-local-offer',
    offer: offer.id,
    offered: offer.changes,
    asked: false,
  });
  return say({ ...out, offersMade: offer.id }, side, { type: 'offer', description: describe(offer) });
}

function answer(world: World, side: Side): World {
  let next = world;
  for (const offer of world.pages[side].unanswered) {
    next = withPage(next, side, { signaling: 'stable', offer: 0, inEffect: offer.changes });
    next = say(next, side, { type: 'answer', description: describe(offer) });
  }
  return withPage(next, side, { unanswered: [] });
}

function ask(world: World, side: Side): World {
  return say(withPage(world, side, { asking: true }), side, { type: 'ask-offer' });
}

/** Takes the call: answers what was offered, or offers what was asked for. */
function pickUp(world: World, side: Side): World {
  if (!world.pages[side].asked) return answer(world, side);
  return makeOffer(withPage(world, side, { wanted: union(world.pages[side].wanted, ['call']) }), side);
}

function hangUp(world: World, side: Side): World {
  return withPage(say(world, side, { type: 'end', reason: { code: 'normal' } }), side, { ended: true });
}

function getOffer(world: World, side: Side, offer: Offer, refuses: boolean): World {
  const page = world.pages[side];
  if (page.asking) return getOffer(withPage(world, side, { asking: false }), side, offer, refuses);
  // The impolite page has its own offer out: the one that crosses it is ignored.
  if (page.signaling === 'have-local-offer' && side === 'caller') return world;
  if (refuses) {
    const rolledBack = withPage(world, side, { signaling: 'stable', offer: 0 });
    return say(rolledBack, side, { type: 'refuse', why: 'not-acceptable', text: String(offer.id) });
  }
  const got = withPage(world, side, {
    signaling: 'stable',
    offer: 0,
    unanswered: [...page.unanswered, offer],
  });
  return page.accepted || page.inEffect.length > 0 ? answer(got, side) : got;
}

function getSignal(world: World, side: Side, signal: Signal, refuses: boolean): World {
  const page = world.pages[side];
  if (page.ended) return world;
  switch (signal.type) {
    case 'offer':
      return getOffer(world, side, offerOf(signal), refuses);
    case 'ask-offer': {
      // Both ask at once: the caller's stands, as in glare.
      if (page.asking && side === 'caller') return world;
      const asked = withPage(world, side, { asked: true, asking: false });
      // Its own that is out is the one that was asked for.
      if (page.signaling !== 'stable') return world;
      return page.inEffect.length > 0 ? makeOffer(asked, side) : asked;
    }
    case 'answer':
    case 'refuse': {
      const { id } = offerOf(signal);
      if (id !== page.offer || page.signaling !== 'have-local-offer') {
        // A page that took its offer back knows that an answer may be under way to it.
        if (world.left.reoffers < 0) return world;
        throw new Violation(`the ${side} got ${signal.type} to offer ${id} and has ${page.offer} out`);
      }
      if (signal.type === 'answer') {
        return withPage(world, side, { signaling: 'stable', offer: 0, inEffect: page.offered });
      }
      const refused = page.offered.filter((change) => !page.inEffect.includes(change));
      return withPage(world, side, {
        signaling: 'stable',
        offer: 0,
        wanted: page.wanted.filter((change) => !refused.includes(change)),
      });
    }
    case 'ringing':
      if (page.rung) throw new Violation('rung twice');
      return withPage(world, side, { rung: true });
    case 'end':
      return withPage(world, side, { ended: true });
    default:
      return world;
  }
}

function carryOut(world: World, step: StepFunction, input: Parameters<StepFunction>[1]): World {
  const { state, effects } = step(world.call, input);
  const ended = world.call.phase === 'ended';
  let next: World = { ...world, call: state };
  for (const effect of effects) {
    if (effect.kind === 'send') {
      const { to, signal } = effect;
      if (ended) throw new Violation(`${signal.type} was sent to the ${to} after the end`);
      if (signal.type === 'offer') {
        next = { ...next, sentOn: { ...next.sentOn, [otherSide(to)]: offerOf(signal).id } };
      }
      if (signal.type === 'answer' && offerOf(signal).id !== next.sentOn[to]) {
        throw new Violation(`the ${to} is sent an answer to an offer that was replaced or never made`);
      }
      next = { ...next, toPage: { ...next.toPage, [to]: [...next.toPage[to], signal] } };
    } else if (effect.kind === 'over') next = { ...next, overs: next.overs + 1 };
    else if (effect.kind === 'start-timer') next = { ...next, clockRuns: true };
    else if (effect.kind === 'stop-timer') next = { ...next, clockRuns: false };
  }
  if (next.overs > 1) throw new Violation('over twice');
  return next;
}

function shifted(
  queues: Readonly<Record<Side, readonly Signal[]>>,
  side: Side,
): Readonly<Record<Side, readonly Signal[]>> {
  return { ...queues, [side]: queues[side].slice(1) };
}

function mustOffer(page: Page): boolean {
  return page.signaling === 'stable' && page.wanted.some((change) => !page.inEffect.includes(change));
}

/** Everything that can happen next. */
export function moves(world: World, step: StepFunction): readonly Move[] {
  const found: Move[] = [];
  const can = (name: string, certain: boolean, make: (world: World) => World): void => {
    found.push({ name, certain, make });
  };
  for (const side of SIDES) {
    const page = world.pages[side];
    const toCall = world.toCall[side][0];
    const toPage = world.toPage[side][0];
    if (toCall !== undefined) {
      can(`call gets ${side} ${toCall.type}`, true, (at) =>
        carryOut({ ...at, toCall: shifted(at.toCall, side) }, step, {
          kind: 'signal',
          from: side,
          signal: toCall,
        }),
      );
    }
    if (toPage !== undefined) {
      const got = { ...world, toPage: shifted(world.toPage, side) };
      can(`${side} gets ${toPage.type}`, true, () => getSignal(got, side, toPage, false));
      if (toPage.type === 'offer' && page.inEffect.length > 0 && world.left.refusals > 0 && !page.ended) {
        can(`${side} refuses`, false, () => getSignal(spend(got, 'refusals'), side, toPage, true));
      }
    }
    if (page.ended) continue;
    const reached = side === 'caller' || page.unanswered.length > 0 || page.asked || page.inEffect.length > 0;
    if (world.left.late === true && side === 'caller' && world.call.phase === 'idle' && !page.asking) {
      can('caller calls without an offer', true, (at) => ask(at, side));
    }
    if (world.left.asks > 0 && page.signaling === 'stable' && page.inEffect.length > 0 && !page.asking) {
      can(`${side} asks for an offer`, false, (at) => ask(spend(at, 'asks'), side));
    }
    if (page.unanswered.length === 0 && mustOffer(page) && !page.asking) {
      can(`${side} offers`, true, (at) => makeOffer(at, side));
    }
    if (world.left.changes[side] > 0 && page.inEffect.length > 0) {
      can(`${side} changes`, false, (at) => {
        const change = `${side}${at.left.changes[side]}`;
        const changes = { ...at.left.changes, [side]: at.left.changes[side] - 1 };
        return withPage({ ...at, left: { ...at.left, changes } }, side, {
          wanted: union(page.wanted, [change]),
        });
      });
    }
    if (page.signaling === 'have-local-offer' && world.left.reoffers > 0) {
      // From here on answers to the offer taken back are the page's own to tell apart: the budget goes below zero.
      can(`${side} offers anew`, false, (at) =>
        makeOffer({ ...at, left: { ...at.left, reoffers: -1 } }, side),
      );
    }
    if (world.left.hangUps > 0 && reached) {
      can(`${side} hangs up`, false, (at) => hangUp(spend(at, 'hangUps'), side));
    }
    if (world.left.losses > 0 && world.call.phase !== 'idle') {
      can(`${side} is lost`, false, (at) => {
        const dead = withPage(spend(at, 'losses'), side, { ended: true });
        return carryOut({ ...dead, toCall: { ...dead.toCall, [side]: [] } }, step, { kind: 'lost', side });
      });
    }
    if (side === 'callee' && reached && !page.accepted) {
      if (!page.rung) {
        can('callee rings', false, (at) =>
          say(withPage(at, side, { rung: true }), side, { type: 'ringing' }),
        );
      }
      can('callee answers early', false, (at) => pickUp(at, side));
      can('callee accepts', true, (at) =>
        say(pickUp(withPage(at, side, { accepted: true }), side), side, { type: 'accepted' }),
      );
      can('callee accepts, then answers', false, (at) =>
        pickUp(say(withPage(at, side, { accepted: true }), side, { type: 'accepted' }), side),
      );
    }
  }
  if (world.clockRuns) {
    can('the clock runs out', false, (at) =>
      carryOut({ ...at, clockRuns: false }, step, { kind: 'timer', timer: 'no-answer' }),
    );
  }
  return found;
}

/** Judges a world in which nothing happens by itself any more. */
export function judgeQuiet(world: World): void {
  const { call, pages } = world;
  const overs = call.phase === 'ended' ? 1 : 0;
  if (world.overs !== overs) throw new Violation(`over ${world.overs} times while ${call.phase}`);
  if (world.clockRuns) throw new Violation(`the clock runs while ${call.phase}`);
  for (const side of SIDES) {
    if (pages[side].ended !== (overs === 1)) {
      throw new Violation(`the call is ${call.phase}, the ${side} ${pages[side].ended ? 'ended' : 'not'}`);
    }
  }
  if (overs === 1) return;
  if (call.outstanding !== undefined)
    throw new Violation(`an offer of the ${call.outstanding} is outstanding`);
  for (const side of SIDES) {
    const page = pages[side];
    if (page.asking) throw new Violation(`the ${side} asked for an offer and got none`);
    if (page.signaling !== 'stable') throw new Violation(`the ${side} is ${page.signaling}`);
    for (const change of page.wanted) {
      for (const at of SIDES) {
        if (!pages[at].inEffect.includes(change))
          throw new Violation(`${change} is not in effect at the ${at}`);
      }
    }
  }
  if (pages.caller.inEffect.join() !== pages.callee.inEffect.join()) {
    throw new Violation('the two pages differ in what is in effect');
  }
}
