import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readHeard } from '@crosspoint/lab/node';
import { detectPattern } from '@crosspoint/media';
import type { Endpoint, PeerEvent, Program } from '@crosspoint/peers';
import { embeddedSipDriver } from '@crosspoint/peers/node';
import type { Browser } from 'puppeteer-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type RunningApp, startApp } from './app-process.ts';
import { Person } from './person.ts';
import { type BrowserName, startBrowser } from './real-browser.ts';
import { buildSipPage, sipAccount } from './sip-app.ts';

const PHONE_PATTERN = 5;
const WAIT_MS = 20_000;

/** A registrar with each browser: what differs between browsers lies in the page, what between registrars behind it. */
const PAIRS: readonly (readonly [string, BrowserName])[] = [
  ['embedded', 'Chromium'],
  ['kamailio', 'Firefox'],
];

type Heard = (args: { ms: number }) => Promise<unknown>;

/** Which patterns are heard, once any is. */
async function hears(ask: Heard): Promise<number[]> {
  const deadline = Date.now() + WAIT_MS;
  for (;;) {
    const { pcm, sampleRate, startedAt } = readHeard(await ask({ ms: 1200 }));
    const { heard } = detectPattern(pcm, sampleRate, { startWallClockMs: startedAt });
    if (heard.length > 0 || Date.now() > deadline) return heard.map(({ id }) => id);
  }
}

/** What the page heard, by the same recorder that the lab uses. */
const inPage =
  ({ page }: Person): Heard =>
  async (args) => {
    const reply = await page.evaluate(
      (given) =>
        (
          window as unknown as {
            crosspoint: { ask(command: string, args: object): Promise<{ result: unknown }> };
          }
        ).crosspoint.ask('hear', given),
      args,
    );
    return reply.result;
  };

const next = (endpoint: Endpoint, name: string, fields: Partial<PeerEvent> = {}): Promise<PeerEvent> =>
  endpoint.wait(
    name,
    (said) => said.event === name && Object.entries(fields).every(([field, value]) => said[field] === value),
    WAIT_MS,
    endpoint.events.length,
  );

describe.each(PAIRS)('a page that speaks SIP itself, with the %s registrar in %s', (registrar, name) => {
  const folder = mkdtempSync(join(tmpdir(), 'crosspoint-e2e-sip-ws-'));
  let app: RunningApp;
  let browser: Browser;
  let phones: Program;
  let bob: Endpoint;
  let people: Person[] = [];

  beforeAll(async () => {
    await buildSipPage();
    [app, browser, phones] = await Promise.all([
      startApp('sip', '--signaling', 'sip-ws', '--registrar', registrar),
      startBrowser(name),
      embeddedSipDriver().start({ folder }),
    ]);
    bob = await phones.endpoint('bob');
  });
  afterAll(async () => {
    await phones?.stop();
    await browser?.close();
    await app?.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  beforeEach(async () => {
    await bob.ask('open-sip', { ...(await sipAccount(app, 'bob')), pattern: PHONE_PATTERN });
  });
  afterEach(async () => {
    await bob.ask('close', {});
    const errors = people.flatMap((person) => person.errors);
    for (const { page } of people) await page.close();
    people = [];
    expect(errors).toEqual([]);
  });

  async function joined(who: string): Promise<Person> {
    const person = await Person.open(browser, app.facts.url, who);
    people.push(person);
    await person.join(true);
    await person.see('SIP over WebSocket');
    return person;
  }

  async function dial(person: Person, to: string, button: 'Audio' | 'Video'): Promise<void> {
    await person.page.bringToFront();
    const field = (await person.page.$('#to'))!;
    await field.click({ count: 3 });
    await field.type(to);
    await person.click(button);
  }

  async function answeredBy(phone: Endpoint, person: Person): Promise<void> {
    const rung = next(phone, 'incoming');
    await dial(person, 'bob', 'Audio');
    await rung;
    await person.seeStatus('Ringing bob');
    const up = next(phone, 'transport', { state: 'connected' });
    await phone.ask('accept', {});
    await Promise.all([person.seeStatus('Connected with bob'), up]);
  }

  it('calls a phone: heard on both ends, held, resumed, dialled, hung up', async () => {
    const alice = await joined('alice');
    await answeredBy(bob, alice);
    expect(await hears(inPage(alice))).toEqual([PHONE_PATTERN]);
    const [pattern, ...others] = await hears((args) => bob.ask('hear', args));
    expect(pattern).not.toBe(PHONE_PATTERN);
    expect([pattern === undefined, others]).toEqual([false, []]);
    await alice.figureSays('sound arrives');

    for (const on of [true, false]) {
      const told = next(bob, 'held', { held: on });
      await alice.click('Hold');
      await told;
      await alice.pressed('Hold', on);
    }
    expect(await hears((args) => bob.ask('hear', args))).toEqual([pattern]);
    expect(await hears(inPage(alice))).toEqual([PHONE_PATTERN]);

    await alice.page.click('.keypad summary');
    const since = bob.events.length;
    for (const key of ['7', 'star', 'hash']) {
      const digit = next(bob, 'dtmf');
      await alice.click(key);
      await digit;
    }
    const digits = bob.events.slice(since).filter(({ event }) => event === 'dtmf');
    expect(digits.map(({ digit }) => digit)).toEqual(['7', '*', '#']);

    const ended = next(bob, 'ended');
    await alice.click('Hang up');
    expect((await ended).reason?.code).toBe('normal');
    await alice.seeStatus('ended: hung up');
  });

  it('is called by a phone, and shows in the ladder what crossed its WebSocket', async () => {
    const alice = await joined('alice');
    await bob.ask('call', { to: 'alice' });
    await alice.see('bob is calling');
    const up = [next(bob, 'connected'), next(bob, 'transport', { state: 'connected' })];
    await alice.click('Accept');
    await Promise.all([alice.seeStatus('Connected with bob'), ...up]);
    expect(await hears(inPage(alice))).toEqual([PHONE_PATTERN]);
    expect(await hears((args) => bob.ask('hear', args))).toHaveLength(1);
    // The page's own hop; and where the registrar shows its own, the one between it and the phone.
    const hops = registrar === 'embedded' ? ['caller', 'callee'] : ['callee'];
    await alice.until((wanted) => {
      const ladder = document.querySelector('cp-ladder') as unknown as {
        entries: readonly { node: string; peer: string; summary: string }[];
      };
      return wanted.every((side) =>
        ['INVITE', '180 Ringing', '200 OK', 'ACK'].every((summary) =>
          ladder.entries.some(
            (each) => each.summary === summary && (each.node === side || each.peer === side),
          ),
        ),
      );
    }, hops as string[]);
    const ended = next(bob, 'ended');
    await bob.ask('hang-up', {});
    await ended;
    await alice.seeStatus('ended: hung up');
  });

  it('hears busy, declined and nobody, cancels, and is cancelled', async () => {
    const alice = await joined('alice');
    for (const [command, words] of [
      ['busy', 'ended: busy'],
      ['decline', 'ended: declined'],
    ] as const) {
      const rung = next(bob, 'incoming');
      await dial(alice, 'bob', 'Audio');
      await rung;
      await bob.ask(command, {});
      await alice.seeStatus(words);
    }
    await dial(alice, 'nobody', 'Audio');
    await alice.seeStatus('ended: no such user');

    const rung = next(bob, 'incoming');
    const cancelled = next(bob, 'ended');
    await dial(alice, 'bob', 'Audio');
    await rung;
    await alice.click('Cancel');
    expect((await cancelled).reason?.code).toBe('cancelled');
    await alice.seeStatus('ended: cancelled');

    await bob.ask('call', { to: 'alice' });
    await alice.see('bob is calling');
    const declined = next(bob, 'ended');
    await alice.click('Decline');
    expect((await declined).reason?.code).toBe('declined');
  });

  it('hears a phone that sends before it answers', async () => {
    await bob.ask('close', {});
    const account = { ...(await sipAccount(app, 'bob')), pattern: PHONE_PATTERN, earlyMedia: true };
    await bob.ask('open-sip', account);
    const alice = await joined('alice');
    const rung = next(bob, 'incoming');
    await dial(alice, 'bob', 'Audio');
    await rung;
    await alice.seeStatus('The far side sends media before it answers.');
    expect(await hears(inPage(alice))).toEqual([PHONE_PATTERN]);
    await alice.click('Cancel');
    await alice.seeStatus('ended: cancelled');
  });

  it('calls another page by sound, adds a picture, and hands the call over to a phone', async () => {
    const alice = await joined('alice');
    const carol = await joined('carol');
    await dial(alice, 'carol', 'Audio');
    await carol.see('alice is calling');
    await carol.click('Accept');
    await alice.seeStatus('Connected with carol');
    await alice.click('Camera');
    await carol.seesMovingPicture();
    await alice.click('Camera');
    await alice.pressed('Camera', false);

    await alice.page.bringToFront();
    await alice.page.click('.keypad summary');
    await (await alice.page.$('#target'))!.type('bob');
    const rung = next(bob, 'incoming', { from: `sip:carol@${app.facts.phones!.domain}` });
    await alice.click('Transfer');
    await rung;
    const up = next(bob, 'transport', { state: 'connected' });
    await bob.ask('accept', {});
    await Promise.all([up, carol.seeStatus('Connected with bob'), alice.seeStatus('ended')]);
    expect(await hears(inPage(carol))).toEqual([PHONE_PATTERN]);
    expect(await hears((args) => bob.ask('hear', args))).toHaveLength(1);
    await carol.click('Hang up');
  });

  it('says what SIP.js cannot do, and that a name is taken', async () => {
    const alice = await joined('alice');
    await answeredBy(bob, alice);
    await alice.see('No chat: SIP phones have no data channels');
    expect(
      await alice.page.$eval('[aria-describedby="no-chat"]', (button) => button.hasAttribute('disabled')),
    ).toBe(true);
    await alice.click('Hang up');
    const other = await Person.open(browser, app.facts.url, 'alice');
    people.push(other);
    await other.type('Your name', 'alice');
    await other.page.$eval('details', (details) => {
      (details as HTMLDetailsElement).open = true;
    });
    await other.see('SIP.js sends each description with all its candidates');
    await other.click('Join');
    await other.see('the name alice is taken');
  });
});
