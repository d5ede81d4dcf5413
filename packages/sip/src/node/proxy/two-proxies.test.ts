import { afterEach, describe, expect, it } from 'vitest';
import type { AcceptedEvent, EndedEvent, RefusedEvent } from '../agent/call-events.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import { happening, until } from '../testing/happening.ts';
import { LAB_CERTIFICATE, LAB_KEY } from '../testing/lab-certificate.ts';
import { type Line, openLine, SDP, SDP_ANSWER } from '../testing/lines.ts';
import type { SipTarget, SipTransport } from '../transport/flow.ts';
import { SipProxy } from './sip-proxy.ts';

const closing: (() => Promise<void>)[] = [];

afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

const TLS = { key: LAB_KEY, cert: LAB_CERTIFICATE, rejectUnauthorized: false };

interface Side {
  readonly proxy: SipProxy;
  readonly line: Line;
}

/** Two domains, each with a proxy and one user who is registered there, joined over one transport. */
async function trapezoid(clock: FakeClock, between: SipTransport): Promise<{ a: Side; b: Side }> {
  const hosts = new Map<string, SipTarget>();
  const open = async (domain: string, user: string): Promise<Side> => {
    const proxy = new SipProxy({
      domains: [domain],
      gate: { realm: domain, passwordOf: (name) => (name === user ? 'secret' : undefined) },
      clock,
      hosts,
      tls: TLS,
    });
    closing.push(() => proxy.close());
    const { port } = await proxy.listen({ transport: 'udp', host: '127.0.0.1', port: 0 });
    const outer =
      between === 'udp' ? { port } : await proxy.listen({ transport: between, host: '127.0.0.1', port: 0 });
    // A connection to a name is another than one to an address: requests within the call come over a second one.
    const name = between === 'tls' ? { name: 'lab.example' } : {};
    hosts.set(domain, { transport: between, host: '127.0.0.1', port: outer.port, ...name });
    const line = await openLine(user, clock, {
      hosts: { get: () => ({ host: '127.0.0.1', port, transport: 'udp' }) } as unknown as Map<
        string,
        SipTarget
      >,
      credentials: { user, password: 'secret' },
    });
    closing.push(() => line.agent.close());
    const registered = happening();
    line.agent.register({
      registrar: `sip:${domain}`,
      aor: `sip:${user}@${domain}`,
      handlers: { registered: () => registered.happen() },
    });
    await registered.promise;
    return { proxy, line };
  };
  return { a: await open('a.example', 'alice'), b: await open('b.example', 'bob') };
}

describe('two domains (RFC 3665 section 3.2)', () => {
  it.each(['udp', 'tcp', 'tls'] as const)(
    'joined over %s: a call there, hung up from here and from there',
    async (between) => {
      const clock = new FakeClock();
      const { a, b } = await trapezoid(clock, between);
      for (const who of ['caller', 'callee'] as const) {
        const accepted = happening<AcceptedEvent>();
        const ended = happening<EndedEvent>();
        const call = a.line.agent.invite({
          to: 'sip:bob@b.example',
          from: 'sip:alice@a.example',
          target: { transport: 'udp', host: '127.0.0.1', port: a.proxy.endpoint.transports.points[0]!.port },
          body: SDP,
          handlers: { accepted: accepted.happen, ended: ended.happen },
        });
        const incoming = await b.line.calls.next();
        expect(incoming.invite.maxForwards).toBe(68);
        const up = happening();
        incoming.handle({ acknowledged: () => up.happen(), ended: ended.happen });
        incoming.ring();
        incoming.accept(SDP_ANSWER);
        await accepted.promise;
        await up.promise;
        if (who === 'caller') call.bye();
        else incoming.bye();
        await ended.promise;
      }
      await until(() => b.line.wire.at(-1) === '< 200', 'the last BYE is answered');
      clock.advance(200_000);
      expect(a.proxy.counts).toMatchObject({ client: 0, server: 0, refusedRelays: 0 });
      expect(b.proxy.counts).toMatchObject({ client: 0, server: 0, refusedRelays: 0 });
    },
  );

  it('a refusal arrives as its own reason', async () => {
    const { a, b } = await trapezoid(new FakeClock(), 'udp');
    const refused = happening<RefusedEvent>();
    a.line.agent.invite({
      to: 'sip:bob@b.example',
      from: 'sip:alice@a.example',
      target: { transport: 'udp', host: '127.0.0.1', port: a.proxy.endpoint.transports.points[0]!.port },
      body: SDP,
      handlers: { refused: refused.happen },
    });
    (await b.line.calls.next()).refuse(603, undefined, [['Reason', 'Q.850;cause=21;text="no"']]);
    expect(await refused.promise).toMatchObject({ status: 603, reasons: [{ protocol: 'Q.850', cause: 21 }] });
  });

  it('a far proxy that is gone: the caller learns it within the timers', async () => {
    const clock = new FakeClock();
    const { a, b } = await trapezoid(clock, 'udp');
    await b.proxy.close();
    const refused = happening<RefusedEvent>();
    a.line.agent.invite({
      to: 'sip:bob@b.example',
      from: 'sip:alice@a.example',
      target: { transport: 'udp', host: '127.0.0.1', port: a.proxy.endpoint.transports.points[0]!.port },
      body: SDP,
      handlers: { refused: refused.happen },
    });
    // 100 of the near proxy, so that the caller's own timer is not the one that ends it.
    await until(() => a.line.wire.includes('< 100'), 'the near proxy took it');
    clock.advance(33_000);
    expect((await refused.promise).status).toBe(408);
  });
});
