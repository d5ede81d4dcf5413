import { createSocket } from 'node:dgram';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { FakeClock } from '../testing/fake-clock.ts';
import { happening } from '../testing/happening.ts';
import { LAB_CERTIFICATE, LAB_KEY } from '../testing/lab-certificate.ts';
import { type Line, openLine, SDP } from '../testing/lines.ts';
import type { TlsIdentity } from '../transport/tls-identity.ts';
import { TrustedHops } from '../transport/trusted-hops.ts';
import type { RefusedEvent } from './call-events.ts';
import type { AgentOptions } from './sip-agent.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

type Options = AgentOptions & { readonly transport?: 'udp' | 'tcp' | 'tls' };

async function line(name: string, options: Options): Promise<Line> {
  const opened = await openLine(name, new FakeClock(), options);
  closing.push(() => opened.agent.close());
  return opened;
}

/** An INVITE that says of itself that it comes from `claimed`, in every header that can say so. */
function forgedInvite(transport: 'UDP' | 'TCP', claimed: string, to: Line): string {
  const body = 'v=0\r\n';
  return [
    `INVITE ${to.uri} SIP/2.0`,
    `Via: SIP/2.0/${transport} ${claimed};branch=z9hG4bKforged;rport`,
    'Max-Forwards: 70',
    `From: <sip:boss@lab.example>;tag=1`,
    `To: <${to.uri}>`,
    'Call-ID: forged@lab.example',
    'CSeq: 1 INVITE',
    `Contact: <sip:boss@${claimed}>`,
    'P-Asserted-Identity: <sip:boss@lab.example>',
    'Content-Type: application/sdp',
    `Content-Length: ${body.length}`,
    '',
    body,
  ].join('\r\n');
}

/** The first line of the final response to it, sent from a socket that is not the claimed one. */
function answerOverUdp(text: string, port: number): Promise<string> {
  const socket = createSocket('udp4');
  closing.push(() => socket.close());
  return new Promise((resolve) => {
    socket.on('message', (bytes) => {
      const first = bytes.toString().split('\r\n')[0]!;
      if (!/^SIP\/2\.0 1/.test(first)) resolve(first);
    });
    socket.send(text, port, '127.0.0.1');
  });
}

function answerOverTcp(text: string, port: number): Promise<string> {
  const socket = connect(port, '127.0.0.1', () => socket.write(text));
  closing.push(() => socket.destroy());
  return new Promise((resolve) => {
    socket.on('data', (bytes) => {
      const final = /^SIP\/2\.0 [2-6].*$/m.exec(bytes.toString());
      if (final !== null) resolve(final[0].trim());
    });
  });
}

/** The status of a refusal, or 200 where the call rang. */
async function outcome(caller: Line, callee: Line, transport: 'udp' | 'tcp' | 'tls'): Promise<number> {
  const refused = happening<RefusedEvent>();
  caller.agent.invite({
    to: callee.uri,
    from: 'sip:boss@lab.example',
    body: SDP,
    target: { transport, host: '127.0.0.1', port: callee.point.port, name: 'lab.example' },
    handlers: { refused: refused.happen },
  });
  return Promise.race([
    refused.promise.then(({ status }) => status),
    callee.calls.next().then((call) => {
      call.refuse(486);
      return 200;
    }),
  ]);
}

describe('an INVITE that a known next hop must bring', () => {
  it('over UDP: the socket of the hop counts, and not what a message says of itself', async () => {
    const hop = await line('hop', {});
    const trusted = new TrustedHops([{ transport: 'udp', host: '127.0.0.1', port: hop.point.port }]);
    const server = await line('server', { trusted, strangers: 'refuse' });
    const claimed = `127.0.0.1:${hop.point.port}`;
    expect(await answerOverUdp(forgedInvite('UDP', claimed, server), server.point.port)).toBe(
      'SIP/2.0 403 Forbidden',
    );
    expect(server.findings.map(({ code }) => code)).toEqual(['stranger-refused']);
    expect(await outcome(hop, server, 'udp')).toBe(200);
    expect(await outcome(await line('stranger', {}), server, 'udp')).toBe(403);
  });

  it('over TCP: a connection from another port is a stranger, the one that we opened to the hop is not', async () => {
    const hop = await line('hop', { transport: 'tcp' });
    const trusted = new TrustedHops([{ transport: 'tcp', host: '127.0.0.1', port: hop.point.port }]);
    const server = await line('server', { transport: 'tcp', trusted, strangers: 'refuse' });
    const claimed = `127.0.0.1:${hop.point.port}`;
    expect(await answerOverTcp(forgedInvite('TCP', claimed, server), server.point.port)).toBe(
      'SIP/2.0 403 Forbidden',
    );
    // The server calls the hop, which calls back over the same connection.
    server.agent.invite({ to: hop.uri, from: server.uri, body: SDP });
    const call = await hop.calls.next();
    const flow = hop.agent.endpoint.transports;
    expect(flow.connectionCount).toBe(1);
    const connection = server.agent.endpoint.transports.flowTo({
      transport: 'tcp',
      host: '127.0.0.1',
      port: hop.point.port,
    })!;
    expect(trusted.find(connection)).toBeDefined();
    call.refuse(486);
  });

  it.each([
    ['no certificate', {}, 'lab.example', 403],
    ['a certificate for another name', { key: LAB_KEY, cert: LAB_CERTIFICATE }, 'hop.example', 403],
    ['the certificate of the hop', { key: LAB_KEY, cert: LAB_CERTIFICATE }, 'lab.example', 200],
  ] as const)('over TLS: %s', async (_what, own: TlsIdentity, certificate, status) => {
    const tls = {
      key: LAB_KEY,
      cert: LAB_CERTIFICATE,
      ca: LAB_CERTIFICATE,
      requestCert: true,
      rejectUnauthorized: false,
    };
    const trusted = new TrustedHops([{ certificate }]);
    const server = await line('server', { transport: 'tls', tls, trusted, strangers: 'refuse' });
    const caller = await line('caller', { tls: { ...own, ca: LAB_CERTIFICATE } });
    expect(await outcome(caller, server, 'tls')).toBe(status);
  });

  it('asks strangers for a password where it has some, and says who gave it', async () => {
    const passwordOf = (user: string) => (user === 'a.example' ? 'secret' : undefined);
    const server = await line('server', { strangers: { realm: 'b.example', passwordOf } });
    const credentials = { user: 'a.example', password: 'secret' };
    const known = await line('known', { credentials });
    known.agent.invite({ to: server.uri, from: known.uri, body: SDP });
    expect((await server.calls.next()).source).toEqual({ user: 'a.example' });
    const wrong = await line('wrong', { credentials: { ...credentials, password: 'guess' } });
    expect(await outcome(wrong, server, 'udp')).toBe(401);
    expect(await outcome(await line('stranger', {}), server, 'udp')).toBe(401);
  });
});
