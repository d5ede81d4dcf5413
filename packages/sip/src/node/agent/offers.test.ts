import { describe, expect, it } from 'vitest';
import type { SipBody } from '../../agent/body.ts';
import { lines, pair, sdp, up } from '../testing/calls.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import { happening, Stream } from '../testing/happening.ts';
import { SDP, SDP_ANSWER, textOf } from '../testing/lines.ts';
import type {
  AcceptedEvent,
  EndedEvent,
  OfferEvent,
  PrackEvent,
  ProvisionalEvent,
  RefusedEvent,
} from './call-events.ts';
import type { OfferOutcome } from './offer-exchange.ts';

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
