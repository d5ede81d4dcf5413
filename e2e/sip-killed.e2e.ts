import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Endpoint, Program } from '@crosspoint/peers';
import { embeddedDriver } from '@crosspoint/peers/node';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type RunningApp, startApp } from './app-process.ts';
import { openPage } from './open-page.ts';
import { connect, countsOf, endOf, hangUp, startPhone, WAIT_MS } from './placed-call.ts';
import { startedBy, stillThere } from './started-programs.ts';

const folder = mkdtempSync(join(tmpdir(), 'crosspoint-e2e-sip-killed-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

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
  async function phone(): Promise<{ program: Program; bob: Endpoint; name: string }> {
    const name = `bob${++taken}`;
    const { program, endpoint: bob } = await startPhone(app, folder, name, 'ice-dtls');
    phones.push(program);
    return { program, bob, name };
  }

  const expectNothingLeft = (): Promise<void> =>
    expect
      .poll(async () => countsOf(app), { timeout: WAIT_MS })
      .toMatchObject({ calls: 0, dialogs: 0, relayed: 0 });

  async function expectNextCall(): Promise<void> {
    const { bob, name } = await phone();
    await connect(alice, bob, name);
    await hangUp(alice, bob);
    await expectNothingLeft();
  }

  it('the phone: the session is not refreshed, and the page is told so', async () => {
    const { program, bob, name } = await phone();
    await connect(alice, bob, name);
    const end = endOf(alice);
    process.kill(program.pid, 'SIGKILL');
    expect((await end).reason).toMatchObject({ code: expect.stringMatching(/^(expired|unavailable)$/) });
    await expectNothingLeft();
    await expectNextCall();
  });

  it('the registrar and proxy: the page is told at once, the phone by media that stay away', async () => {
    const { bob, name } = await phone();
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
    await expectNextCall();
  });

  it('the web server itself: no program of its own outlives it', async () => {
    const own = await startApp('sip', '--registrar', 'kamailio', '--relay', 'rtpengine');
    const started = startedBy(own.pid);
    expect(started.length).toBeGreaterThanOrEqual(2);
    process.kill(own.pid, 'SIGKILL');
    await expect.poll(() => stillThere(started), { timeout: WAIT_MS }).toEqual([]);
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
