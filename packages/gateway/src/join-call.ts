import type { EndReason, Leg, Signal } from '@crosspoint/signaling';
import type { CallEffect, CallInput, Finding, FindingCode } from './call-effect.ts';
import { type CallState, initialCall } from './call-state.ts';
import type { CallTimers } from './call-timers.ts';
import { Outbound } from './outbound.ts';
import type { CallPolicy, SignalChange } from './policy.ts';
import { otherSide, type Side } from './side.ts';
import { step } from './step.ts';

export interface JoinOptions {
  readonly caller: Leg;
  readonly callee: Leg;
  /** How long the callee may take to accept, in milliseconds; 30 s without it. */
  readonly noAnswerMs?: number;
  /** Without it every signal is sent on as it came. */
  readonly policy?: CallPolicy;
  readonly change?: SignalChange;
  readonly timers: CallTimers;
  /** Called once, when both sides have been told. Must not throw. */
  readonly onOver: (reason: EndReason) => void;
  /** Must not throw. */
  readonly onFinding: (finding: Finding) => void;
}

/** A call that runs. */
export interface JoinedCall {
  /** The host ends the call: both sides are told. Nothing once it is over. */
  end(reason: EndReason): void;
  /** The connection of a side's leg is lost for good: the other side is told. */
  lost(side: Side): void;
  state(): CallState;
}

/** Something that waits for its turn: an input, or the news that a policy has given what it owed to a side. */
type Turn = CallInput | { readonly kind: 'ready'; readonly to: Side };

/**
 * One serial queue per call. A leg that answers while it is being told, a policy that is late and a clock that fires
 * take their turns; on the way of a signal through an idle queue nothing is awaited and nothing queued.
 */
class Carrier implements JoinedCall {
  readonly #options: JoinOptions;
  readonly #outbound: Readonly<Record<Side, Outbound>> = { caller: new Outbound(), callee: new Outbound() };
  readonly #turns: Turn[] = [];
  #state: CallState;
  #busy = true;
  #clock: { readonly handle: unknown } | undefined;
  /** Set by a part that threw; the call ends when the effects at hand are done. */
  #failed = false;

  constructor(options: JoinOptions) {
    this.#options = options;
    this.#state = initialCall(options.noAnswerMs === undefined ? {} : { noAnswerMs: options.noAnswerMs });
    // What a leg has in store comes while it is attached; it waits until the other one is attached too.
    this.#attach('caller');
    this.#attach('callee');
    this.#endIfFailed();
    this.#busy = false;
    this.#drain();
  }

  state(): CallState {
    return this.#state;
  }

  end(reason: EndReason): void {
    this.#take({ kind: 'end', reason });
  }

  lost(side: Side): void {
    this.#take({ kind: 'lost', side });
  }

  #attach(side: Side): void {
    try {
      this.#options[side].attach((signal) => this.#take({ kind: 'signal', from: side, signal }));
    } catch (error) {
      this.#fail('leg-failed', side, `the ${side}'s leg could not be attached`, error);
    }
  }

  #take(turn: Turn): void {
    if (this.#busy || this.#turns.length > 0) this.#turns.push(turn);
    else this.#run(turn);
    if (!this.#busy) this.#drain();
  }

  #drain(): void {
    for (let turn = this.#turns.shift(); turn !== undefined; turn = this.#turns.shift()) this.#run(turn);
  }

  #run(turn: Turn): void {
    this.#busy = true;
    try {
      if (turn.kind === 'ready') this.#flush(turn.to);
      else this.#step(turn);
      this.#endIfFailed();
    } finally {
      this.#busy = false;
    }
  }

  #step(input: CallInput): void {
    const { state, effects } = step(this.#state, input);
    this.#state = state;
    for (const effect of effects) this.#carryOut(effect);
  }

  #endIfFailed(): void {
    if (!this.#failed) return;
    this.#failed = false;
    this.#step({ kind: 'end', reason: { code: 'protocol-error' } });
  }

  #carryOut(effect: CallEffect): void {
    switch (effect.kind) {
      case 'send':
        this.#translate(effect.to, effect.signal);
        return;
      case 'start-timer':
        this.#clock = {
          handle: this.#options.timers.start(effect.ms, () => {
            this.#clock = undefined;
            this.#take({ kind: 'timer', timer: effect.timer });
          }),
        };
        return;
      case 'stop-timer':
        if (this.#clock !== undefined) this.#options.timers.stop(this.#clock.handle);
        this.#clock = undefined;
        return;
      case 'finding':
        this.#options.onFinding({ code: effect.code, words: effect.words, from: effect.from });
        return;
      case 'over':
        this.#outbound.caller.close();
        this.#outbound.callee.close();
        this.#options.onOver(effect.reason);
        return;
    }
  }

  #translate(to: Side, signal: Signal): void {
    const { policy } = this.#options;
    // Nothing holds up an end: what still waits for a policy would reach a side whose call is over.
    if (policy === undefined || signal.type === 'end') {
      this.#send(to, signal);
      return;
    }
    const outbound = this.#outbound[to];
    let given: readonly Signal[] | PromiseLike<readonly Signal[]>;
    try {
      given = to === 'callee' ? policy.toCallee(signal) : policy.toCaller(signal);
    } catch (error) {
      this.#failPolicy(to, signal, error);
      return;
    }
    if (isPromised(given)) {
      outbound.putPromised(
        given,
        () => this.#take({ kind: 'ready', to }),
        (error) => {
          this.#failPolicy(to, signal, error);
          this.#take({ kind: 'ready', to });
        },
      );
    } else if (outbound.isWaiting) outbound.putReady(given);
    else for (const one of given) this.#send(to, one);
  }

  #flush(to: Side): void {
    const outbound = this.#outbound[to];
    for (let signals = outbound.take(); signals !== undefined; signals = outbound.take()) {
      for (const signal of signals) this.#send(to, signal);
    }
  }

  #send(to: Side, signal: Signal): void {
    const { change } = this.#options;
    if (change === undefined) {
      this.#tell(to, signal);
      return;
    }
    let changed: readonly Signal[];
    try {
      changed = change(signal, otherSide(to));
    } catch (error) {
      this.#fail('change-failed', otherSide(to), `a change to ${signal.type} threw`, error);
      return;
    }
    for (const one of changed) this.#tell(to, one);
  }

  #tell(to: Side, signal: Signal): void {
    try {
      (to === 'caller' ? this.#options.caller : this.#options.callee).send(signal);
    } catch (error) {
      this.#fail('leg-failed', to, `the ${to}'s leg threw at ${signal.type}`, error);
    }
  }

  #failPolicy(to: Side, signal: Signal, error: unknown): void {
    this.#fail('policy-failed', otherSide(to), `the policy toward the ${to} failed at ${signal.type}`, error);
  }

  #fail(code: FindingCode, from: Side, words: string, error: unknown): void {
    this.#failed = true;
    const why = error instanceof Error ? error.message : String(error);
    this.#options.onFinding({ code, words: `${words}: ${why}`, from });
  }
}

function isPromised(
  given: readonly Signal[] | PromiseLike<readonly Signal[]>,
): given is PromiseLike<readonly Signal[]> {
  return 'then' in given;
}

/**
 * Joins two legs to one call and carries out what `step` decides. Attaches to both legs at once.
 *
 * A leg, policy or change that throws is a finding and ends this call with `protocol-error`; an exception leaves this
 * call only where `onOver`, `onFinding` or the timers throw.
 */
export function joinCall(options: JoinOptions): JoinedCall {
  return new Carrier(options);
}
