import { afterEach, describe, expect, it } from 'vitest';
import type { SipBody } from '../../agent/body.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import { happening, Stream } from '../testing/happening.ts';
import { type Line, openLine, SDP, SDP_ANSWER, textOf } from '../testing/lines.ts';
import type {
  AcceptedEvent,
  CallHandlers,
  EndedEvent,
  InfoEvent,
  OfferEvent,
  PrackEvent,
  ProvisionalEvent,
  ReferEvent,
  RefusedEvent,
} from './call-events.ts';
import type { IncomingCall } from './incoming-call.ts';
import type { OfferOutcome } from './offer-exchange.ts';
import type { InviteOptions, OutgoingCall } from './outgoing-call.ts';
import type { AgentOptions } from './sip-agent.ts';

const open: Line[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map(({ agent }) => agent.close()));
});

async function lines(clock: FakeClock, options: AgentOptions = {}, ...names: string[]): Promise<Line[]> {
  const opened = await Promise.all(names.map((name) => openLine(name, clock, options)));
  open.push(...opened);
  return opened;
}

interface Pair {
  readonly clock: FakeClock;
  readonly alice: Line;
  readonly bob: Line;
}

async function pair(options: AgentOptions = {}): Promise<Pair> {
  const clock = new FakeClock();
  const [alice, bob] = await lines(clock, options, 'alice', 'bob');
  return { clock, alice: alice!, bob: bob! };
}

function sdp(text: string): SipBody {
  return { bytes: new TextEncoder().encode(`v=0\r\ns=${text}\r\n`), type: 'application/sdp' };
}

async function up(
  { alice, bob }: Pair,
  own: CallHandlers = {},
  theirs: CallHandlers = {},
  options: Partial<InviteOptions> = {},
): Promise<{ call: OutgoingCall; incoming: IncomingCall }> {
  const accepted = happening();
  const call = alice.agent.invite({
    to: bob.uri,
    from: alice.uri,
    body: SDP,
    ...options,
    handlers: { ...own, accepted: () => accepted.happen() },
  });
  const incoming = await bob.calls.next();
  const acknowledged = happening();
  incoming.handle({ ...theirs, acknowledged: () => acknowledged.happen() });
  incoming.accept(SDP_ANSWER);
  await accepted.promise;
  await acknowledged.promise;
  incoming.handle(theirs);
  return { call, incoming };
}

describe('offers', () => {
  it('asks for the offer: it comes in the 200, the answer in the ACK', async () => {
    const { alice, bob } = await pair();
    const accepted = happening<AcceptedEvent>();
    alice.agent.invite({ to: bob.uri, from: alice.uri, handlers: { accepted: accepted.happen } });
    const incoming = await bob.calls.next();
    expect(incoming.body).toBeUndefined();
    const answer = happening<SipBody | undefined>();
    incoming.handle({ acknowledged: answer.happen });
    incoming.accept(sdp('offer in 200'));
    const event = await accepted.promise;
    expect(textOf(event.body)).toContain('offer in 200');
    expect(bob.wire).not.toContain('< ACK');
    event.ack(sdp('answer in ACK'));
    expect(textOf(await answer.promise)).toContain('answer in ACK');
  });

  it('sends provisional responses reliably, one after the other, and answers only when they are acknowledged', async () => {
    const { alice, bob } = await pair();
    const events = new Stream<ProvisionalEvent>();
    const accepted = happening();
    alice.agent.invite({
      to: bob.uri,
      from: alice.uri,
      body: SDP,
      handlers: { provisional: (event) => events.push(event), accepted: () => accepted.happen() },
    });
    const incoming = await bob.calls.next();
    incoming.progress(sdp('early'), { reliable: true });
    incoming.progress(undefined, { status: 180, reliable: true });
    incoming.accept();
    expect(await events.next()).toMatchObject({ status: 183, reliable: true });
    expect(await events.next()).toMatchObject({ status: 180, reliable: true });
    await accepted.promise;
    expect(bob.wire.filter((word) => word !== '< ACK')).toEqual([
      '< INVITE',
      '> 183',
      '< PRACK',
      '> 200',
      '> 180',
      '< PRACK',
      '> 200',
      '> 200',
    ]);
  });

  it('answers an offer of a reliable provisional response in PRACK', async () => {
    const { alice, bob } = await pair();
    alice.agent.invite({
      to: bob.uri,
      from: alice.uri,
      handlers: { provisional: ({ prack }) => prack(sdp('answer in PRACK')) },
    });
    const incoming = await bob.calls.next();
    const pracked = happening<PrackEvent>();
    incoming.handle({ prack: pracked.happen });
    incoming.progress(sdp('offer in 183'), { reliable: true });
    const event = await pracked.promise;
    expect(event.isOffer).toBe(false);
    expect(textOf(event.body)).toContain('answer in PRACK');
  });

  it('repeats a reliable provisional response and gives the call up without PRACK', async () => {
    const { clock, alice, bob } = await pair();
    const refused = happening<RefusedEvent>();
    const early = happening();
    alice.agent.invite({
      to: bob.uri,
      from: alice.uri,
      // The offer of the 183 is left without its answer on purpose.
      handlers: { refused: refused.happen, provisional: () => early.happen() },
    });
    const incoming = await bob.calls.next();
    incoming.progress(sdp('offer in 183'), { reliable: true });
    await early.promise;
    clock.advance(1_500);
    expect(bob.wire.filter((word) => word === '> 183')).toHaveLength(3);
    clock.advance(32_000);
    expect((await refused.promise).status).toBe(504);
  });

  it('re-negotiates by re-INVITE and UPDATE from either side', async () => {
    const setting = await pair();
    const offers = new Stream<OfferEvent>();
    const acknowledged = new Stream<true>();
    const { call, incoming } = await up(
      setting,
      { offered: (event) => offers.push(event), acknowledged: () => acknowledged.push(true) },
      { offered: (event) => offers.push(event), acknowledged: () => acknowledged.push(true) },
    );
    for (const [from, method] of [
      [call, 'reinvite'],
      [incoming, 'reinvite'],
      [call, 'update'],
      [incoming, 'update'],
    ] as const) {
      const outcome = happening<OfferOutcome>();
      from[method](sdp(`by ${method}`), outcome.happen);
      const event = await offers.next();
      expect(textOf(event.body)).toContain(`by ${method}`);
      event.accept(sdp('fine'));
      expect(await outcome.promise).toMatchObject({ accepted: true, status: 200 });
      // The next one may go when this one is acknowledged.
      if (method === 'reinvite') await acknowledged.next();
    }
    const refused = happening<OfferOutcome>();
    call.reinvite(sdp('video'), refused.happen);
    (await offers.next()).refuse(488);
    expect(await refused.promise).toMatchObject({ accepted: false, status: 488 });
    expect(call.state).toBe('confirmed');
  });

  it('asks for an offer by re-INVITE and answers it in ACK', async () => {
    const setting = await pair();
    const offered = happening<OfferEvent>();
    const { call, incoming } = await up(setting, {}, { offered: offered.happen });
    const outcome = happening<OfferOutcome>();
    call.reinvite(undefined, outcome.happen);
    const event = await offered.promise;
    expect(event.body).toBeUndefined();
    const answer = happening<SipBody | undefined>();
    incoming.handle({ acknowledged: (body) => answer.happen(body) });
    event.accept(sdp('late'));
    const { body, ack } = await outcome.promise;
    expect(textOf(body)).toContain('late');
    ack(sdp('answer'));
    expect(textOf(await answer.promise)).toContain('answer');
  });

  it('meets glare with 491 on both sides, and says who waits how long', async () => {
    const setting = await pair();
    const { call, incoming } = await up(setting, { offered: () => {} }, { offered: () => {} });
    const [mine, theirs] = [happening<OfferOutcome>(), happening<OfferOutcome>()];
    call.reinvite(sdp('a'), mine.happen);
    incoming.reinvite(sdp('b'), theirs.happen);
    expect(await mine.promise).toMatchObject({ status: 491, retry: { least: 2100, most: 4000 } });
    expect(await theirs.promise).toMatchObject({ status: 491, retry: { least: 0, most: 2000 } });
    expect(call.state).toBe('confirmed');
  });
});

describe('what comes in the wrong order or not at all', () => {
  it('takes a 200 that crossed the CANCEL, and hangs up', async () => {
    const { alice, bob } = await pair();
    const refused = happening<RefusedEvent>();
    const rung = happening();
    const call = alice.agent.invite({
      to: bob.uri,
      from: alice.uri,
      body: SDP,
      handlers: { provisional: () => rung.happen(), refused: refused.happen },
    });
    const incoming = await bob.calls.next();
    const ended = happening<EndedEvent>();
    incoming.handle({ ended: ended.happen });
    incoming.ring();
    await rung.promise;
    incoming.accept(SDP_ANSWER);
    call.cancel();
    expect((await refused.promise).status).toBe(487);
    expect(await ended.promise).toMatchObject({ by: 'remote', why: 'bye' });
  });

  it('repeats its 200 until the ACK, and ends the call without one', async () => {
    const { clock, alice, bob } = await pair();
    alice.agent.invite({ to: bob.uri, from: alice.uri });
    const incoming = await bob.calls.next();
    const ended = happening<EndedEvent>();
    incoming.handle({ ended: ended.happen });
    incoming.accept(sdp('offer nobody answers'));
    clock.advance(64_000);
    expect((await ended.promise).why).toBe('no-ack');
    // 0.5, 1, 2 and then each 4 s until 32 s: RFC 3261 section 13.3.1.4.
    expect(bob.wire.filter((word) => word === '> 200').length).toBeGreaterThanOrEqual(10);
    expect(bob.agent.counts.dialogs).toBe(0);
  });

  it('gives up a call that nobody answers to', async () => {
    const clock = new FakeClock();
    const [alice] = await lines(clock, {}, 'alice');
    const silent = await lines(clock, {}, 'silent');
    await silent[0]!.agent.close();
    const refused = happening<RefusedEvent>();
    alice!.agent.invite({
      to: silent[0]!.uri,
      from: alice!.uri,
      body: SDP,
      handlers: { refused: refused.happen },
    });
    clock.advance(33_000);
    expect((await refused.promise).status).toBe(408);
    expect(alice!.wire.filter((word) => word === '> INVITE').length).toBe(7);
    expect(alice!.agent.counts.client).toBe(0);
  });

  it('waits with BYE for the ACK', async () => {
    const { alice, bob } = await pair();
    const accepted = happening<AcceptedEvent>();
    const ended = happening<EndedEvent>();
    alice.agent.invite({
      to: bob.uri,
      from: alice.uri,
      handlers: { accepted: accepted.happen, ended: ended.happen },
    });
    const incoming = await bob.calls.next();
    incoming.accept(SDP);
    incoming.bye();
    const event = await accepted.promise;
    expect(bob.wire).not.toContain('> BYE');
    event.ack(SDP_ANSWER);
    expect((await ended.promise).why).toBe('bye');
  });
});

describe('within a call', () => {
  it('carries INFO with its package, and digits', async () => {
    const setting = await pair();
    const infos = new Stream<InfoEvent>();
    const { call } = await up(setting, {}, { info: (event) => infos.push(event) });
    const fragment = {
      bytes: new TextEncoder().encode('a=end-of-candidates\r\n'),
      type: 'application/trickle-ice-sdpfrag',
    };
    call.info(fragment, 'trickle-ice');
    const first = await infos.next();
    expect(first.package).toBe('trickle-ice');
    expect(first.request.get('Content-Disposition')).toBe('Info-Package');
    const digit = {
      bytes: new TextEncoder().encode('Signal=5\r\nDuration=160\r\n'),
      type: 'application/dtmf-relay',
    };
    const answered = happening<number>();
    call.info(digit, undefined, ({ status }) => answered.happen(status));
    expect(textOf((await infos.next()).body)).toContain('Signal=5');
    expect(await answered.promise).toBe(200);
  });

  it('transfers blindly: REFER, 202, reports', async () => {
    const setting = await pair();
    const referred = happening<ReferEvent>();
    const { call } = await up(setting, {}, { refer: referred.happen });
    const reports = new Stream<string>();
    const accepted = happening<number>();
    call.refer('sip:carol@lab.example', {
      referredBy: '<sip:alice@lab.example>',
      done: ({ status }) => accepted.happen(status),
      progress: (status, _reason, isOver) => reports.push(`${status} ${isOver}`),
    });
    const event = await referred.promise;
    expect(event.target.uri).toBe('sip:carol@lab.example');
    expect(event.referredBy).toContain('alice');
    const report = event.accept();
    expect(await accepted.promise).toBe(202);
    expect(await reports.next()).toBe('100 false');
    report(180);
    expect(await reports.next()).toBe('180 false');
    report(200);
    expect(await reports.next()).toBe('200 true');
  });

  it('transfers attended: a call with Replaces takes over', async () => {
    const clock = new FakeClock();
    const [alice, bob, carol] = await lines(clock, {}, 'alice', 'bob', 'carol');
    const ended = happening<EndedEvent>();
    const consulted = await up({ clock, alice: alice!, bob: carol! }, { ended: ended.happen });
    const target = consulted.call.replacesTarget!;
    const [, uri, value] = /<([^?]*)\?Replaces=([^>]*)>/.exec(target)!;
    bob!.agent.invite({
      to: uri!,
      from: bob!.uri,
      body: SDP,
      headers: [['Replaces', decodeURIComponent(value!)]],
    });
    const second = await carol!.calls.next();
    expect(second.replaces).toBe(consulted.incoming);
    second.accept(SDP_ANSWER);
    expect((await ended.promise).reasons[0]).toMatchObject({ protocol: 'SIP', cause: 200 });
  });

  it('refreshes the session, and ends it when nobody refreshes', async () => {
    const setting = await pair({ sessionTimer: { expires: 120, minimum: 90 } });
    const { clock, alice, bob } = setting;
    const refreshed = new Stream<string>();
    const ended = happening<EndedEvent>();
    const { call } = await up(
      setting,
      { refreshed: () => refreshed.push('alice') },
      { refreshed: () => refreshed.push('bob'), ended: ended.happen },
    );
    clock.advance(60_000);
    await refreshed.next();
    await refreshed.next();
    expect(bob.wire).toContain('< UPDATE');
    expect(call.state).toBe('confirmed');
    await alice.agent.close();
    clock.advance(119_000);
    expect((await ended.promise).why).toBe('expired');
    expect(bob.wire.at(-1)).toBe('> BYE');
  });

  it('raises a session timer that is too small for the far side: 422', async () => {
    const clock = new FakeClock();
    const [alice] = await lines(clock, { sessionTimer: { expires: 100, minimum: 90 } }, 'alice');
    const [bob] = await lines(clock, { sessionTimer: { expires: 600, minimum: 300 } }, 'bob');
    await up({ clock, alice: alice!, bob: bob! });
    expect(alice!.wire).toContain('< 422');
  });

  it('refuses what belongs to no call, and lower numbers', async () => {
    const setting = await pair();
    const { call } = await up(setting);
    const outcome = happening<number>();
    setting.alice.agent.request({
      method: 'BYE',
      to: setting.bob.uri,
      from: setting.alice.uri,
      headers: [],
      done: ({ status }) => outcome.happen(status),
    });
    expect(await outcome.promise).not.toBe(200);
    const options = happening<number>();
    call.request('OPTIONS', undefined, [], ({ status }) => options.happen(status));
    expect(await options.promise).toBe(200);
  });

  it('believes an asserted identity from trusted next hops only', async () => {
    const trusting = await pair({ trusted: ['127.0.0.1'] });
    const headers = [['P-Asserted-Identity', '<sip:boss@lab.example>']] as const;
    trusting.alice.agent.invite({ to: trusting.bob.uri, from: trusting.alice.uri, headers });
    expect((await trusting.bob.calls.next()).assertedIdentities[0]?.uri).toBe('sip:boss@lab.example');
    const wary = await pair();
    wary.alice.agent.invite({ to: wary.bob.uri, from: wary.alice.uri, headers });
    expect((await wary.bob.calls.next()).assertedIdentities).toEqual([]);
    expect(wary.bob.findings[0]?.code).toBe('untrusted-identity');
  });
});
