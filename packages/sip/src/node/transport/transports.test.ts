import { createSocket } from 'node:dgram';
import { connect, createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { AcceptedEvent } from '../agent/call-events.ts';
import { SipAgent } from '../agent/sip-agent.ts';
import type { SipFinding } from '../finding.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import { happening, Stream, until } from '../testing/happening.ts';
import { LAB_CERTIFICATE, LAB_KEY } from '../testing/lab-certificate.ts';
import { type Line, openLine, SDP, SDP_ANSWER, textOf } from '../testing/lines.ts';

const closing: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function line(
  name: string,
  clock: FakeClock,
  options: Parameters<typeof openLine>[2] = {},
): Promise<Line> {
  const opened = await openLine(name, clock, options);
  closing.push(() => opened.agent.close());
  return opened;
}

const TLS = { key: LAB_KEY, cert: LAB_CERTIFICATE, ca: LAB_CERTIFICATE, rejectUnauthorized: false };
const LARGE = { bytes: new TextEncoder().encode(`v=0\r\n${'a=x\r\n'.repeat(500)}`), type: 'application/sdp' };

describe('calls over each transport', () => {
  it.each(['udp', 'tcp', 'tls', 'ws', 'wss'] as const)('%s: there and back', async (transport) => {
    const clock = new FakeClock();
    const [alice, bob] = [
      await line('alice', clock, { transport, tls: TLS }),
      await line('bob', clock, { transport, tls: TLS }),
    ];
    const accepted = happening<AcceptedEvent>();
    const ended = happening();
    alice.agent.invite({
      to: bob.uri,
      from: alice.uri,
      body: SDP,
      target: { transport, host: '127.0.0.1', port: bob.point.port },
      handlers: { accepted: accepted.happen, ended: () => ended.happen() },
    });
    const incoming = await bob.calls.next();
    expect(incoming.invite.via.transport).toBe(transport.toUpperCase());
    const up = happening();
    incoming.handle({ acknowledged: () => up.happen() });
    incoming.accept(SDP_ANSWER);
    await accepted.promise;
    await up.promise;
    incoming.bye();
    await ended.promise;
  });

  it('goes by TCP where a request is too large for a datagram', async () => {
    const clock = new FakeClock();
    const [alice, bob] = [await line('alice', clock), await line('bob', clock)];
    await bob.agent.listen({ transport: 'tcp', host: '127.0.0.1', port: bob.point.port });
    alice.agent.invite({ to: bob.uri, from: alice.uri, body: LARGE });
    expect((await bob.calls.next()).invite.via.transport).toBe('TCP');
  });

  it('goes back to UDP where nobody listens on TCP', async () => {
    const clock = new FakeClock();
    const [alice, bob] = [await line('alice', clock), await line('bob', clock)];
    alice.agent.invite({ to: bob.uri, from: alice.uri, body: LARGE });
    const incoming = await bob.calls.next();
    expect(incoming.invite.via.transport).toBe('UDP');
    expect(textOf(incoming.body)).toBe(textOf(LARGE));
    expect(alice.findings.map(({ code }) => code)).toEqual(['connection-failed']);
  });
});

describe('what must not disturb', () => {
  it('a flood of 10,000 datagrams that are no SIP: a call goes on, a few findings tell of it', async () => {
    const clock = new FakeClock();
    const [alice, bob] = [await line('alice', clock), await line('bob', clock)];
    const noise = createSocket('udp4');
    closing.push(() => noise.close());
    const garbage = new TextEncoder().encode('GARBAGE '.repeat(40));
    for (let sent = 0; sent < 10_000; sent += 1) {
      noise.send(garbage, bob.point.port, '127.0.0.1');
      if (sent % 500 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    const accepted = happening<AcceptedEvent>();
    alice.agent.invite({ to: bob.uri, from: alice.uri, body: SDP, handlers: { accepted: accepted.happen } });
    // The kernel drops what is too much for the socket, an INVITE too: that is what retransmission is for.
    let isUp = false;
    void bob.calls.next().then((call) => call.accept(SDP_ANSWER));
    void accepted.promise.then(() => {
      isUp = true;
    });
    let turns = 0;
    await until(() => {
      turns += 1;
      if (turns % 200 === 0) clock.advance(500);
      return isUp;
    }, 'the call is up');
    expect(bob.findings.length).toBeGreaterThan(0);
    expect(bob.findings.length).toBeLessThan(200);
    expect(bob.findings.map(({ code }) => code)).toContain('flood');
  });

  it('a request without what it must have is answered 400, a response is not answered', async () => {
    const clock = new FakeClock();
    const bob = await line('bob', clock);
    const socket = createSocket('udp4');
    closing.push(() => socket.close());
    const answers = new Stream<string>();
    socket.on('message', (bytes) => answers.push(bytes.toString()));
    await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
    const via = `Via: SIP/2.0/UDP 127.0.0.1:${socket.address().port};branch=z9hG4bKbad`;
    const head = `From: <sip:a@x>;tag=1\r\nTo: <sip:b@x>\r\nCall-ID: 1\r\n`;
    socket.send(`SIP/2.0 200 OK\r\n${via}\r\n${head}CSeq: x\r\n\r\n`, bob.point.port, '127.0.0.1');
    socket.send(
      `OPTIONS sip:b@x SIP/2.0\r\n${via}\r\n${head}CSeq: x OPTIONS\r\n\r\n`,
      bob.point.port,
      '127.0.0.1',
    );
    expect(await answers.next()).toMatch(/^SIP\/2\.0 400 /);
    expect(bob.findings.map(({ code }) => code)).toEqual(['malformed', 'malformed']);
  });

  it('a stream that is no SIP is closed, a WebSocket without the subprotocol refused', async () => {
    const clock = new FakeClock();
    const bob = await line('bob', clock, { transport: 'tcp' });
    const ws = await bob.agent.listen({ transport: 'ws', host: '127.0.0.1', port: 0 });
    const socket = connect(bob.point.port, '127.0.0.1');
    const closed = happening();
    socket.on('close', () => closed.happen());
    socket.on('error', () => {});
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await closed.promise;
    const refused = happening<string>();
    const other = new WebSocket(`ws://127.0.0.1:${ws.port}/`, 'chat');
    other.on('error', (error) => refused.happen(error.message));
    expect(await refused.promise).toContain('400');
    await until(() => bob.agent.counts.connections === 0, 'nothing is left');
  });

  it('more connections than there is room for', async () => {
    const clock = new FakeClock();
    const bob = await line('bob', clock, { transport: 'tcp', limits: { connectionsPerAddress: 2 } });
    const sockets = [1, 2, 3].map(() => connect(bob.point.port, '127.0.0.1'));
    for (const socket of sockets) socket.on('error', () => {});
    closing.push(() => sockets.forEach((socket) => void socket.destroy()));
    await until(() => bob.findings.length === 1, 'the third is refused');
    expect(bob.findings[0]?.code).toBe('too-many-connections');
    expect(bob.agent.counts.connections).toBe(2);
  });

  it('connections on which nothing comes are closed; a keep-alive is answered and keeps them', async () => {
    const clock = new FakeClock();
    const bob = await line('bob', clock, { transport: 'tcp', limits: { idle: 60_000 } });
    const socket = connect(bob.point.port, '127.0.0.1');
    const pong = happening<string>();
    const closed = happening();
    socket.on('data', (bytes) => pong.happen(bytes.toString()));
    socket.on('close', () => closed.happen());
    await until(() => bob.agent.counts.connections === 1, 'it is open');
    clock.advance(59_000);
    socket.write('\r\n\r\n');
    expect(await pong.promise).toBe('\r\n');
    clock.advance(30_000);
    expect(bob.agent.counts.connections).toBe(1);
    clock.advance(60_000);
    await closed.promise;
    expect(bob.agent.counts.connections).toBe(0);
  });
});

describe('a registration', () => {
  it('notices a dead connection by its keep-alive, and registers anew', async () => {
    const clock = new FakeClock();
    const registers = new Stream<string>();
    // A registrar that answers REGISTER and never a keep-alive.
    const server = createServer((socket) => {
      socket.on('error', () => {});
      socket.on('data', (bytes) => {
        const text = bytes.toString();
        if (!text.startsWith('REGISTER')) return;
        registers.push(text);
        const lines = text.split('\r\n').filter((each) => /^(Via|From|To|Call-ID|CSeq|Contact):/.test(each));
        socket.write(`SIP/2.0 200 OK\r\n${lines.join('\r\n')}\r\nExpires: 600\r\nContent-Length: 0\r\n\r\n`);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closing.push(() => server.close());
    const { port } = server.address() as { port: number };
    const found: SipFinding[] = [];
    const agent = new SipAgent({ clock, onFinding: (finding) => found.push(finding) });
    closing.push(() => agent.close());
    const registered = new Stream<number>();
    agent.register({
      registrar: `sip:127.0.0.1:${port};transport=tcp`,
      aor: 'sip:alice@lab.example',
      keepAlive: 30_000,
      handlers: { registered: ({ expires }) => registered.push(expires) },
    });
    expect(await registered.next()).toBe(600);
    expect(await registers.next()).toContain('.invalid');
    clock.advance(30_000);
    clock.advance(10_000);
    expect(await registered.next()).toBe(600);
    expect(await registers.next()).toContain('CSeq: 2 REGISTER');
  });
});

describe('the certificate of a TLS peer', () => {
  it.each([
    ['lab.example', 200],
    ['other.example', 503],
  ])('must bear the name that was meant: %s', async (name, expected) => {
    const clock = new FakeClock();
    const bob = await line('bob', clock, { transport: 'tls', tls: { key: LAB_KEY, cert: LAB_CERTIFICATE } });
    const alice = await line('alice', clock, { transport: 'tcp', tls: { ca: LAB_CERTIFICATE } });
    const status = happening<number>();
    alice.agent.request({
      method: 'OPTIONS',
      to: 'sip:bob@lab.example',
      from: alice.uri,
      target: { transport: 'tls', host: '127.0.0.1', port: bob.point.port, name },
      done: (outcome) => status.happen(outcome.status),
    });
    expect(await status.promise).toBe(expected);
  });
});
