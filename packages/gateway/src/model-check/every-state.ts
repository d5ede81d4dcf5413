import type { Signal } from '@crosspoint/signaling';
import type { CallEffect, CallInput, CallStep } from '../call-effect.ts';
import { type CallState, initialCall } from '../call-state.ts';
import { otherSide, SIDES, type Side } from '../side.ts';

export type StepFunction = (state: CallState, input: CallInput) => CallStep;

export interface EveryStateResult {
  /** States of the call, told apart by what the call itself knows. */
  readonly states: readonly CallState[];
  readonly transitions: number;
  /** The first thing that is wrong, with the inputs that lead to it. */
  readonly violation: string | undefined;
}

/** What an onlooker knows of a call from its effects alone. */
interface Watched {
  readonly overs: number;
  readonly clockRuns: boolean;
  readonly told: readonly Side[];
  /** Whose offer was sent on and has not been settled, and how many of its offers were replaced. */
  readonly open: Side | undefined;
  readonly replaced: number;
  readonly accepted: boolean;
  readonly rung: boolean;
  readonly begun: boolean;
}

const UNWATCHED: Watched = {
  overs: 0,
  clockRuns: false,
  told: [],
  open: undefined,
  replaced: 0,
  accepted: false,
  rung: false,
  begun: false,
};

/** Replacing may go on for ever; what three do, two have done. */
const MOST_REPLACED = 2;

// The hub never looks into a description.
const DESCRIPTION = Object.freeze({}) as Extract<Signal, { type: 'offer' }>['description'];

/** One of each signal, and an end of each kind that the call tells apart. */
export const SIGNALS: readonly Signal[] = [
  { type: 'offer', description: DESCRIPTION },
  { type: 'answer', description: DESCRIPTION },
  { type: 'refuse', why: 'not-acceptable' },
  { type: 'ask-offer' },
  { type: 'candidates', candidates: [] },
  { type: 'ringing' },
  { type: 'accepted' },
  { type: 'dtmf', digits: '5', durationMs: 100 },
  { type: 'transfer', target: 'carol' },
  { type: 'transferred' },
  { type: 'end', reason: { code: 'normal', text: 'bye' } },
  { type: 'end', reason: { code: 'answered-elsewhere' } },
];

export const EVERY_INPUT: readonly CallInput[] = [
  ...SIDES.flatMap((from) => SIGNALS.map((signal): CallInput => ({ kind: 'signal', from, signal }))),
  { kind: 'timer', timer: 'no-answer' },
  ...SIDES.map((side): CallInput => ({ kind: 'lost', side })),
  { kind: 'end', reason: { code: 'protocol-error' } },
];

/** Which inputs lead where: one line for a person. */
export function nameInput(input: CallInput): string {
  if (input.kind === 'signal') {
    const code = input.signal.type === 'end' ? ` ${input.signal.reason.code}` : '';
    return `${input.from} ${input.signal.type}${code}`;
  }
  return input.kind === 'lost'
    ? `${input.side} lost`
    : input.kind === 'timer'
      ? 'no-answer clock'
      : 'host end';
}

function sends(effects: readonly CallEffect[]): readonly Extract<CallEffect, { kind: 'send' }>[] {
  return effects.filter((effect) => effect.kind === 'send');
}

/** Whom an end by this input has to reach. */
function mustBeTold(input: CallInput): readonly Side[] {
  if (input.kind === 'signal') return [otherSide(input.from)];
  return input.kind === 'lost' ? [otherSide(input.side)] : SIDES;
}

function endsCall(watched: Watched, input: CallInput): boolean {
  if (watched.overs > 0) return false;
  if (input.kind === 'timer') return watched.clockRuns;
  return input.kind !== 'signal' || input.signal.type === 'end';
}

/** Whether the rules, told without the call's own tables, let this signal through. */
function mustPass(watched: Watched, from: Side, signal: Signal): boolean {
  if (watched.overs > 0) return false;
  if (signal.type === 'end') return true;
  if (!watched.begun) return (signal.type === 'offer' || signal.type === 'ask-offer') && from === 'caller';
  switch (signal.type) {
    case 'offer':
      return from === 'caller' || watched.open !== 'caller';
    case 'answer':
    case 'refuse':
      return watched.open === otherSide(from) && watched.replaced === 0;
    case 'ask-offer':
    case 'candidates':
      return true;
    case 'ringing':
      return from === 'callee' && !watched.accepted && !watched.rung;
    case 'accepted':
      return from === 'callee' && !watched.accepted;
    case 'dtmf':
    case 'transfer':
    case 'transferred':
      return watched.accepted;
  }
}

function mayBeSilent(watched: Watched, from: Side, signal: Signal): boolean {
  if (signal.type === 'end' || signal.type === 'transferred') return watched.overs > 0;
  return (
    signal.type === 'ringing' && from === 'callee' && watched.rung && !watched.accepted && watched.overs === 0
  );
}

function watch(watched: Watched, input: CallInput, effects: readonly CallEffect[]): Watched {
  let { overs, clockRuns, told, open, replaced, accepted, rung, begun } = watched;
  for (const effect of effects) {
    if (effect.kind === 'over') overs += 1;
    else if (effect.kind === 'start-timer') clockRuns = true;
    else if (effect.kind === 'stop-timer') clockRuns = false;
    else if (effect.kind === 'send') {
      const { to, signal } = effect;
      if (signal.type === 'end') told = [...told, to].sort();
      if (signal.type === 'accepted') accepted = true;
      if (signal.type === 'ringing') rung = true;
      if (signal.type === 'answer' || signal.type === 'refuse') open = undefined;
      if (signal.type === 'offer') {
        replaced = open === otherSide(to) ? replaced + 1 : 0;
        open = otherSide(to);
      }
      if (signal.type === 'offer' || signal.type === 'ask-offer') begun = true;
    }
  }
  const settles =
    input.kind === 'signal' && (input.signal.type === 'answer' || input.signal.type === 'refuse');
  if (settles && watched.replaced > 0 && watched.open === otherSide(input.from)) replaced -= 1;
  return { overs, clockRuns, told, open, replaced, accepted, rung, begun };
}

function judge(before: Watched, after: Watched, input: CallInput, step: CallStep): string | undefined {
  const { state, effects } = step;
  const sent = sends(effects);
  const glare =
    before.overs === 0 &&
    input.kind === 'signal' &&
    input.signal.type === 'offer' &&
    before.open === otherSide(input.from);
  if (after.overs > 1) return 'over more than once';
  if (endsCall(before, input) !== after.overs > before.overs)
    return 'over where the call goes on, or not over';
  if ((state.phase === 'ended') !== after.overs > 0) return 'phase and over disagree';
  if (before.overs > 0 && sent.length > 0) return 'something was sent after the end';
  if (endsCall(before, input) && after.told.join() !== [...mustBeTold(input)].sort().join()) {
    return `told of the end: ${after.told.join() || 'nobody'}`;
  }
  if (effects.filter((effect) => effect.kind === 'start-timer').length > 0 && before.begun) {
    return 'the clock started again';
  }
  if (effects.some((effect) => effect.kind === 'stop-timer') && !before.clockRuns)
    return 'a stopped clock stopped';
  const waits = after.begun && !after.accepted && after.overs === 0;
  if (after.clockRuns !== waits) return waits ? 'no clock runs' : 'the clock leaks';
  if (effects.some((effect) => effect.kind === 'start-timer' && effect.ms !== state.noAnswerMs)) {
    return 'the clock runs for another time than asked';
  }
  if (input.kind === 'signal') {
    const { from, signal } = input;
    const passes = mustPass(before, from, signal);
    if (sent.some((one) => one.to === from)) return 'a signal went back to where it came from';
    if (passes !== (sent.length === 1)) return passes ? 'not sent on' : 'sent on';
    const found = effects.some((effect) => effect.kind === 'finding');
    if (!passes && !found && !mayBeSilent(before, from, signal)) return 'dropped without a finding';
    if (!passes && found && mayBeSilent(before, from, signal)) return 'a finding for a harmless double';
    if (passes && found !== (signal.type === 'offer' && before.open !== undefined)) {
      return 'a finding for what is allowed, or none for a second offer';
    }
    if (glare && !effects.some((effect) => effect.kind === 'finding' && effect.code === 'glare')) {
      return 'glare without its finding';
    }
    const cancels = signal.type === 'end' && from === 'caller' && !before.accepted;
    const passed = sent[0]?.signal;
    if (passed !== undefined && passed !== signal && !cancels) return 'a signal was changed on its way';
    if (cancels && passed?.type === 'end') {
      const expected = signal.reason.code === 'answered-elsewhere' ? 'answered-elsewhere' : 'cancelled';
      if (passed.reason.code !== expected) return `a cancel became ${passed.reason.code}`;
    }
  }
  const answered = sent.some((one) => one.signal.type === 'answer');
  if (answered && waits && input.kind === 'signal' && input.from === 'callee' && state.phase !== 'early') {
    return 'an early answer without the early phase';
  }
  if (after.accepted && after.overs === 0 && state.phase !== 'established')
    return 'accepted and not established';
  return undefined;
}

/** Drives every input into every state that can be reached and judges each step by what can be seen from outside. */
export function checkEveryState(step: StepFunction): EveryStateResult {
  const first = { state: Object.freeze(initialCall()), watched: UNWATCHED, path: '' };
  const queue = [first];
  const seen = new Set([JSON.stringify([first.state, first.watched])]);
  const states = new Map([[JSON.stringify(first.state), first.state]]);
  let transitions = 0;
  for (let at = queue.shift(); at !== undefined; at = queue.shift()) {
    for (const input of EVERY_INPUT) {
      const taken = step(at.state, input);
      transitions += 1;
      const path = at.path === '' ? nameInput(input) : `${at.path} > ${nameInput(input)}`;
      const watched = watch(at.watched, input, taken.effects);
      const again = step(at.state, input);
      const violation =
        judge(at.watched, watched, input, taken) ??
        (JSON.stringify(again) === JSON.stringify(taken) ? undefined : 'the same step gave something else');
      if (violation !== undefined)
        return { states: [...states.values()], transitions, violation: `${violation}: ${path}` };
      if (taken.state.replaced > MOST_REPLACED || watched.replaced > MOST_REPLACED) continue;
      const key = JSON.stringify([taken.state, watched]);
      if (seen.has(key)) continue;
      seen.add(key);
      const state = Object.freeze(taken.state);
      states.set(JSON.stringify(state), state);
      queue.push({ state, watched, path });
    }
  }
  return { states: [...states.values()], transitions, violation: undefined };
}
