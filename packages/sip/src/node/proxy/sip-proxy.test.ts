import { afterEach, describe, expect, it } from 'vitest';
import type { AcceptedEvent, EndedEvent, RefusedEvent } from '../agent/call-events.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import { happening, until } from '../testing/happening.ts';
import { type Line, openLine, SDP, SDP_ANSWER, textOf, wireWord } from '../testing/lines.ts';
import type { SipTransport } from '../transport/flow.ts';
import { TrustedHops } from '../transport/trusted-hops.ts';
import { type ProxyOptions, SipProxy } from './sip-proxy.ts';

const PASSWORDS = new Map([
  ['alice', 'a-secret'],
  ['bob', 'b-secret'],
]);

const closing: (() => Promise<void>)[] = [];

afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

interface Exchange {
  readonly proxy: SipProxy;
  readonly clock: FakeClock;
  readonly port: number;
  readonly wire: string[];
  line(name: string, transport?: SipTransport): Promise<Line>;
  register(line: Line, name: string, password?: string): Promise<number>;
}

async function openExchange(options: Partial<ProxyOptions> = {}): Promise<Exchange> {
  const clock = new FakeClock();
  const wire: string[] = [];
  const proxy = new SipProxy({
    domains: ['lab.example'],
    gate: { realm: 'lab.example', passwordOf: (user) => PASSWORDS.get(user) },
    clock,
    tap: ({ direction, bytes }) => wire.push(wireWord(direction, bytes)),
    ...options,
  });
  closing.push(() => proxy.close());
  const { port } = await proxy.listen({ transport: 'tcp', host: '127.0.0.1', port: 0 });
  await proxy.listen({ transport: 'udp', host: '127.0.0.1', port });
  const ws = await proxy.listen({ transport: 'ws', host: '127.0.0.1', port: 0 });
  const target = (transport: SipTransport) => {
    const at = transport === 'ws' ? ws.port : port;
    return new Map([['lab.example', { host: '127.0.0.1', port: at, transport }]]);
  };
  const line = async (name: string, transport: SipTransport = 'udp') => {
    const credentials = { user: name, password: PASSWORDS.get(name) ?? '' };
    const opened = await openLine(name, clock, {
      hosts: target(transport),
      credentials,
      // A page cannot listen: its agent has connections only.
      ...(transport === 'ws' ? { transport: 'udp' } : { transport }),
    });
    closing.push(() => opened.agent.close());
    return opened;
  };
  const register = (opened: Line, name: string, password?: string) =>
    new Promise<number>((resolve) => {
      opened.agent.register({
        registrar: 'sip:lab.example',
        aor: `sip:${name}@lab.example`,
        ...(password === undefined ? {} : { credentials: { user: name, password } }),
        handlers: { registered: () => resolve(200), failed: ({ status }) => resolve(status) },
      });
    });
  return { proxy, clock, port, wire, line, register };
}

describe('the registrar', () => {
  it('asks for the password and lets the right one in (RFC 3665 section 2.1)', async () => {
    const { proxy, line, register } = await openExchange();
    const bob = await line('bob');
    expect(await register(bob, 'bob')).toBe(200);
    expect(bob.wire).toEqual(['> REGISTER', '< 401', '> REGISTER', '< 200']);
    expect(proxy.counts.users).toBe(1);
  });

  it('refuses a wrong password, and says so once', async () => {
    const findings: string[] = [];
    const { line, register, proxy } = await openExchange({ onFinding: ({ code }) => findings.push(code) });
    const bob = await line('bob');
    expect(await register(bob, 'bob', 'wrong')).toBe(401);
    expect(findings).toEqual(['authentication-failed']);
    expect(proxy.counts.users).toBe(0);
  });

  it('forgets who leaves and who does not come back', async () => {
    const { proxy, line, register, clock } = await openExchange();
    const [alice, bob] = [await line('alice'), await line('bob')];
    await register(alice, 'alice');
    const left = happening();
    const registered = happening();
    const registration = bob.agent.register({
      registrar: 'sip:lab.example',
      aor: 'sip:bob@lab.example',
      handlers: { registered: () => registered.happen(), unregistered: () => left.happen() },
    });
    await registered.promise;
    registration.unregister();
    await left.promise;
    expect(proxy.counts.users).toBe(1);
    await alice.agent.close();
    clock.advance(700_000);
    expect(proxy.counts.users).toBe(0);
  });

  it('wants longer registrations than it is asked for: 423', async () => {
    const { line } = await openExchange({ registrar: { minExpires: 120 } });
    const bob = await line('bob');
    const expires = await new Promise<number>((resolve) => {
      bob.agent.register({
        registrar: 'sip:lab.example',
        aor: 'sip:bob@lab.example',
        expires: 5,
        handlers: { registered: (event) => resolve(event.expires) },
      });
    });
    expect(expires).toBe(120);
    expect(bob.wire).toContain('< 423');
  });
});

describe('the proxy', () => {
  it('carries a call from user to user, stays in its path and forgets it', async () => {
    const { proxy, clock, line, register } = await openExchange();
    const [alice, bob] = [await line('alice'), await line('bob')];
    await register(bob, 'bob');
    const accepted = happening<AcceptedEvent>();
    const ended = happening<EndedEvent>();
    alice.agent.invite({
      to: 'sip:bob@lab.example',
      from: 'sip:alice@lab.example',
      body: SDP,
      handlers: { accepted: accepted.happen, ended: ended.happen },
    });
    const incoming = await bob.calls.next();
    expect(incoming.invite.recordRoutes).toHaveLength(1);
    expect(incoming.invite.has('Proxy-Authorization')).toBe(false);
    expect(incoming.invite.maxForwards).toBe(69);
    const acknowledged = happening();
    incoming.handle({ acknowledged: () => acknowledged.happen() });
    incoming.ring();
    incoming.accept(SDP_ANSWER);
    expect(textOf((await accepted.promise).body)).toBe(textOf(SDP_ANSWER));
    await acknowledged.promise;
    incoming.bye();
    expect((await ended.promise).why).toBe('bye');
    await until(() => bob.wire.at(-1) === '< 200', 'the end of BYE');
    clock.advance(200_000);
    expect(proxy.counts).toMatchObject({ client: 0, server: 0 });
  });

  it('rings two phones; who loses is cancelled and told why', async () => {
    const { line, register } = await openExchange();
    const [alice, desk, mobile] = [await line('alice'), await line('bob'), await line('bob')];
    await register(desk, 'bob');
    await register(mobile, 'bob');
    const accepted = happening<AcceptedEvent>();
    const tags = new Set<string>();
    alice.agent.invite({
      to: 'sip:bob@lab.example',
      from: 'sip:alice@lab.example',
      body: SDP,
      handlers: { accepted: accepted.happen, provisional: ({ tag }) => tags.add(tag) },
    });
    const [first, second] = [await desk.calls.next(), await mobile.calls.next()];
    const reason = happening<number | undefined>();
    second.handle({ cancelled: (reasons) => reason.happen(reasons[0]?.cause) });
    first.ring();
    second.ring();
    await until(() => tags.size === 2, 'two early dialogs');
    first.accept(SDP_ANSWER);
    await accepted.promise;
    expect(await reason.promise).toBe(200);
  });

  it.each([
    ['unknown user', 'sip:nobody@lab.example', 404],
    ['user who is not there', 'sip:bob@lab.example', 480],
    ['foreign domain, by a stranger', 'sip:carol@127.0.0.9:5099', 403],
  ])('refuses: %s', async (_name, to, status) => {
    const { line, proxy, port } = await openExchange();
    const stranger = await line('stranger');
    const refused = happening<RefusedEvent>();
    stranger.agent.invite({
      to,
      from: 'sip:stranger@elsewhere.example',
      body: SDP,
      target: { transport: 'udp', host: '127.0.0.1', port },
      handlers: { refused: refused.happen },
    });
    expect((await refused.promise).status).toBe(status);
    expect(proxy.counts.refusedRelays).toBe(status === 403 ? 1 : 0);
  });

  it('refuses a caller of another domain where it takes no guests', async () => {
    const { line, port } = await openExchange({ guests: false });
    const stranger = await line('stranger');
    const refused = happening<RefusedEvent>();
    stranger.agent.invite({
      to: 'sip:bob@lab.example',
      from: 'sip:stranger@elsewhere.example',
      body: SDP,
      target: { transport: 'udp', host: '127.0.0.1', port },
      handlers: { refused: refused.happen },
    });
    expect((await refused.promise).status).toBe(403);
  });

  it('relays nothing for a Route that was made up', async () => {
    const { line, proxy, port } = await openExchange();
    const [stranger, victim] = [await line('stranger'), await line('victim')];
    const outcome = happening<number>();
    stranger.agent.request({
      method: 'INVITE',
      to: victim.uri,
      from: 'sip:x@elsewhere.example',
      headers: [['Route', `<sip:127.0.0.1:${port};lr;d=0123456789abcdef>`]],
      done: ({ status }) => outcome.happen(status),
    });
    expect(await outcome.promise).toBe(403);
    expect(proxy.counts.refusedRelays).toBe(1);
    expect(victim.wire).toEqual([]);
  });

  it('counts hops: 483', async () => {
    const { line, port } = await openExchange();
    const stranger = await line('stranger');
    const refused = happening<RefusedEvent>();
    stranger.agent.invite({
      to: 'sip:bob@lab.example',
      from: 'sip:stranger@elsewhere.example',
      maxForwards: 0,
      target: { transport: 'udp', host: '127.0.0.1', port },
      handlers: { refused: refused.happen },
    });
    expect((await refused.promise).status).toBe(483);
  });

  it('meets itself: a loop is 482 and a finding', async () => {
    const findings: string[] = [];
    let port = 0;
    const trusted = new TrustedHops();
    const exchange = await openExchange({
      onFinding: ({ code }) => findings.push(code),
      trusted,
      route: () => `sip:round@lab.example`,
      hosts: { get: () => ({ host: '127.0.0.1', port, transport: 'udp' }) } as unknown as ReadonlyMap<
        string,
        { host: string }
      >,
    });
    port = exchange.port;
    const alice = await exchange.line('alice');
    for (const each of [port, alice.point.port])
      trusted.add({ transport: 'udp', host: '127.0.0.1', port: each });
    const refused = happening<RefusedEvent>();
    alice.agent.invite({
      to: 'sip:round@lab.example',
      from: 'sip:alice@lab.example',
      handlers: { refused: refused.happen },
    });
    expect((await refused.promise).status).toBe(482);
    expect(findings).toContain('loop');
  });

  it('reaches a page over its WebSocket, in both directions and within the call', async () => {
    const { proxy, line, register } = await openExchange();
    const [page, bob] = [await line('alice', 'ws'), await line('bob')];
    await register(page, 'alice');
    expect(proxy.counts.connections).toBe(1);
    const accepted = happening<AcceptedEvent>();
    const call = bob.agent.invite({
      to: 'sip:alice@lab.example',
      from: 'sip:bob@lab.example',
      body: SDP,
      handlers: { accepted: accepted.happen },
    });
    const incoming = await page.calls.next();
    expect(incoming.invite.recordRoutes).toHaveLength(2);
    const acknowledged = happening();
    const hungUp = happening<EndedEvent>();
    incoming.handle({ acknowledged: () => acknowledged.happen(), ended: hungUp.happen });
    incoming.accept(SDP_ANSWER);
    await accepted.promise;
    await acknowledged.promise;
    call.bye();
    expect((await hungUp.promise).by).toBe('remote');
    const back = happening<AcceptedEvent>();
    const backEnded = happening<EndedEvent>();
    await register(bob, 'bob');
    page.agent.invite({
      to: 'sip:bob@lab.example',
      from: 'sip:alice@lab.example',
      body: SDP,
      handlers: { accepted: back.happen, ended: backEnded.happen },
    });
    const second = await bob.calls.next();
    const up = happening();
    second.handle({ acknowledged: () => up.happen() });
    second.accept(SDP_ANSWER);
    await back.promise;
    await up.promise;
    second.bye();
    expect((await backEnded.promise).by).toBe('remote');
  });

  it('forgets a page whose connection is gone', async () => {
    const { proxy, line, register } = await openExchange();
    const page = await line('alice', 'ws');
    await register(page, 'alice');
    await page.agent.close();
    await until(() => proxy.counts.connections === 0, 'the connection is gone');
    expect(proxy.counts.users).toBe(0);
  });
});
