import { describe, expect, it } from 'vitest';
import { lines, pair, up } from '../testing/calls.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import { happening, Stream } from '../testing/happening.ts';
import { SDP, SDP_ANSWER, textOf } from '../testing/lines.ts';
import { TrustedHops } from '../transport/trusted-hops.ts';
import type { EndedEvent, InfoEvent, ReferEvent } from './call-events.ts';

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
    const trusted = new TrustedHops();
    const trusting = await pair({ trusted });
    trusted.add({ transport: 'udp', host: '127.0.0.1', port: trusting.alice.point.port });
    const headers = [['P-Asserted-Identity', '<sip:boss@lab.example>']] as const;
    trusting.alice.agent.invite({ to: trusting.bob.uri, from: trusting.alice.uri, headers });
    expect((await trusting.bob.calls.next()).assertedIdentities[0]?.uri).toBe('sip:boss@lab.example');
    // Another program of the same machine, with the same words.
    const wary = await pair({ trusted });
    wary.alice.agent.invite({ to: wary.bob.uri, from: wary.alice.uri, headers });
    expect((await wary.bob.calls.next()).assertedIdentities).toEqual([]);
    expect(wary.bob.findings[0]?.code).toBe('untrusted-identity');
  });
});
