import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readHeard } from '@crosspoint/lab/node';
import { detectPattern } from '@crosspoint/media';
import type { Endpoint, Program } from '@crosspoint/peers';
import { embeddedSipDriver } from '@crosspoint/peers/node';
import type { Browser } from 'puppeteer-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { type RunningApp, startApp } from './app-process.ts';
import { Person } from './person.ts';
import { startBrowser } from './real-browser.ts';
import { sipAccount } from './sip-app.ts';

const PATTERNS = { bob: 5, carol: 11 } as const;
const WAIT_MS = 20_000;

const folder = mkdtempSync(join(tmpdir(), 'crosspoint-e2e-sip-transfers-'));
let app: RunningApp;
let browser: Browser;
let phones: Program;
let bob: Endpoint;
let carol: Endpoint;
let alice: Person;

beforeAll(async () => {
  [app, browser, phones] = await Promise.all([
    startApp('sip'),
    startBrowser('Chromium'),
    embeddedSipDriver().start({ folder }),
  ]);
  [bob, carol] = [await phones.endpoint('bob'), await phones.endpoint('carol')];
});
afterAll(async () => {
  await phones?.stop();
  await browser?.close();
  await app?.stop();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  await bob.ask('open-sip', { ...(await sipAccount(app, 'bob')), pattern: PATTERNS.bob });
  await carol.ask('open-sip', { ...(await sipAccount(app, 'carol')), pattern: PATTERNS.carol });
  alice = await Person.open(browser, app.facts.url, 'alice');
  await alice.join(true);
});
afterEach(async () => {
  await Promise.all([bob.ask('close', {}), carol.ask('close', {})]);
  await alice.click('Leave');
  await alice.page.close();
  expect(alice.errors).toEqual([]);
});

const next = (phone: Endpoint, name: string, since: number): Promise<unknown> =>
  phone.wait(name, ({ event }) => event === name, WAIT_MS, since);

/** Does something, and takes the call that rings at a phone then. */
async function takenBy(phone: Endpoint, place: () => Promise<unknown>): Promise<void> {
  const since = phone.events.length;
  await place();
  await next(phone, 'incoming', since);
  await phone.ask('accept', {});
  await next(phone, 'connected', since);
}

async function dial(to: string): Promise<void> {
  await (await alice.page.$('#to'))!.type(to);
  await alice.click('Audio');
}

async function askFirst(target: string): Promise<void> {
  await alice.page.evaluate(() => document.querySelector('details.keypad')!.setAttribute('open', ''));
  await (await alice.page.$('#target'))!.type(target);
  await alice.click('Ask first');
}

/** What the page heard, by the same recorder that the lab uses. */
const inPage = (): Promise<unknown> =>
  alice.page.evaluate(async () => {
    type Automation = { ask(command: string, args: object): Promise<{ result: unknown }> };
    const { crosspoint } = window as unknown as { crosspoint: Automation };
    return (await crosspoint.ask('hear', { ms: 1200 })).result;
  });
const at = (phone: Endpoint) => (): Promise<unknown> => phone.ask('hear', { ms: 1200 });

/** Which of the phones' patterns is heard, once any is. */
async function hears(hear: () => Promise<unknown>): Promise<readonly number[]> {
  const deadline = Date.now() + WAIT_MS;
  for (;;) {
    const { pcm, sampleRate, startedAt } = readHeard(await hear());
    const { heard } = detectPattern(pcm, sampleRate, { startWallClockMs: startedAt });
    if (heard.length > 0 || Date.now() > deadline) return heard.map(({ id }) => id);
  }
}

it('a person holds one, asks another, and connects both', async () => {
  await takenBy(bob, () => dial('bob'));
  await alice.seeStatus('Connected with bob');
  await takenBy(carol, () => askFirst('carol'));
  await alice.seeStatus('Connected with carol');
  await alice.see('bob waits on hold.');
  const since = carol.events.length;
  await alice.click('Connect both');
  await alice.seeStatus('ended');
  await next(carol, 'connected', since);
  expect(await hears(at(bob))).toEqual([PATTERNS.carol]);
  expect(await hears(at(carol))).toEqual([PATTERNS.bob]);
});

it('a person who asked another is back with the one on hold when that call is over', async () => {
  await takenBy(bob, () => dial('bob'));
  await alice.seeStatus('Connected with bob');
  await takenBy(carol, () => askFirst('carol'));
  await alice.seeStatus('Connected with carol');
  await alice.click('Hang up');
  await alice.seeStatus('bob is on hold');
  const since = bob.events.length;
  await alice.click('Hold');
  await bob.wait('resumed', ({ event, held }) => event === 'held' && held === false, WAIT_MS, since);
  await alice.seeStatus('Connected with bob');
  await alice.click('Hang up');
  await alice.seeStatus('ended');
});

it('a call that takes the place of the own one is taken unasked', async () => {
  const before = bob.events.length;
  await takenBy(carol, () => bob.ask('call', { to: 'carol' }));
  await next(bob, 'connected', before);
  const since = { bob: bob.events.length, carol: carol.events.length };
  await bob.ask('consult', { to: 'alice' });
  await alice.see('bob@sip.localhost is calling');
  await alice.click('Accept');
  await next(bob, 'connected', since.bob);
  await bob.ask('connect-both', {});
  await alice.seeStatus('Connected with carol@sip.localhost');
  await next(carol, 'transfer', since.carol);
  await next(bob, 'ended', since.bob);
  expect(await hears(inPage)).toEqual([PATTERNS.carol]);
});
