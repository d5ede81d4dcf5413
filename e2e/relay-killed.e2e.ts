import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Endpoint, Program } from '@crosspoint/peers';
import { embeddedDriver } from '@crosspoint/peers/node';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type RunningApp, startApp } from './app-process.ts';
import { openPage } from './open-page.ts';
import { connect, countsOf, endOf, expectSound, hangUp, startPhone, WAIT_MS } from './placed-call.ts';
import { startedBy, stillThere } from './started-programs.ts';

const folder = mkdtempSync(join(tmpdir(), 'crosspoint-e2e-relay-killed-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Person {
  readonly program: Program;
  readonly endpoint: Endpoint;
  readonly name: string;
}

/** Pages and phones of one app whose calls all go through a relay. */
class Town {
  readonly app: RunningApp;
  readonly #programs: Program[] = [];
  #born = 0;

  private constructor(app: RunningApp) {
    this.app = app;
  }

  static async open(relay: 'embedded' | 'rtpengine'): Promise<Town> {
    // A session that is refreshed seldom: it is the relay that is to notice, and not SIP's timer.
    return new Town(await startApp('sip', '--relay', relay, '--media-timeout', '6'));
  }

  async page(): Promise<Person> {
    const program = await embeddedDriver().start({ folder });
    this.#programs.push(program);
    const name = `page${++this.#born}`;
    const endpoint = await program.endpoint(name);
    await openPage(endpoint, { url: this.app.facts.url, name, pattern: 1 });
    return { program, endpoint, name };
  }

  async phone(): Promise<Person> {
    const name = `phone${++this.#born}`;
    const { program, endpoint } = await startPhone(this.app, folder, name, 'rtp');
    this.#programs.push(program);
    return { program, endpoint, name };
  }

  /** A call of a page with a phone, in which both hear something. */
  async call(): Promise<{ readonly page: Person; readonly phone: Person }> {
    const [page, phone] = [await this.page(), await this.phone()];
    await connect(page.endpoint, phone.endpoint, phone.name);
    await expectSound(page.endpoint, phone.endpoint);
    return { page, phone };
  }

  async expectNothingLeft(): Promise<void> {
    await expect
      .poll(async () => countsOf(this.app), { timeout: WAIT_MS })
      .toMatchObject({ calls: 0, dialogs: 0, relayed: 0 });
  }

  async expectNextCall(): Promise<void> {
    const { page, phone } = await this.call();
    await hangUp(page.endpoint, phone.endpoint);
    await this.expectNothingLeft();
  }

  async close(): Promise<void> {
    for (const program of this.#programs) await program.stop();
    await this.app.stop();
  }
}

describe('rtpengine', () => {
  let town: Town;
  beforeEach(async () => {
    town = await Town.open('rtpengine');
  });
  afterEach(() => town.close());

  const relayPid = async (): Promise<number> => (await countsOf(town.app)).pids.relay!;

  it('killed in a call: both ends are told so, nothing is left over, and the next call goes through', async () => {
    const { page, phone } = await town.call();
    const killed = await relayPid();
    const ends = [endOf(page.endpoint), endOf(phone.endpoint)];
    process.kill(killed, 'SIGKILL');
    const [atPage, atPhone] = await Promise.all(ends);
    expect(atPage?.reason).toMatchObject({ code: 'media-failed', text: expect.stringMatching(/rtpengine/) });
    // A BYE, and not the phone's own timer.
    expect(atPhone?.reason).toMatchObject({ code: 'normal', text: expect.stringMatching(/rtpengine/) });
    await town.expectNothingLeft();
    await expect.poll(relayPid, { timeout: WAIT_MS }).not.toBe(killed);
    await town.expectNextCall();
  });

  it('hung in a call: both ends are told so, a call is refused with the reason, and goes through afterwards', async () => {
    const { page, phone } = await town.call();
    const hung = await relayPid();
    const ends = [endOf(page.endpoint), endOf(phone.endpoint)];
    process.kill(hung, 'SIGSTOP');
    try {
      const [atPage, atPhone] = await Promise.all(ends);
      expect(atPage?.reason).toMatchObject({
        code: 'media-failed',
        text: expect.stringMatching(/not answer/),
      });
      expect(atPhone?.reason).toMatchObject({ code: 'normal', text: expect.stringMatching(/not answer/) });
      await town.expectNothingLeft();
      const refused = endOf(page.endpoint);
      await page.endpoint.ask('call', { to: phone.name });
      expect((await refused).reason).toMatchObject({
        code: 'media-failed',
        text: expect.stringMatching(/not answer/),
      });
      await town.expectNothingLeft();
    } finally {
      process.kill(hung, 'SIGCONT');
    }
    await town.expectNextCall();
    expect(await relayPid()).toBe(hung);
  });
});

describe('the embedded relay', () => {
  let town: Town;
  beforeEach(async () => {
    town = await Town.open('embedded');
  });
  afterEach(() => town.close());

  it('its end toward the phone, killed with it: the page is told what fell silent', async () => {
    const { page, phone } = await town.call();
    const end = endOf(page.endpoint);
    process.kill(phone.program.pid, 'SIGKILL');
    expect((await end).reason).toMatchObject({
      code: 'media-failed',
      text: expect.stringMatching(/nothing came from the callee/),
    });
    await town.expectNothingLeft();
    await town.expectNextCall();
  });

  it('its end toward the page, killed with it: the phone is told so', async () => {
    const { page, phone } = await town.call();
    const end = endOf(phone.endpoint);
    process.kill(page.program.pid, 'SIGKILL');
    expect((await end).reason).toMatchObject({ code: 'normal', text: expect.stringMatching(/./) });
    await town.expectNothingLeft();
    await town.expectNextCall();
  });

  it('killed with its server: each end finds out by itself, and no program outlives it', async () => {
    const { page, phone } = await town.call();
    const started = startedBy(town.app.pid);
    const ends = [endOf(page.endpoint), endOf(phone.endpoint)];
    process.kill(town.app.pid, 'SIGKILL');
    for (const { reason } of await Promise.all(ends)) expect(reason?.code).toBe('media-failed');
    await expect.poll(() => stillThere(started), { timeout: WAIT_MS }).toEqual([]);
  });
});
