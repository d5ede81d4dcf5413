import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  CLIENT_INVITE_INITIAL,
  type ClientInput,
  type ClientInviteState,
  stepClientInvite,
} from './client-invite.ts';
import {
  CLIENT_NON_INVITE_INITIAL,
  type ClientNonInviteState,
  stepClientNonInvite,
} from './client-non-invite.ts';
import {
  SERVER_INVITE_INITIAL,
  type ServerInput,
  type ServerInviteState,
  stepServerInvite,
} from './server-invite.ts';
import {
  SERVER_NON_INVITE_INITIAL,
  type ServerNonInviteState,
  stepServerNonInvite,
} from './server-non-invite.ts';
import { DEFAULT_TIMER_BASES, type TransactionTimer, transactionTimers } from './timers.ts';
import { isCookieBranch, oldServerTransactionKey, serverTransactionKey } from './transaction-key.ts';
import type { TransactionEffect, TransactionStep } from './transaction-step.ts';

const UDP = transactionTimers(DEFAULT_TIMER_BASES, false);
const TCP = transactionTimers(DEFAULT_TIMER_BASES, true);

/** Effects in short: `send-request`, `start A 500`, `stop A`. */
function words(effects: readonly TransactionEffect[]): string[] {
  return effects.map((effect) => {
    if (effect.type === 'start') return `start ${effect.timer} ${effect.ms}`;
    return effect.type === 'stop' ? `stop ${effect.timer}` : effect.type;
  });
}

function run<State, Input>(
  step: (state: State, input: Input) => TransactionStep<State>,
  initial: State,
  inputs: readonly Input[],
): { state: State; effects: string[][] } {
  let state = initial;
  const effects: string[][] = [];
  for (const input of inputs) {
    const next = step(state, input);
    state = next.state;
    effects.push(words(next.effects));
  }
  return { state, effects };
}

const response = (status: number) => ({ type: 'response', status }) as const;
const respond = (status: number) => ({ type: 'respond', status }) as const;
const timer = (name: TransactionTimer) => ({ type: 'timer', timer: name }) as const;
const BEGIN = { type: 'begin' } as const;
const clientInvite =
  (timers = UDP) =>
  (state: ClientInviteState, input: ClientInput) =>
    stepClientInvite(state, input, timers);
const clientOther =
  (timers = UDP) =>
  (state: ClientNonInviteState, input: ClientInput) =>
    stepClientNonInvite(state, input, timers);
const serverInvite =
  (timers = UDP) =>
  (state: ServerInviteState, input: ServerInput) =>
    stepServerInvite(state, input, timers);
const serverOther =
  (timers = UDP) =>
  (state: ServerNonInviteState, input: ServerInput) =>
    stepServerNonInvite(state, input, timers);

describe('the INVITE client transaction', () => {
  it('repeats with doubled intervals until it is heard of', () => {
    const { effects } = run(clientInvite(), CLIENT_INVITE_INITIAL, [
      BEGIN,
      timer('A'),
      timer('A'),
      response(100),
      timer('A'),
    ]);
    expect(effects).toEqual([
      ['send-request', 'start A 500', 'start B 32000'],
      ['send-request', 'start A 1000'],
      ['send-request', 'start A 2000'],
      ['stop A', 'stop B', 'pass'],
      [],
    ]);
  });

  it('passes every 2xx for 64*T1 (RFC 6026)', () => {
    const { state, effects } = run(clientInvite(), CLIENT_INVITE_INITIAL, [
      BEGIN,
      response(180),
      response(200),
      response(200),
      response(486),
      timer('M'),
    ]);
    expect(effects.slice(2)).toEqual([['pass', 'start M 32000'], ['pass'], [], ['end']]);
    expect(state.name).toBe('terminated');
  });

  it('acknowledges a refusal, and its repetitions', () => {
    const { effects } = run(clientInvite(), CLIENT_INVITE_INITIAL, [
      BEGIN,
      response(486),
      response(486),
      timer('D'),
    ]);
    expect(effects.slice(1)).toEqual([
      ['stop A', 'stop B', 'send-ack', 'pass', 'start D 32000'],
      ['send-ack'],
      ['end'],
    ]);
  });

  it('ends at once after a refusal on a connection, and starts no timer A', () => {
    const { effects } = run(clientInvite(TCP), CLIENT_INVITE_INITIAL, [BEGIN, response(603)]);
    expect(effects).toEqual([
      ['send-request', 'start B 32000'],
      ['stop A', 'stop B', 'send-ack', 'pass', 'end'],
    ]);
  });

  it('gives up by timer B and by the transport', () => {
    expect(run(clientInvite(), CLIENT_INVITE_INITIAL, [BEGIN, timer('B')]).effects[1]).toEqual([
      'stop A',
      'timeout',
      'end',
    ]);
    const failed = run(clientInvite(), CLIENT_INVITE_INITIAL, [BEGIN, { type: 'transport-error' }]);
    expect(failed.effects[1]).toContain('transport-error');
    expect(failed.state.name).toBe('terminated');
  });
});

describe('the other client transaction', () => {
  it('repeats up to T2, and by T2 once it is in progress', () => {
    const { effects } = run(clientOther(), CLIENT_NON_INVITE_INITIAL, [
      BEGIN,
      timer('E'),
      timer('E'),
      timer('E'),
      timer('E'),
      response(100),
      timer('E'),
      response(200),
      timer('K'),
    ]);
    expect(effects).toEqual([
      ['send-request', 'start E 500', 'start F 32000'],
      ['send-request', 'start E 1000'],
      ['send-request', 'start E 2000'],
      ['send-request', 'start E 4000'],
      ['send-request', 'start E 4000'],
      ['pass'],
      ['send-request', 'start E 4000'],
      ['stop E', 'stop F', 'pass', 'start K 5000'],
      ['end'],
    ]);
  });
});

describe('the INVITE server transaction', () => {
  it('says 100 when its user is slow, and repeats what was said', () => {
    const { effects } = run(serverInvite(), SERVER_INVITE_INITIAL, [
      BEGIN,
      { type: 'again' },
      timer('trying'),
      { type: 'again' },
      respond(180),
      respond(200),
      { type: 'again' },
      { type: 'ack' },
      respond(200),
      timer('L'),
    ]);
    expect(effects).toEqual([
      ['start trying 200', 'pass'],
      [],
      ['send-trying'],
      ['send-response'],
      ['send-response'],
      ['send-response', 'start L 32000'],
      [],
      ['pass'],
      ['send-response'],
      ['end'],
    ]);
  });

  it('repeats a refusal until the ACK, and absorbs what comes after', () => {
    const { effects } = run(serverInvite(), SERVER_INVITE_INITIAL, [
      BEGIN,
      respond(486),
      timer('G'),
      timer('G'),
      timer('G'),
      timer('G'),
      { type: 'ack' },
      { type: 'ack' },
      timer('I'),
    ]);
    expect(effects).toEqual([
      ['start trying 200', 'pass'],
      ['stop trying', 'send-response', 'start G 500', 'start H 32000'],
      ['send-response', 'start G 1000'],
      ['send-response', 'start G 2000'],
      ['send-response', 'start G 4000'],
      ['send-response', 'start G 4000'],
      ['stop G', 'stop H', 'start I 5000'],
      [],
      ['end'],
    ]);
  });

  it('gives up without ACK', () => {
    expect(run(serverInvite(), SERVER_INVITE_INITIAL, [BEGIN, respond(404), timer('H')]).effects[2]).toEqual([
      'stop G',
      'timeout',
      'end',
    ]);
  });
});

describe('the other server transaction', () => {
  it('repeats its answer for 64*T1 on UDP and not at all on a connection', () => {
    const udp = run(serverOther(), SERVER_NON_INVITE_INITIAL, [
      BEGIN,
      { type: 'again' },
      respond(200),
      { type: 'again' },
      respond(500),
      timer('J'),
    ]);
    expect(udp.effects).toEqual([
      ['pass'],
      [],
      ['send-response', 'start J 32000'],
      ['send-response'],
      [],
      ['end'],
    ]);
    expect(run(serverOther(TCP), SERVER_NON_INVITE_INITIAL, [BEGIN, respond(200)]).effects[1]).toEqual([
      'send-response',
      'end',
    ]);
  });
});

describe('whatever comes in whatever order', () => {
  const timers = fc
    .constantFrom<TransactionTimer>('A', 'B', 'D', 'E', 'F', 'G', 'H', 'I', 'J', 'K', 'L', 'M', 'trying')
    .map(timer);
  const status = fc.constantFrom(100, 180, 200, 302, 486, 603);
  const common = fc.constant({ type: 'transport-error' } as const);
  const client = fc.array(fc.oneof(timers, status.map(response), common));
  const server = fc.array(
    fc.oneof(
      timers,
      status.map(respond),
      common,
      fc.constantFrom({ type: 'again' } as const, { type: 'ack' } as const),
    ),
  );

  // After `end` nothing is ever done again, and it comes once.
  const endsOnce = (effects: readonly string[][]) => {
    const at = effects.findIndex((each) => each.includes('end'));
    if (at >= 0) expect(effects.slice(at + 1).flat()).toEqual([]);
    expect(effects.flat().filter((each) => each === 'end').length).toBeLessThan(2);
  };

  it('client transactions end once, and their user is told of one final refusal', () => {
    fc.assert(
      fc.property(client, fc.boolean(), (inputs, reliable) => {
        const kind = reliable ? TCP : UDP;
        endsOnce(run(clientInvite(kind), CLIENT_INVITE_INITIAL, [BEGIN, ...inputs]).effects);
        endsOnce(run(clientOther(kind), CLIENT_NON_INVITE_INITIAL, [BEGIN, ...inputs]).effects);
      }),
    );
  });

  it('server transactions end once', () => {
    fc.assert(
      fc.property(server, fc.boolean(), (inputs, reliable) => {
        const kind = reliable ? TCP : UDP;
        endsOnce(run(serverInvite(kind), SERVER_INVITE_INITIAL, [BEGIN, ...inputs]).effects);
        endsOnce(run(serverOther(kind), SERVER_NON_INVITE_INITIAL, [BEGIN, ...inputs]).effects);
      }),
    );
  });
});

describe('what a transaction is found by', () => {
  it('ACK has the key of its INVITE, CANCEL its own', () => {
    const fields = { branch: 'z9hG4bK1', sentBy: 'a:5060' };
    const invite = serverTransactionKey({ method: 'INVITE', ...fields });
    expect(serverTransactionKey({ method: 'ACK', ...fields })).toBe(invite);
    expect(serverTransactionKey({ method: 'CANCEL', ...fields })).not.toBe(invite);
    expect(serverTransactionKey({ method: 'INVITE', ...fields, sentBy: 'b:5060' })).not.toBe(invite);
  });

  it('a branch without cookie says nothing: RFC 2543 fields do', () => {
    expect(isCookieBranch('z9hG4bK')).toBe(false);
    expect(isCookieBranch('1')).toBe(false);
    const old = { requestUri: 'sip:b', fromTag: 'f', callId: 'c', cseqNumber: 1, via: 'SIP/2.0/UDP a' };
    expect(oldServerTransactionKey({ method: 'ACK', ...old })).toBe(
      oldServerTransactionKey({ method: 'INVITE', ...old }),
    );
    expect(oldServerTransactionKey({ method: 'INVITE', ...old, cseqNumber: 2 })).not.toBe(
      oldServerTransactionKey({ method: 'INVITE', ...old }),
    );
  });
});
