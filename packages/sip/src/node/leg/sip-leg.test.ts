import { open as openSdp } from '@crosspoint/sdp';
import { END_REASON_CODES, type EndReason, type Signal } from '@crosspoint/signaling';
import { afterEach, describe, expect, it } from 'vitest';
import { FakeClock } from '../testing/fake-clock.ts';
import { until } from '../testing/happening.ts';
import { type Line, openLine, SDP, SDP_ANSWER, textOf } from '../testing/lines.ts';
import { IncomingSipLeg } from './incoming-leg.ts';
import { OutgoingSipLeg } from './outgoing-leg.ts';

const lines: Line[] = [];
const offer = openSdp(textOf(SDP)!);
const answer = openSdp(textOf(SDP_ANSWER)!);

afterEach(async () => {
  await Promise.all(lines.splice(0).map(({ agent }) => agent.close()));
});

interface Ends {
  readonly out: OutgoingSipLeg;
  readonly incoming: IncomingSipLeg;
  readonly heardOut: Signal[];
  readonly heardIn: Signal[];
  readonly clock: FakeClock;
  readonly alice: Line;
  readonly bob: Line;
}

/** A call from one leg to another, over UDP. The hubs on both sides are the test. */
async function place(first: Signal = { type: 'offer', description: offer }): Promise<Ends> {
  const clock = new FakeClock();
  const alice = await openLine('alice', clock);
  const bob = await openLine('bob', clock);
  lines.push(alice, bob);
  const own = { clock, random: () => 0.5 };
  const out = new OutgoingSipLeg({ ...own, agent: alice.agent, to: bob.uri, from: alice.uri });
  const heardOut: Signal[] = [];
  const heardIn: Signal[] = [];
  out.attach((signal) => heardOut.push(signal));
  out.send(first);
  const incoming = new IncomingSipLeg(await bob.calls.next(), own);
  incoming.attach((signal) => heardIn.push(signal));
  return { out, incoming, heardOut, heardIn, clock, alice, bob };
}

async function connect(ends: Ends): Promise<void> {
  ends.incoming.send({ type: 'ringing' });
  ends.incoming.send({ type: 'answer', description: answer });
  ends.incoming.send({ type: 'accepted' });
  await until(() => ends.heardOut.some(({ type }) => type === 'accepted'), 'the acceptance');
  await until(() => ends.bob.wire.includes('< ACK'), 'the ACK');
}

const kinds = (signals: readonly Signal[]): string[] => signals.map(({ type }) => type);
const endOf = (signals: readonly Signal[]): EndReason | undefined =>
  signals.flatMap((signal) => (signal.type === 'end' ? [signal.reason] : []))[0];

describe('a SIP leg', () => {
  it('carries offer, ringing, answer and acceptance, and hangs up', async () => {
    const ends = await place();
    expect(kinds(ends.heardIn)).toEqual(['offer']);
    await connect(ends);
    expect(kinds(ends.heardOut)).toEqual(['ringing', 'answer', 'accepted']);
    const got = ends.heardOut.find((signal) => signal.type === 'answer');
    expect(got?.type === 'answer' && got.description.text).toBe(answer.text);
    ends.out.send({ type: 'end', reason: { code: 'normal' } });
    await until(() => endOf(ends.heardIn) !== undefined, 'the end');
    expect(endOf(ends.heardIn)).toEqual({ code: 'normal' });
  });

  it('gives an early answer by 183, once, and the acceptance without a second one', async () => {
    const ends = await place();
    ends.incoming.send({ type: 'answer', description: answer });
    ends.clock.advance(1);
    await until(() => kinds(ends.heardOut).includes('answer'), 'the early answer');
    expect(ends.bob.wire).toContain('> 183');
    ends.incoming.send({ type: 'accepted' });
    await until(() => kinds(ends.heardOut).includes('accepted'), 'the acceptance');
    expect(kinds(ends.heardOut)).toEqual(['answer', 'accepted']);
  });

  it.each(END_REASON_CODES)('keeps the reason %s before the answer', async (code) => {
    const ends = await place();
    ends.incoming.send({ type: 'end', reason: { code, text: 'as "said" \\ there' } });
    await until(() => endOf(ends.heardOut) !== undefined, 'the refusal');
    expect(endOf(ends.heardOut)).toMatchObject({ code, text: 'as "said" \\ there' });
  });

  it.each(END_REASON_CODES)('keeps the reason %s in the call', async (code) => {
    const ends = await place();
    await connect(ends);
    ends.incoming.send({ type: 'end', reason: { code } });
    await until(() => endOf(ends.heardOut) !== undefined, 'the end');
    expect(endOf(ends.heardOut)?.code).toBe(code);
  });

  it('cancels before the answer, and says why', async () => {
    const ends = await place();
    ends.incoming.send({ type: 'ringing' });
    await until(() => kinds(ends.heardOut).includes('ringing'), 'ringing');
    ends.out.send({ type: 'end', reason: { code: 'answered-elsewhere' } });
    await until(() => endOf(ends.heardIn) !== undefined, 'the cancel');
    expect(endOf(ends.heardIn)?.code).toBe('answered-elsewhere');
  });

  it('offers again from both sides, and refuses what is not acceptable', async () => {
    const ends = await place();
    await connect(ends);
    ends.incoming.send({ type: 'offer', description: offer });
    await until(() => kinds(ends.heardOut).includes('offer'), 'the re-INVITE');
    ends.out.send({ type: 'answer', description: answer });
    await until(() => kinds(ends.heardIn).includes('answer'), 'its answer');
    await until(() => ends.alice.wire.filter((each) => each === '< ACK').length === 1, 'its ACK');
    ends.out.send({ type: 'offer', description: offer });
    await until(() => kinds(ends.heardIn).filter((kind) => kind === 'offer').length === 2, 'the other one');
    ends.incoming.send({ type: 'refuse', why: 'not-acceptable', text: 'no "video" here' });
    await until(() => kinds(ends.heardOut).includes('refuse'), 'the refusal');
    expect(ends.heardOut.at(-1)).toMatchObject({ type: 'refuse', why: 'not-acceptable' });
  });

  it('settles two re-INVITEs at once (RFC 3261 section 14.1): one side waits and offers again', async () => {
    const ends = await place();
    await connect(ends);
    ends.out.send({ type: 'offer', description: offer });
    ends.incoming.send({ type: 'offer', description: answer });
    await until(() => ends.alice.wire.includes('< 491') && ends.bob.wire.includes('< 491'), 'both refusals');
    // The side that does not own the Call-ID draws from 0 to 2 s, the other from 2.1 to 4 s.
    ends.clock.advance(1_200);
    await until(() => kinds(ends.heardOut).includes('offer'), 'the offer that was tried again');
    expect(kinds(ends.heardOut)).toContain('refuse');
    ends.out.send({ type: 'answer', description: answer });
    await until(() => kinds(ends.heardIn).includes('answer'), 'its answer');
  });

  it('offers again only once the INVITE is acknowledged (RFC 3261 section 14.1)', async () => {
    const ends = await place();
    ends.incoming.send({ type: 'answer', description: answer });
    ends.incoming.send({ type: 'accepted' });
    ends.incoming.send({ type: 'offer', description: offer });
    expect(ends.bob.wire.filter((each) => each === '> INVITE')).toEqual([]);
    await until(() => kinds(ends.heardOut).includes('offer'), 'the re-INVITE');
    expect(ends.bob.wire.indexOf('< ACK')).toBeLessThan(ends.bob.wire.indexOf('> INVITE'));
  });

  it('who offers in place of an answer is taken at that: the far side gets 491', async () => {
    const ends = await place();
    await connect(ends);
    ends.incoming.send({ type: 'offer', description: offer });
    await until(() => kinds(ends.heardOut).includes('offer'), 'the re-INVITE');
    ends.out.send({ type: 'offer', description: offer });
    await until(() => ends.bob.wire.includes('< 491'), 'its refusal');
    await until(() => kinds(ends.heardIn).filter((kind) => kind === 'offer').length === 2, 'the other offer');
    expect(kinds(ends.heardIn)).toContain('refuse');
  });

  it('asks for a transfer, and is over once the far side has made it', async () => {
    const clock = new FakeClock();
    const alice = await openLine('alice', clock);
    const bob = await openLine('bob', clock);
    lines.push(alice, bob);
    const out = new OutgoingSipLeg({
      clock,
      random: () => 0.5,
      agent: alice.agent,
      to: bob.uri,
      from: alice.uri,
    });
    const heard: Signal[] = [];
    out.attach((signal) => heard.push(signal));
    out.send({ type: 'offer', description: offer });
    const call = await bob.calls.next();
    let asked = '';
    call.handle({
      refer: (event) => {
        asked = event.target.uri;
        event.accept()(200);
      },
    });
    call.accept(SDP_ANSWER);
    await until(() => kinds(heard).includes('accepted'), 'the acceptance');
    out.send({ type: 'transfer', target: 'carol' });
    await until(() => endOf(heard) !== undefined, 'the end');
    expect(asked).toMatch(/^sip:carol@127\.0\.0\.1/);
    expect(endOf(heard)).toEqual({ code: 'normal', text: 'transferred to carol' });
    await until(() => bob.wire.includes('< BYE'), 'the BYE');
  });

  it('refuses a transfer that nobody here would make, and says so', async () => {
    const ends = await place();
    await connect(ends);
    const raw = ends.out.sip!;
    let status = 0;
    raw.refer('sip:carol@127.0.0.1', { done: (outcome) => (status = outcome.status) });
    await until(() => status !== 0, 'the answer to REFER');
    expect(status).toBe(603);
    expect(kinds(ends.heardIn)).not.toContain('transfer');
  });

  it('refuses an offer that cannot be read', async () => {
    const clock = new FakeClock();
    const alice = await openLine('alice', clock);
    const bob = await openLine('bob', clock);
    lines.push(alice, bob);
    let refused = 0;
    alice.agent.invite({
      to: bob.uri,
      from: alice.uri,
      body: { type: 'application/sdp', bytes: new TextEncoder().encode('v=0\r\nnonsense') },
      handlers: { refused: (event) => (refused = event.status) },
    });
    const findings: string[] = [];
    const leg = new IncomingSipLeg(await bob.calls.next(), {
      clock,
      random: Math.random,
      onFinding: ({ code }) => findings.push(code),
    });
    const heard: Signal[] = [];
    leg.attach((signal) => heard.push(signal));
    expect(kinds(heard)).toEqual(['end']);
    await until(() => refused !== 0, 'the refusal');
    expect(refused).toBe(400);
    expect(findings).toEqual(['bad-description']);
  });
});

describe('a late offer', () => {
  const late = (): Promise<Ends> => place({ type: 'ask-offer' });
  const textIn = (signals: readonly Signal[], type: 'offer' | 'answer'): string | undefined =>
    signals.flatMap((signal) => (signal.type === type ? [signal.description.text] : [])).at(-1);

  it('goes in the 200, and its answer in the ACK', async () => {
    const ends = await late();
    expect(kinds(ends.heardIn)).toEqual(['ask-offer']);
    ends.incoming.send({ type: 'ringing' });
    ends.incoming.send({ type: 'offer', description: offer });
    ends.incoming.send({ type: 'accepted' });
    await until(() => kinds(ends.heardOut).includes('accepted'), 'the acceptance');
    expect(kinds(ends.heardOut)).toEqual(['ringing', 'offer', 'accepted']);
    expect(textIn(ends.heardOut, 'offer')).toBe(offer.text);
    expect(ends.bob.wire).not.toContain('< ACK');
    ends.out.send({ type: 'answer', description: answer });
    await until(() => kinds(ends.heardIn).includes('answer'), 'the answer in the ACK');
    expect(textIn(ends.heardIn, 'answer')).toBe(answer.text);
    expect(ends.bob.wire).not.toContain('> 183');
  });

  it('goes in a reliable 183 before the call is accepted, and its answer in the PRACK', async () => {
    const ends = await late();
    ends.incoming.send({ type: 'offer', description: offer });
    ends.clock.advance(1);
    await until(() => kinds(ends.heardOut).includes('offer'), 'the offer');
    ends.out.send({ type: 'answer', description: answer });
    await until(() => kinds(ends.heardIn).includes('answer'), 'the answer in the PRACK');
    expect(ends.bob.wire).toContain('< PRACK');
    ends.incoming.send({ type: 'accepted' });
    await until(() => ends.bob.wire.includes('< ACK'), 'the ACK');
    expect(kinds(ends.heardOut)).toEqual(['offer', 'accepted']);
    expect(kinds(ends.heardIn)).toEqual(['ask-offer', 'answer']);
  });

  it('is waited for where the call is accepted first', async () => {
    const ends = await late();
    ends.incoming.send({ type: 'accepted' });
    expect(ends.bob.wire).not.toContain('> 200');
    ends.incoming.send({ type: 'offer', description: offer });
    await until(() => kinds(ends.heardOut).includes('accepted'), 'the acceptance');
    expect(kinds(ends.heardOut)).toEqual(['offer', 'accepted']);
  });

  it('that the ACK does not answer ends the call', async () => {
    const clock = new FakeClock();
    const alice = await openLine('alice', clock);
    const bob = await openLine('bob', clock);
    lines.push(alice, bob);
    alice.agent.invite({ to: bob.uri, from: alice.uri, handlers: { accepted: ({ ack }) => ack() } });
    const leg = new IncomingSipLeg(await bob.calls.next(), { clock, random: Math.random });
    const heard: Signal[] = [];
    leg.attach((signal) => heard.push(signal));
    leg.send({ type: 'offer', description: offer });
    leg.send({ type: 'accepted' });
    await until(() => endOf(heard) !== undefined, 'the end');
    expect(endOf(heard)?.code).toBe('not-acceptable');
    await until(() => bob.wire.includes('> BYE'), 'the BYE');
  });

  it('is asked for in the call too, and answered in the ACK of the re-INVITE', async () => {
    const ends = await place();
    await connect(ends);
    ends.out.send({ type: 'ask-offer' });
    await until(() => kinds(ends.heardIn).includes('ask-offer'), 'the question');
    const fresh = openSdp(offer.text.replace(/^o=(\S+ \S+) \d+/m, 'o=$1 99'));
    ends.incoming.send({ type: 'offer', description: fresh });
    await until(() => kinds(ends.heardOut).includes('offer'), 'the offer');
    expect(textIn(ends.heardOut, 'offer')).toBe(fresh.text);
    ends.out.send({ type: 'answer', description: answer });
    await until(() => kinds(ends.heardIn).includes('answer'), 'its answer');
    expect(kinds(ends.heardIn)).toEqual(['offer', 'ask-offer', 'answer']);
  });

  it('that nobody makes in the call is what was agreed last', async () => {
    const ends = await place();
    await connect(ends);
    ends.out.send({ type: 'ask-offer' });
    await until(() => kinds(ends.heardIn).includes('ask-offer'), 'the question');
    ends.clock.advance(4_000);
    await until(() => kinds(ends.heardOut).includes('offer'), 'the offer');
    expect(textIn(ends.heardOut, 'offer')).toBe(answer.text);
    ends.out.send({ type: 'answer', description: answer });
    await until(() => ends.bob.wire.filter((each) => each === '< ACK').length === 2, 'the ACK');
    expect(kinds(ends.heardIn)).toEqual(['offer', 'ask-offer']);
  });
});
