import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Endpoint, PeerEvent, Program } from '@crosspoint/peers';
import { baresipDriver, embeddedDriver } from '@crosspoint/peers/node';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type RunningApp, startApp } from './app-process.ts';
import { openPage } from './open-page.ts';

/** Long enough for the slowest timer of these: RTP that stays away for 15 s. */
const WAIT_MS = 30_000;

const folder = mkdtempSync(join(tmpdir(), 'crosspoint-e2e-sip-killed-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Counts = Readonly<Record<string, unknown>> & { readonly pids: Readonly<Record<string, number>> };

async function countsOf(app: RunningApp): Promise<Counts> {
  return (await app.order({ counts: '' })) as Counts;
}

/** Places a call and has it answered; both sides have their transport up. */
async function connect(caller: Endpoint, callee: Endpoint, to: string): Promise<void> {
  const [from, at] = [caller.events.length, callee.events.length];
  await caller.ask('call', { to });
  await callee.wait('the call', ({ event }) => event === 'incoming', WAIT_MS, at);
  await callee.ask('accept', {});
  await caller.wait('the answer', ({ event }) => event === 'connected', WAIT_MS, from);
  const up = (event: PeerEvent): boolean => event.event === 'transport' && event.state === 'connected';
  await caller.wait('its transport', up, WAIT_MS, from);
}

/** The end of the call as an endpoint is told of it from now on. */
function endOf(endpoint: Endpoint): Promise<PeerEvent> {
  return endpoint.wait('the end', ({ event }) => event === 'ended', WAIT_MS, endpoint.events.length);
}

async function hangUp(endpoint: Endpoint, other: Endpoint): Promise<void> {
  const over = endOf(other);
  await endpoint.ask('hang-up', {});
  expect((await over).reason?.code).toBe('normal');
}

/** Whether a program is gone; one that ended and waits to be read is. */
function isGone(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).startsWith('Z');
  } catch {
    return true;
  }
}

/** Programs that a process started, directly or not. */
function startedBy(pid: number): number[] {
  const parents = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name): [number, number][] => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
        return [[Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])]];
      } catch {
        return [];
      }
    });
  const children = (of: number): number[] =>
    parents.filter(([, parent]) => parent === of).flatMap(([child]) => [child, ...children(child)]);
  return children(pid);
}

describe('killed in a call of a page with a phone', () => {
  let app: RunningApp;
  let web: Program;
  let alice: Endpoint;
  const phones: Program[] = [];
  let taken = 0;

  beforeAll(async () => {
    app = await startApp(
      'sip',
      ...['--registrar', 'kamailio', '--relay', 'rtpengine'],
      ...['--session-expires', '4', '--media-timeout', '6'],
    );
    web = await embeddedDriver().start({ folder });
    alice = await web.endpoint('alice');
    await openPage(alice, { url: app.facts.url, name: 'alice', pattern: 1 });
  });
  afterEach(async () => {
    for (const program of phones.splice(0)) await program.stop();
  });
  afterAll(async () => {
    await web?.stop();
    await app?.stop();
  });

  /** A phone that registers, in a process of its own. */
  async function phone(
    media: 'ice-dtls' | 'rtp',
  ): Promise<{ program: Program; bob: Endpoint; name: string }> {
    const name = `bob${++taken}`;
    const program = await baresipDriver().start({ folder });
    phones.push(program);
    const bob = await program.endpoint(name);
    const { server, domain, mediaAddress } = app.facts.phones!;
    await bob.ask('open-sip', {
      server,
      transport: 'udp',
      domain,
      user: name,
      password: (await app.order({ phone: name })).password as string,
      mediaAddress,
      pattern: 2,
      media,
      audioCodecs: ['PCMU'],
    });
    return { program, bob, name };
  }

  const expectNothingLeft = (): Promise<void> =>
    expect
      .poll(async () => countsOf(app), { timeout: WAIT_MS })
      .toMatchObject({ calls: 0, dialogs: 0, relayed: 0 });

  async function expectNextCall(media: 'ice-dtls' | 'rtp'): Promise<void> {
    const { bob, name } = await phone(media);
    await connect(alice, bob, name);
    await hangUp(alice, bob);
    await expectNothingLeft();
  }

  it('the phone: the session is not refreshed, and the page is told so', async () => {
    const { program, bob, name } = await phone('ice-dtls');
    await connect(alice, bob, name);
    const end = endOf(alice);
    process.kill(program.pid, 'SIGKILL');
    expect((await end).reason).toMatchObject({ code: expect.stringMatching(/^(expired|unavailable)$/) });
    await expectNothingLeft();
    await expectNextCall('ice-dtls');
  });

  it('the registrar and proxy: the page is told at once, the phone by media that stay away', async () => {
    const { bob, name } = await phone('ice-dtls');
    await connect(alice, bob, name);
    const { pids } = await countsOf(app);
    const ends = [endOf(alice), endOf(bob)];
    process.kill(pids.registrar!, 'SIGKILL');
    const [atAlice, atBob] = await Promise.all(ends);
    expect(atAlice?.reason).toMatchObject({ code: 'unavailable', text: expect.stringMatching(/gone/) });
    expect(atBob?.reason).toBeDefined();
    await expectNothingLeft();
    await expect
      .poll(async () => (await countsOf(app)).pids.registrar, { timeout: WAIT_MS })
      .not.toBe(pids.registrar);
    await expectNextCall('ice-dtls');
  });

  it('the web server itself: no program of its own outlives it', async () => {
    const own = await startApp('sip', '--registrar', 'kamailio', '--relay', 'rtpengine');
    const started = startedBy(own.pid);
    expect(started.length).toBeGreaterThanOrEqual(2);
    process.kill(own.pid, 'SIGKILL');
    await expect.poll(() => started.filter((pid) => !isGone(pid)), { timeout: WAIT_MS }).toEqual([]);
  });
});

describe.each([
  ['web server B', 'server-b', ['--separate']],
  ['the proxy of B', 'proxy-b', ['--proxy', 'kamailio']],
])('%s killed in a call of the trapezoid', (_what, node, args) => {
  let app: RunningApp;
  let web: Program;
  let alice: Endpoint;

  beforeAll(async () => {
    app = await startApp('trapezoid', '--session-expires', '4', ...args);
    web = await embeddedDriver().start({ folder });
    alice = await web.endpoint('alice');
    await openPage(alice, { url: app.facts.url, name: 'alice', pattern: 1 });
  });
  afterAll(async () => {
    await web?.stop();
    await app?.stop();
  });

  const idle = { calls: 0, dialogs: 0 };

  it('both ends are told with a reason, nothing is left over, and the next call goes through', async () => {
    const bob = await web.endpoint('bob');
    await openPage(bob, { url: app.facts.calleeUrl!, name: 'bob', pattern: 2 });
    await connect(alice, bob, 'bob@b.localhost');
    const { pids } = await countsOf(app);
    const ends = [endOf(alice), endOf(bob)];
    process.kill(pids[node]!, 'SIGKILL');
    const [atAlice, atBob] = await Promise.all(ends);
    expect(atAlice?.reason?.code).toMatch(/^(unavailable|expired)$/);
    expect(atBob?.reason?.code).toMatch(/^(unavailable|expired|transport-lost|signaling-lost)$/);
    await expect
      .poll(async () => (await countsOf(app)).pids[node], { timeout: WAIT_MS })
      .not.toBe(pids[node]);
    await expect.poll(async () => countsOf(app), { timeout: WAIT_MS }).toMatchObject({ a: idle, b: idle });
    const carol = await web.endpoint('carol');
    await openPage(carol, { url: app.facts.calleeUrl!, name: 'carol', pattern: 3 });
    await connect(alice, carol, 'carol@b.localhost');
    await hangUp(carol, alice);
  });
});
