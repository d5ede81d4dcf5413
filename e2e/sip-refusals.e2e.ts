import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import type { Endpoint, Program } from '@crosspoint/peers';
import { embeddedDriver, embeddedSipDriver } from '@crosspoint/peers/node';
import { SipAgent } from '@crosspoint/sip/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AppFacts, type RunningApp, startApp } from './app-process.ts';
import { openPage } from './open-page.ts';

const SDP = {
  type: 'application/sdp',
  bytes: new TextEncoder().encode(
    'v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\nm=audio 9 RTP/AVP 0\r\nc=IN IP4 127.0.0.1\r\n',
  ),
};

describe('what the SIP side refuses', () => {
  const folder = mkdtempSync(join(tmpdir(), 'crosspoint-e2e-refusals-'));
  let app: RunningApp;
  let phones: NonNullable<AppFacts['phones']>;
  let stranger: SipAgent;
  let web: Program;
  let alice: Endpoint;

  beforeAll(async () => {
    app = await startApp('sip');
    phones = app.facts.phones!;
    // It takes any certificate and has none.
    stranger = new SipAgent({ user: 'stranger', tls: { rejectUnauthorized: false } });
    await stranger.listen({ transport: 'udp', host: '127.0.0.1', port: 0 });
    await stranger.listen({ transport: 'tcp', host: '127.0.0.1', port: 0 });
    web = await embeddedDriver().start({ folder });
    alice = await web.endpoint('alice');
    await openPage(alice, { url: app.facts.url, name: 'alice', pattern: 1 });
  });
  afterAll(async () => {
    await web?.stop();
    await stranger?.close();
    await app?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** The final status of a stranger's INVITE. */
  function invite(
    to: string,
    from: string,
    target: { host: string; port: number; transport: 'udp' | 'tcp' | 'tls' },
  ): Promise<number> {
    return new Promise((resolve) => {
      stranger.invite({
        to,
        from,
        target,
        body: SDP,
        handlers: { refused: ({ status }) => resolve(status), accepted: () => resolve(200) },
      });
    });
  }
  const registrar = (transport: 'udp' | 'tcp') => {
    const [host, port] = phones.server.split(':') as [string, string];
    return { host, port: Number(port), transport };
  };

  it.each(['udp', 'tcp'] as const)(
    'a stranger reaches nobody through the registrar, over %s',
    async (transport) => {
      const { domain } = phones;
      // In the name of one of its users: a password is asked for, and there is none.
      expect(await invite(`sip:alice@${domain}`, `sip:phone@${domain}`, registrar(transport))).toBe(407);
      // To somewhere else: no open relay.
      expect(
        await invite('sip:bob@elsewhere.example', `sip:phone@${domain}`, registrar(transport)),
      ).toBeGreaterThanOrEqual(403);
      expect(
        await invite('sip:bob@elsewhere.example', 'sip:mallory@elsewhere.example', registrar(transport)),
      ).toBe(403);
      expect(alice.events.some(({ event }) => event === 'incoming')).toBe(false);
    },
  );

  it('a stranger reaches nobody by the gateway itself, whatever it says of itself', async () => {
    const [host, port] = app.facts.gateway!.split(':') as [string, string];
    const { domain } = phones;
    const gateway = { host, port: Number(port), transport: 'tls' } as const;
    expect(await invite(`sip:alice@${domain}`, `sip:phone@${domain}`, gateway)).toBe(403);
    // With the registrar's own address in its Via, and an identity that it asserts.
    const socket = connect({ host, port: Number(port), rejectUnauthorized: false });
    const heard = once(socket, 'data') as Promise<[Buffer]>;
    socket.write(
      [
        `INVITE sip:alice@${domain} SIP/2.0`,
        `Via: SIP/2.0/TLS ${phones.server};branch=z9hG4bKforged`,
        'Max-Forwards: 70',
        `From: <sip:phone@${domain}>;tag=1`,
        `To: <sip:alice@${domain}>`,
        'Call-ID: forged',
        'CSeq: 1 INVITE',
        `Contact: <sip:phone@${phones.server}>`,
        `P-Asserted-Identity: <sip:phone@${domain}>`,
        'Content-Length: 0',
        '',
        '',
      ].join('\r\n'),
    );
    expect((await heard)[0].toString()).toMatch(/^SIP\/2\.0 403 /);
    socket.destroy();
    expect(alice.events.some(({ event }) => event === 'incoming')).toBe(false);
  });

  it('a stranger with the address of the gateway is none to the registrar', async () => {
    const forger = new SipAgent({ user: 'gateway' });
    try {
      const { host } = new URL(`sip://${app.facts.gateway}`);
      await forger.listen({ transport: 'tcp', host: host.split(':')[0]!, port: 0 });
      const refused = new Promise<number>((resolve) => {
        forger.invite({
          to: `sip:alice@${phones.domain}`,
          from: `sip:alice@${phones.domain}`,
          target: registrar('tcp'),
          body: SDP,
          handlers: { refused: ({ status }) => resolve(status), accepted: () => resolve(200) },
        });
      });
      expect(await refused).toBe(407);
    } finally {
      await forger.close();
    }
  });

  it('a page calls nobody outside of the domain', async () => {
    const since = alice.events.length;
    await alice.ask('call', { to: 'sip:bob@elsewhere.example' });
    const end = await alice.wait('the refusal', ({ event }) => event === 'ended', 10_000, since);
    expect(end.reason?.code).toBe('not-found');
  });

  it('10,000 garbage datagrams do not disturb a call that is up', async () => {
    const program = await embeddedSipDriver().start({ folder });
    try {
      const phone = await program.endpoint('bob');
      const { ws, domain, mediaAddress } = phones;
      await phone.ask('open-sip', {
        server: ws,
        transport: 'ws',
        domain,
        user: 'bob',
        password: (await app.order({ phone: 'bob' })).password as string,
        mediaAddress,
        pattern: 5,
        media: 'ice-dtls',
        audioCodecs: [],
      });
      const since = alice.events.length;
      await alice.ask('call', { to: 'bob' });
      await phone.wait('the call', ({ event }) => event === 'incoming', 10_000);
      await phone.ask('accept', {});
      await alice.wait('the answer', ({ event }) => event === 'connected', 10_000, since);
      const { host, port } = registrar('udp');
      const socket = createSocket('udp4');
      for (let at = 0; at < 10_000; at++) {
        const bytes = Buffer.alloc(1 + (at % 700), at % 251);
        await new Promise((sent) => socket.send(bytes, port, host, sent));
      }
      socket.close();
      // The call goes on, and what is asked of the registrar is answered: the far side hangs up through it.
      expect(alice.events.slice(since).some(({ event }) => event === 'ended')).toBe(false);
      await phone.ask('hang-up', {});
      const end = await alice.wait('the end', ({ event }) => event === 'ended', 10_000, since);
      expect(end.reason?.code).toBe('normal');
    } finally {
      await program.stop();
    }
  });
});
