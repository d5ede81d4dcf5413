import type { CallEffect, CallInput, CallStep } from '../call-effect.ts';
import type { CallState } from '../call-state.ts';
import { otherSide } from '../side.ts';
import { step } from '../step.ts';
import type { StepFunction } from './every-state.ts';

type SignalInput = Extract<CallInput, { kind: 'signal' }>;

/** A step that is right but for `spoil`, which gives what is wrong or undefined where it is right. */
function spoilt(
  spoil: (taken: CallStep, state: CallState, input: CallInput) => CallStep | undefined,
): StepFunction {
  return (state, input) => {
    const taken = step(state, input);
    return spoil(taken, state, input) ?? taken;
  };
}

function spoiltAt(
  type: SignalInput['signal']['type'],
  spoil: (taken: CallStep, state: CallState, input: SignalInput) => CallStep | undefined,
): StepFunction {
  return spoilt((taken, state, input) =>
    input.kind === 'signal' && input.signal.type === type ? spoil(taken, state, input) : undefined,
  );
}

function pass(state: CallState, input: SignalInput): CallStep {
  return { state, effects: [{ kind: 'send', to: otherSide(input.from), signal: input.signal }] };
}

function without(taken: CallStep, kind: CallEffect['kind']): CallStep {
  return { state: taken.state, effects: taken.effects.filter((effect) => effect.kind !== kind) };
}

function hasCode(taken: CallStep, code: string): boolean {
  return taken.effects.some((effect) => effect.kind === 'finding' && effect.code === code);
}

/** Steps that are wrong in one thing each. The check has to find every one of them. */
export const MUTANTS: Readonly<Record<string, StepFunction>> = {
  'glare is not handled: the last offer wins': spoiltAt('offer', (taken, state, input) =>
    hasCode(taken, 'glare') ? pass({ ...state, outstanding: input.from }, input) : undefined,
  ),
  "the callee's offer wins glare": spoiltAt('offer', (taken, state, input) => {
    if (!hasCode(taken, 'glare')) return undefined;
    const finding: CallEffect = { kind: 'finding', code: 'glare', words: '', from: input.from };
    if (input.from === 'caller') return { state, effects: [finding] };
    const passed = pass({ ...state, outstanding: 'callee', replaced: 0 }, input);
    return { state: passed.state, effects: [...passed.effects, finding] };
  }),
  'both offers of glare are dropped': spoiltAt('offer', (taken, state) =>
    hasCode(taken, 'glare')
      ? { state: { ...state, outstanding: undefined }, effects: taken.effects.slice(-1) }
      : undefined,
  ),
  "the caller's offer in glare is sent on, but the callee's stays outstanding": spoiltAt(
    'offer',
    (taken, state, input) =>
      hasCode(taken, 'glare') && input.from === 'caller' ? { state, effects: taken.effects } : undefined,
  ),
  'glare is not recorded': spoiltAt('offer', (taken) =>
    hasCode(taken, 'glare') ? without(taken, 'finding') : undefined,
  ),
  'who is asked for an offer is not told': spoiltAt('ask-offer', (taken) => without(taken, 'send')),
  'a call without an offer runs without a clock': spoiltAt('ask-offer', (taken) =>
    without(taken, 'start-timer'),
  ),
  'an end is not sent on': spoiltAt('end', (taken) => without(taken, 'send')),
  'an end goes back to who ended': spoiltAt('end', (taken, state, input) =>
    state.phase === 'ended'
      ? undefined
      : {
          state: taken.state,
          effects: [{ kind: 'send', to: input.from, signal: input.signal }, ...taken.effects],
        },
  ),
  'the second end is over again': spoiltAt('end', (taken, state, input) =>
    state.phase === 'ended'
      ? {
          state: taken.state,
          effects: [
            { kind: 'over', reason: input.signal.type === 'end' ? input.signal.reason : { code: 'normal' } },
          ],
        }
      : undefined,
  ),
  'an end is never over': spoiltAt('end', (taken) => without(taken, 'over')),
  'a cancel keeps the reason of a hang-up': spoiltAt('end', (taken, state, input) =>
    state.phase !== 'ended' && input.from === 'caller'
      ? {
          state: taken.state,
          effects: taken.effects.map((effect) =>
            effect.kind === 'send' ? { ...effect, signal: input.signal } : effect,
          ),
        }
      : undefined,
  ),
  'the clock runs on after accepted': spoiltAt('accepted', (taken) => without(taken, 'stop-timer')),
  'the clock runs on after the end': spoiltAt('end', (taken) => without(taken, 'stop-timer')),
  'the clock never starts': spoilt((taken) => without(taken, 'start-timer')),
  'the clock starts with every offer': spoiltAt('offer', (taken, state) => ({
    state: taken.state,
    effects: [
      ...without(taken, 'start-timer').effects,
      { kind: 'start-timer', timer: 'no-answer', ms: state.noAnswerMs },
    ],
  })),
  'no-answer is told to the caller only': spoilt((taken, _state, input) =>
    input.kind === 'timer'
      ? {
          state: taken.state,
          effects: taken.effects.filter((one) => one.kind !== 'send' || one.to === 'caller'),
        }
      : undefined,
  ),
  'a late clock ends an established call': spoilt((_taken, state, input) =>
    input.kind === 'timer' && state.phase === 'established'
      ? step(state, { kind: 'end', reason: { code: 'no-answer' } })
      : undefined,
  ),
  'a lost side is told of its loss': spoilt((_taken, state, input) =>
    input.kind === 'lost' ? step(state, { kind: 'end', reason: { code: 'unavailable' } }) : undefined,
  ),
  'a loss is kept from the other side': spoilt((taken, _state, input) =>
    input.kind === 'lost' ? without(taken, 'send') : undefined,
  ),
  'answers nobody asked for are sent on': spoiltAt('answer', (taken, state, input) =>
    hasCode(taken, 'no-offer') ? pass(state, input) : undefined,
  ),
  'the answer to a replaced offer is sent on': spoiltAt('answer', (taken, state, input) =>
    hasCode(taken, 'stale-answer')
      ? pass({ ...state, outstanding: undefined, replaced: 0 }, input)
      : undefined,
  ),
  'an answer leaves its offer outstanding': spoiltAt('answer', (taken, state) => ({
    state: { ...taken.state, outstanding: state.outstanding },
    effects: taken.effects,
  })),
  'a refusal leaves its offer outstanding': spoiltAt('refuse', (taken, state) => ({
    state: { ...taken.state, outstanding: state.outstanding },
    effects: taken.effects,
  })),
  'an early answer does not make the phase early': spoiltAt('answer', (taken, state) => ({
    state: { ...taken.state, phase: state.phase },
    effects: taken.effects,
  })),
  'accepted forgets the offer not yet answered': spoiltAt('accepted', (taken) => ({
    state: { ...taken.state, outstanding: undefined },
    effects: taken.effects,
  })),
  'signals after the end are sent on': spoilt((taken, state, input) =>
    input.kind === 'signal' && hasCode(taken, 'late-signal') ? pass(state, input) : undefined,
  ),
  'signals after the end are not recorded': spoilt((taken) =>
    hasCode(taken, 'late-signal') ? without(taken, 'finding') : undefined,
  ),
  'every ringing is sent on': spoiltAt('ringing', (taken, state, input) =>
    state.rung && taken.effects.length === 0 ? pass(state, input) : undefined,
  ),
  "the callee's candidates wait for its answer": spoiltAt('candidates', (taken, state, input) =>
    input.from === 'callee' && (state.phase === 'offered' || state.phase === 'ringing')
      ? without(taken, 'send')
      : undefined,
  ),
  'tones are let through before accepted': spoiltAt('dtmf', (_taken, state, input) =>
    state.phase === 'early' ? pass(state, input) : undefined,
  ),
  'the caller may accept its own call': spoiltAt('accepted', (taken, state, input) =>
    hasCode(taken, 'wrong-side') ? step(state, { ...input, from: 'callee' }) : undefined,
  ),
};
