import { createSocket } from 'node:dgram';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readHeard } from '@crosspoint/lab/node';
import { detectPattern } from '@crosspoint/media';
import type { Endpoint, Program } from '@crosspoint/peers';
import { embeddedDriver } from '@crosspoint/peers/node';
import { SipAgent } from '@crosspoint/sip/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningApp, startApp } from './app-process.ts';
import { openPage } from './open-page.ts';

const SDP =
  'v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\nm=audio 9 RTP/AVP 0\r\nc=IN IP4 127.0.0.1\r\n';

/** Each way in which the two servers may be joined. */
const WAYS = [
  ['none', 'tls'],
  ['none', 'tcp'],
  ['none', 'udp'],
  ['embedded', 'tls'],
  ['embedded', 'udp'],
  ['kamailio', 'tls'],
  ['kamailio', 'udp'],
] as const;

describe.each(WAYS)('the trapezoid with proxy %s over %s', (proxy, transport) => {
  const folder = mkdtempSync(join(tmpdir(), 'crosspoint-e2e-federation-'));
  let app: RunningApp;
  let web: Program;
  let alice: Endpoint;
  let bob: Endpoint;

  beforeAll(async () => {
    app = await startApp('trapezoid', '--proxy', proxy, '--sip', transport);
    web = await embeddedDriver().start({ folder });
    alice = await web.endpoint('alice');
    bob = await web.endpoint('bob');
    await openPage(alice, { url: app.facts.url, name: 'alice', pattern: 1, trickle: true });
    await openPage(bob, { url: app.facts.calleeUrl!, name: 'bob', pattern: 2, trickle: true });
  });
  afterAll(async () => {
    await web?.stop();
    await app?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function expectHeard(endpoint: Endpoint, pattern: number): Promise<void> {
    await expect
      .poll(
        async () => {
          const { pcm, sampleRate, startedAt } = readHeard(await endpoint.ask('hear', { ms: 1000 }));
          const { heard } = detectPattern(pcm, sampleRate, {
            startWallClockMs: startedAt,
            candidates: [pattern],
          });
          return heard.map(({ id }) => id);
        },
        { timeout: 15_000 },
      )
      .toEqual([pattern]);
  }

  it('carries a call in each direction, and its end', async () => {
    for (const [caller, callee, to, heard] of [
      [alice, bob, 'bob@b.localhost', 2],
      [bob, alice, 'alice@a.localhost', 1],
    ] as const) {
      const [since, sinceCallee] = [caller.events.length, callee.events.length];
      await caller.ask('call', { to });
      const rung = await callee.wait('the call', ({ event }) => event === 'incoming', 10_000, sinceCallee);
      expect(rung.from).toMatch(/@[ab]\.localhost$/);
      await callee.ask('accept', {});
      await caller.wait('the answer', ({ event }) => event === 'connected', 10_000, since);
      await expectHeard(caller, heard);
      await callee.ask('hang-up', {});
      const end = await caller.wait('the end', ({ event }) => event === 'ended', 10_000, since);
      expect(end.reason?.code).toBe('normal');
    }
  });

  it('refuses a stranger of the same machine, whatever it says of itself', async () => {
    const [a, b] = app.facts.sip!;
    const since = bob.events.length;
    if (transport === 'udp') expect(await forged(a!.port, b!.port)).toMatch(/^SIP\/2\.0 403 /);
    // By an agent that does all else as it must: over TLS it has no certificate, over TCP no password.
    const stranger = new SipAgent({ user: 'server-a', tls: { rejectUnauthorized: false } });
    try {
      await stranger.listen({ transport: 'udp', host: '127.0.0.1', port: 0 });
      const outcome = (port: number): Promise<number> =>
        new Promise((resolve) => {
          stranger.invite({
            to: 'sip:bob@b.localhost',
            from: 'sip:alice@a.localhost',
            headers: [['P-Asserted-Identity', '<sip:alice@a.localhost>']],
            target: { transport, host: '127.0.0.1', port },
            body: { type: 'application/sdp', bytes: new TextEncoder().encode(SDP) },
            handlers: { refused: (event) => resolve(event.status), accepted: () => resolve(200) },
          });
        });
      // Over TLS there is not even a connection.
      expect(await outcome(b!.port)).toBe({ tls: 503, tcp: 401, udp: 403 }[transport]);
      for (const { port } of app.facts.proxies ?? [])
        expect(await outcome(port)).toBe(transport === 'tls' && proxy === 'embedded' ? 503 : 403);
      expect(app.facts.proxies?.length).toBe(proxy === 'none' ? 0 : 2);
    } finally {
      await stranger.close();
    }
    expect(bob.events.slice(since).some(({ event }) => event === 'incoming')).toBe(false);
  });

  /** An INVITE to server B whose Via and From are server A's, from another socket. */
  function forged(claimed: number, port: number): Promise<string> {
    const socket = createSocket('udp4');
    const answer = new Promise<string>((resolve) => {
      socket.on('message', (bytes) => {
        if (!/^SIP\/2\.0 1/.test(bytes.toString())) resolve(bytes.toString());
      });
    });
    const text = [
      'INVITE sip:bob@b.localhost SIP/2.0',
      `Via: SIP/2.0/UDP 127.0.0.1:${claimed};branch=z9hG4bKforged;rport`,
      'Max-Forwards: 70',
      'From: <sip:alice@a.localhost>;tag=1',
      'To: <sip:bob@b.localhost>',
      'Call-ID: forged@a.localhost',
      'CSeq: 1 INVITE',
      `Contact: <sip:server-a@127.0.0.1:${claimed}>`,
      'Content-Type: application/sdp',
      `Content-Length: ${SDP.length}`,
      '',
      SDP,
    ].join('\r\n');
    socket.send(text, port, '127.0.0.1');
    return answer.finally(() => socket.close());
  }
});
