import { createSocket, type Socket } from 'node:dgram';
import { afterEach, describe, expect, it } from 'vitest';
import { SipProxy } from '../proxy/sip-proxy.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import { happening, Stream, until } from '../testing/happening.ts';
import { type Line, openLine, SDP, SDP_ANSWER } from '../testing/lines.ts';
import type { AcceptedEvent } from './call-events.ts';

const closing: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function line(name: string, clock: FakeClock): Promise<Line> {
  const opened = await openLine(name, clock);
  closing.push(() => opened.agent.close());
  return opened;
}

/** A socket that speaks for itself, and what came to it. */
async function bare(): Promise<{ socket: Socket; port: number; messages: Stream<string> }> {
  const socket = createSocket('udp4');
  const messages = new Stream<string>();
  socket.on('message', (bytes) => messages.push(bytes.toString()));
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  closing.push(() => new Promise<void>((resolve) => void socket.close(() => resolve())));
  return { socket, port: socket.address().port, messages };
}

function invite(port: number, changes: Readonly<Record<string, string>> = {}): string {
  const fields = {
    Via: `SIP/2.0/UDP 127.0.0.1:${port};branch=z9hG4bKone`,
    From: '<sip:eve@x.example>;tag=e1',
    To: '<sip:bob@x.example>',
    'Call-ID': 'call-1',
    CSeq: '1 INVITE',
    Contact: `<sip:eve@127.0.0.1:${port}>`,
    'Max-Forwards': '70',
    'Content-Length': '0',
    ...changes,
  };
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
  return `INVITE sip:bob@x.example SIP/2.0\r\n${lines.join('')}\r\n`;
}

/** The header lines of a message that a response copies. */
function copied(message: string): string {
  return message
    .split('\r\n')
    .filter((each) => /^(Via|From|Call-ID|CSeq|Record-Route):/.test(each))
    .join('\r\n');
}

describe('what one user agent must stand', () => {
  it('the same request twice is one call; by two ways it is 482', async () => {
    const bob = await line('bob', new FakeClock());
    const { socket, port, messages } = await bare();
    socket.send(invite(port), bob.point.port, '127.0.0.1');
    const call = await bob.calls.next();
    call.ring();
    expect(await messages.next()).toMatch(/^SIP\/2\.0 180 /);
    socket.send(invite(port), bob.point.port, '127.0.0.1');
    expect(await messages.next()).toMatch(/^SIP\/2\.0 180 /);
    const merged = invite(port, { Via: `SIP/2.0/UDP 127.0.0.1:${port};branch=z9hG4bKother` });
    socket.send(merged, bob.point.port, '127.0.0.1');
    expect(await messages.next()).toMatch(/^SIP\/2\.0 482 /);
  });

  it('a client of RFC 2543: no cookie in the branch, and still one transaction with its ACK', async () => {
    const bob = await line('bob', new FakeClock());
    const { socket, port, messages } = await bare();
    const old = invite(port, { Via: `SIP/2.0/UDP 127.0.0.1:${port}` });
    socket.send(old, bob.point.port, '127.0.0.1');
    (await bob.calls.next()).refuse(486);
    const refusal = await messages.next();
    expect(refusal).toMatch(/^SIP\/2\.0 486 /);
    const to = /^To: (.*)$/m.exec(refusal)![1]!.trim();
    const ack = invite(port, { Via: `SIP/2.0/UDP 127.0.0.1:${port}`, To: to, CSeq: '1 ACK' });
    socket.send(ack.replace(/^INVITE/, 'ACK'), bob.point.port, '127.0.0.1');
    await until(() => bob.wire.includes('< ACK'), 'the ACK');
    expect(bob.findings).toEqual([]);
  });

  it('two forks that both answer: the first is the call, the second is acknowledged and hung up', async () => {
    const clock = new FakeClock();
    const alice = await line('alice', clock);
    const { socket, port, messages } = await bare();
    const accepted = happening<AcceptedEvent>();
    const call = alice.agent.invite({
      to: `sip:many@127.0.0.1:${port}`,
      from: alice.uri,
      body: SDP,
      handlers: { accepted: accepted.happen },
    });
    const request = await messages.next();
    for (const tag of ['one', 'two']) {
      const head = `${copied(request)}\r\nTo: <sip:many@127.0.0.1:${port}>;tag=${tag}`;
      const contact = `Contact: <sip:${tag}@127.0.0.1:${port}>`;
      socket.send(
        `SIP/2.0 200 OK\r\n${head}\r\n${contact}\r\nContent-Length: 0\r\n\r\n`,
        alice.point.port,
        '127.0.0.1',
      );
    }
    expect((await accepted.promise).tag).toBe('one');
    const seen = [await messages.next(), await messages.next(), await messages.next()];
    expect(seen.map((each) => each.split(' SIP/2.0', 1)[0])).toEqual([
      `ACK sip:one@127.0.0.1:${port}`,
      `ACK sip:two@127.0.0.1:${port}`,
      `BYE sip:two@127.0.0.1:${port}`,
    ]);
    expect(call.state).toBe('confirmed');
  });

  it('requests cut and changed anywhere: nothing throws, nothing stays', async () => {
    const clock = new FakeClock();
    const bob = await line('bob', clock);
    const { socket, port } = await bare();
    const text = invite(port);
    for (let at = 0; at < text.length; at += 1) {
      socket.send(text.slice(0, at), bob.point.port, '127.0.0.1');
      socket.send(`${text.slice(0, at)}\x00;<"${text.slice(at + 3)}`, bob.point.port, '127.0.0.1');
      if (at % 20 === 0) await new Promise((resolve) => setImmediate(resolve));
      if (at % 40 === 0) clock.advance(1000);
    }
    const alice = await line('alice', clock);
    const answered = happening<number>();
    alice.agent.request({
      method: 'OPTIONS',
      to: bob.uri,
      from: alice.uri,
      done: ({ status }) => answered.happen(status),
    });
    expect(await answered.promise).toBe(200);
    expect(bob.findings.filter(({ code }) => code === 'handler-failed')).toEqual([]);
  });

  it('200 calls one after the other leave nothing behind, in the agents and in the proxy', async () => {
    const clock = new FakeClock();
    const proxy = new SipProxy({ domains: ['lab.example'], clock });
    closing.push(() => proxy.close());
    const { port } = await proxy.listen({ transport: 'udp', host: '127.0.0.1', port: 0 });
    const [alice, bob] = [await line('alice', clock), await line('bob', clock)];
    const target = { transport: 'udp', host: '127.0.0.1', port } as const;
    const registered = happening();
    bob.agent.register({
      registrar: `sip:127.0.0.1:${port}`,
      aor: `sip:bob@127.0.0.1:${port}`,
      handlers: { registered: () => registered.happen() },
    });
    await registered.promise;
    for (let made = 0; made < 200; made += 1) {
      const ended = happening();
      const call = alice.agent.invite({
        to: `sip:bob@127.0.0.1:${port}`,
        from: alice.uri,
        target,
        body: SDP,
        handlers: { accepted: () => call.bye() },
      });
      const incoming = await bob.calls.next();
      incoming.handle({ ended: () => ended.happen() });
      incoming.accept(SDP_ANSWER);
      await ended.promise;
    }
    await until(() => alice.wire.filter((word) => word === '< 200').length === 400, 'every BYE is answered');
    clock.advance(64_000);
    const nothing = { client: 0, server: 0, connections: 0 };
    expect(proxy.counts).toMatchObject(nothing);
    expect(alice.agent.counts).toMatchObject({ ...nothing, dialogs: 0 });
    expect(bob.agent.counts).toMatchObject({ ...nothing, dialogs: 0, registrations: 1 });
    expect(clock.pending).toBe(2);
  });
});
