import type { EndReason, Signal } from '@crosspoint/signaling';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Finding } from './call-effect.ts';
import type { CallTimers } from './call-timers.ts';
import { type JoinOptions, joinCall } from './join-call.ts';
import { ScriptedLeg } from './scripted-leg.ts';

type Description = Extract<Signal, { type: 'offer' }>['description'];

/** The call never looks into a description, so a name is one. */
function described(name: string): Description {
  return { name } as unknown as Description;
}

const OFFER: Signal = { type: 'offer', description: described('offer') };
const ANSWER: Signal = { type: 'answer', description: described('answer') };
const RINGING: Signal = { type: 'ringing' };
const ACCEPTED: Signal = { type: 'accepted' };
const HANG_UP: Signal = { type: 'end', reason: { code: 'normal' } };

function candidates(mLineIndex: number): Signal {
  return { type: 'candidates', candidates: [{ candidate: undefined, mLineIndex }] };
}

/** What a policy owes, until it is resolved. */
function promised(): {
  readonly promise: Promise<readonly Signal[]>;
  readonly resolve: (signals: readonly Signal[]) => void;
} {
  let resolve: (signals: readonly Signal[]) => void = () => {};
  const promise = new Promise<readonly Signal[]>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

/** A clock that is wound by hand. */
class HandClock implements CallTimers<number> {
  readonly running = new Map<number, { readonly ms: number; readonly fire: () => void }>();
  #handles = 0;
  start(ms: number, fire: () => void): number {
    this.#handles += 1;
    this.running.set(this.#handles, { ms, fire });
    return this.#handles;
  }
  stop(handle: number): void {
    this.running.delete(handle);
  }
  runOut(): void {
    const all = [...this.running.values()];
    this.running.clear();
    for (const { fire } of all) fire();
  }
}

function joined(
  options: Partial<Omit<JoinOptions, 'caller' | 'callee' | 'timers'>> = {},
  before: Signal[] = [],
) {
  const caller = new ScriptedLeg('alice');
  const callee = new ScriptedLeg('bob');
  caller.before.push(...before);
  const clock = new HandClock();
  const overs: EndReason[] = [];
  const findings: Finding[] = [];
  const call = joinCall({
    caller,
    callee,
    timers: clock,
    onOver: (reason) => overs.push(reason),
    onFinding: (finding) => findings.push(finding),
    ...options,
  });
  return { caller, callee, clock, overs, findings, call };
}

describe('joinCall', () => {
  it('carries a call from offer to end', () => {
    const { caller, callee, clock, overs, findings, call } = joined({ noAnswerMs: 5_000 });
    caller.say(OFFER, candidates(0));
    expect([...clock.running.values()].map((one) => one.ms)).toEqual([5_000]);
    callee.say(RINGING, RINGING, candidates(1), ANSWER, ACCEPTED);
    expect(clock.running.size).toBe(0);
    expect(call.state().phase).toBe('established');
    caller.say({ type: 'dtmf', digits: '12#', durationMs: 100 }, HANG_UP);
    callee.say(HANG_UP);
    expect(callee.heard).toEqual(['offer', 'candidates', 'dtmf', 'end normal']);
    expect(caller.heard).toEqual(['ringing', 'candidates', 'answer', 'accepted']);
    expect(caller.told[2]).toBe(ANSWER);
    expect(overs).toEqual([{ code: 'normal' }]);
    expect(findings).toEqual([]);
  });

  it('gives both sides no-answer when the clock runs out', () => {
    const { caller, callee, clock, overs } = joined();
    caller.say(OFFER);
    clock.runOut();
    expect(caller.heard).toEqual(['end no-answer']);
    expect(callee.heard).toEqual(['offer', 'end no-answer']);
    expect(overs).toEqual([{ code: 'no-answer' }]);
  });

  it('hands over what the caller said before it was attached', () => {
    const { callee } = joined({}, [OFFER, candidates(0)]);
    expect(callee.heard).toEqual(['offer', 'candidates']);
  });

  it('tells the other side of a loss, the host of neither more than once', () => {
    const { caller, callee, overs, call } = joined();
    caller.say(OFFER);
    call.lost('caller');
    call.lost('callee');
    call.end({ code: 'normal' });
    expect(caller.told).toEqual([]);
    expect(callee.told.at(-1)).toEqual({
      type: 'end',
      reason: { code: 'unavailable', text: 'connection lost' },
    });
    expect(overs).toHaveLength(1);
  });

  it('takes in turn what a leg says while it is told', () => {
    const { caller, callee, overs } = joined();
    const order: string[] = [];
    callee.react = (signal) => {
      order.push(`callee in ${signal.type}`);
      if (signal.type === 'offer') callee.say(RINGING, ANSWER, ACCEPTED);
      order.push(`callee out ${signal.type}`);
    };
    caller.react = (signal) => {
      order.push(`caller in ${signal.type}`);
      if (signal.type === 'accepted') caller.say(HANG_UP);
      order.push(`caller out ${signal.type}`);
    };
    caller.say(OFFER);
    const told = ['callee offer', 'caller ringing', 'caller answer', 'caller accepted', 'callee end'];
    expect(order).toEqual(told.flatMap((one) => [one.replace(' ', ' in '), one.replace(' ', ' out ')]));
    expect(overs).toEqual([{ code: 'normal' }]);
  });

  it('records what a state forbids and goes on', () => {
    const { caller, callee, findings, call } = joined();
    callee.say(ANSWER);
    caller.say(OFFER, ACCEPTED);
    expect(findings.map((one) => `${one.from} ${one.code}`)).toEqual([
      'callee out-of-phase',
      'caller wrong-side',
    ]);
    expect(callee.heard).toEqual(['offer']);
    expect(call.state().phase).toBe('offered');
  });
});

describe('joinCall with a policy', () => {
  it('sends in the same turn what a synchronous policy gives', () => {
    const { caller, callee } = joined({
      policy: {
        toCallee: (signal) => (signal.type === 'candidates' ? [] : [signal]),
        toCaller: (signal) => (signal.type === 'answer' ? [signal, candidates(7)] : [signal]),
      },
    });
    caller.say(OFFER, candidates(0));
    expect(callee.heard).toEqual(['offer']);
    callee.say(ANSWER);
    expect(caller.heard).toEqual(['answer', 'candidates']);
  });

  it('keeps the order where a promise is late, and a gathering policy sees what follows at once', async () => {
    const late = promised();
    const seen: string[] = [];
    const { caller, callee } = joined({
      policy: {
        toCallee: (signal) => {
          seen.push(signal.type);
          return signal.type === 'offer' ? late.promise : [signal];
        },
        toCaller: (signal) => Promise.resolve([signal]),
      },
    });
    caller.say(OFFER, candidates(0), candidates(1));
    callee.say(RINGING, candidates(2), ANSWER);
    expect(seen).toEqual(['offer', 'candidates', 'candidates']);
    expect(callee.told).toEqual([]);
    late.resolve([OFFER]);
    await late.promise;
    await Promise.resolve();
    expect(callee.told).toEqual([OFFER, candidates(0), candidates(1)]);
    expect(caller.told).toEqual([RINGING, candidates(2), ANSWER]);
  });

  it('keeps the order whichever promise is kept first', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ late: fc.boolean(), rank: fc.nat() }), { minLength: 1, maxLength: 12 }),
        async (plan) => {
          const owed: { readonly rank: number; readonly keep: () => void }[] = [];
          const { caller, callee } = joined({
            policy: {
              toCaller: (signal) => [signal],
              toCallee: (signal) => {
                const how =
                  signal.type === 'candidates' ? plan[signal.candidates[0]!.mLineIndex!] : undefined;
                if (how?.late !== true) return [signal];
                const { promise, resolve } = promised();
                owed.push({ rank: how.rank, keep: () => resolve([signal]) });
                return promise;
              },
            },
          });
          const all = [OFFER, ...plan.map((_how, index) => candidates(index))];
          caller.say(...all);
          for (const { keep } of owed.sort((a, b) => a.rank - b.rank)) {
            keep();
            await Promise.resolve();
          }
          expect(callee.told).toEqual(all);
        },
      ),
    );
  });

  it('does not let a late promise hold up an end, nor send after it', async () => {
    const late = promised();
    const { caller, callee, overs, findings } = joined({
      policy: { toCallee: () => late.promise, toCaller: (signal) => [signal] },
    });
    caller.say(OFFER, HANG_UP);
    expect(callee.heard).toEqual(['end cancelled']);
    late.resolve([OFFER]);
    await late.promise;
    await Promise.resolve();
    expect(callee.heard).toEqual(['end cancelled']);
    expect(overs).toEqual([{ code: 'cancelled' }]);
    expect(findings).toEqual([]);
  });

  it.each<[string, () => readonly Signal[] | Promise<readonly Signal[]>]>([
    ['throws', () => expect.unreachable('no such codec')],
    ['rejects', () => Promise.reject(new Error('no such codec'))],
  ])('ends this call only when the policy %s', async (_how, fail) => {
    const { caller, callee, overs, findings, clock } = joined({
      policy: { toCallee: fail, toCaller: (signal) => [signal] },
    });
    caller.say(OFFER, candidates(0));
    await Promise.resolve();
    await Promise.resolve();
    expect(caller.heard).toEqual(['end protocol-error']);
    expect(callee.heard).toEqual(['end protocol-error']);
    expect(overs).toEqual([{ code: 'protocol-error' }]);
    expect(findings[0]).toMatchObject({ code: 'policy-failed', from: 'caller' });
    expect(findings[0]?.words).toContain('no such codec');
    expect(clock.running.size).toBe(0);
  });
});

describe('joinCall where a part fails', () => {
  it('ends the call when a leg throws, and tells the other side', () => {
    const { caller, callee, overs, findings, clock } = joined();
    callee.react = (signal) => {
      if (signal.type === 'offer') throw new Error('socket closed');
    };
    caller.say(OFFER);
    expect(caller.heard).toEqual(['end protocol-error']);
    expect(callee.heard).toEqual(['offer', 'end protocol-error']);
    expect(overs).toEqual([{ code: 'protocol-error' }]);
    expect(findings).toEqual([
      { code: 'leg-failed', from: 'callee', words: "the callee's leg threw at offer: socket closed" },
    ]);
    expect(clock.running.size).toBe(0);
  });

  it('is over once when a leg throws at its end', () => {
    const { caller, callee, overs, findings } = joined();
    callee.react = () => {
      throw new Error('socket closed');
    };
    caller.say(OFFER, HANG_UP);
    expect(caller.heard).toEqual(['end protocol-error']);
    expect(overs).toHaveLength(1);
    expect(findings.map((one) => one.code)).toEqual(['leg-failed', 'leg-failed']);
  });

  it('ends the call when a leg cannot be attached', () => {
    const callee = new ScriptedLeg('bob');
    const caller = new ScriptedLeg('alice');
    caller.before.push(OFFER);
    callee.attach = () => {
      throw new Error('gone');
    };
    const overs: EndReason[] = [];
    const findings: Finding[] = [];
    joinCall({
      caller,
      callee,
      timers: { start: () => expect.unreachable('the call never began'), stop: () => {} },
      onOver: (reason) => overs.push(reason),
      onFinding: (finding) => findings.push(finding),
    });
    expect(caller.heard).toEqual(['end protocol-error']);
    expect(overs).toEqual([{ code: 'protocol-error' }]);
    expect(findings.map((one) => one.code)).toEqual(['leg-failed', 'late-signal']);
  });
});

describe('joinCall with a change', () => {
  it('sends what the change gives, and names whose signal it was', () => {
    const asked: string[] = [];
    const { caller, callee } = joined({
      change: (signal, from) => {
        asked.push(`${from} ${signal.type}`);
        return signal.type === 'ringing' ? [] : signal.type === 'accepted' ? [signal, signal] : [signal];
      },
    });
    caller.say(OFFER);
    callee.say(RINGING, ANSWER, ACCEPTED);
    expect(asked).toEqual(['caller offer', 'callee ringing', 'callee answer', 'callee accepted']);
    expect(caller.heard).toEqual(['answer', 'accepted', 'accepted']);
  });

  it('ends the call when the change throws', () => {
    const { caller, overs, findings } = joined({
      change: (signal) => (signal.type === 'offer' ? expect.unreachable('bad defect') : [signal]),
    });
    caller.say(OFFER);
    expect(overs).toEqual([{ code: 'protocol-error' }]);
    expect(findings.map((one) => one.code)).toEqual(['change-failed']);
  });
});
