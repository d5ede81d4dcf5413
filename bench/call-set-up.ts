import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { startTriangle } from '@crosspoint/app-triangle/server';
import { chromiumDriver } from '@crosspoint/peers/node';
import puppeteer, { type Browser, type Page } from 'puppeteer-core';
import type { BenchRow } from './bench-row.ts';
import { MEASURE } from './call-set-up-page.ts';
import { startBareRelay } from './call-set-up-relay.ts';
import { median } from './median.ts';

const LEAST_CALLS = 21;
const MOST_CALLS = 121;
/** How sure of the difference to be before enough calls were made, in milliseconds: its standard error. */
const SURE_MS = 1.5;
/** The first calls of a browser load codecs and compile the page; they count for neither. */
const WARM_UP_CALLS = 4;
/** Milliseconds that our server may add. */
const GOAL_MS = 5;
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--use-fake-ui-for-media-stream',
  '--use-fake-device-for-media-stream',
  '--autoplay-policy=no-user-gesture-required',
  '--disable-background-timer-throttling',
  '--disable-renderer-backgrounding',
  '--disable-backgrounding-occluded-windows',
  '--disable-features=WebRtcHideLocalIpsWithMdns,CalculateNativeWinOcclusion',
];

interface Pair {
  readonly caller: Page;
  readonly callee: Page;
  readonly spent: number[];
}

interface Measured {
  readonly placedAt: number;
  readonly playedAt: number;
  readonly ended: number;
  readonly trouble?: string;
}

/**
 * From placing a call to both sides playing the other's sound: the same two pages and the same WebRTC code joined by
 * our server and by a bare relay, in turns in one browser.
 */
export async function benchCallSetUp(): Promise<BenchRow[]> {
  const found = await chromiumDriver().find();
  if (!found.found) throw new Error(`call set-up: ${found.why}`);
  const built = fileURLToPath(new URL('../packages/web-phone/dist', import.meta.url));
  const profile = mkdtempSync(join(tmpdir(), 'crosspoint-bench-'));
  const ours = await startTriangle({ host: '127.0.0.1', port: 0, page: built });
  const bare = await startBareRelay(built);
  let browser: Browser | undefined;
  try {
    const { command } = found.manifest;
    browser = await puppeteer.launch({
      executablePath: command[0]!,
      userDataDir: profile,
      args: ARGUMENTS,
      timeout: 90_000,
    });
    const pairs = { ours: await openPair(browser, ours.url), theirs: await openPair(browser, bare.url) };
    for (let call = 0; call < MOST_CALLS + WARM_UP_CALLS; call++) {
      for (const side of call % 2 === 0 ? (['ours', 'theirs'] as const) : (['theirs', 'ours'] as const)) {
        const spent = await place(pairs[side]);
        if (call >= WARM_UP_CALLS) pairs[side].spent.push(spent);
      }
      // On a quiet machine calls are alike and few will do; on a busy one more are needed to see 5 ms.
      const { length } = pairs.ours.spent;
      if (length >= LEAST_CALLS && uncertainty(pairs.ours.spent, pairs.theirs.spent) <= SURE_MS) break;
    }
    const mine = median(pairs.ours.spent);
    const other = median(pairs.theirs.spent);
    return [
      {
        name: 'call set-up: from placing the call to sound at both ends',
        ours: mine,
        theirs: other,
        ratio: other / mine,
        unit: 'ms',
        // As a ratio: what theirs takes against what ours may take.
        goal: other / (other + GOAL_MS),
      },
    ];
  } finally {
    await browser?.close();
    await bare.close();
    await ours.close();
    rmSync(profile, { recursive: true, force: true });
  }
}

async function openPair(browser: Browser, url: string): Promise<Pair> {
  return {
    caller: await openPage(browser, url, 'alice'),
    callee: await openPage(browser, url, 'bob'),
    spent: [],
  };
}

async function openPage(browser: Browser, url: string, name: string): Promise<Page> {
  const page = await browser.newPage();
  await page.evaluateOnNewDocument(MEASURE);
  await page.goto(url, { waitUntil: 'load' });
  await page.waitForFunction(`'crosspoint' in window`, { polling: 20 });
  const reply = (await page.evaluate(`measured.start('${name}')`)) as { ok: boolean; error?: string };
  if (!reply.ok) throw new Error(`${name} could not register: ${reply.error}`);
  return page;
}

async function place({ caller, callee }: Pair): Promise<number> {
  const before = (await read(caller)).ended;
  const reply = (await caller.evaluate(`measured.place('bob')`)) as { ok: boolean; error?: string };
  if (!reply.ok) throw new Error(`the call could not be placed: ${reply.error}`);
  await caller.waitForFunction('measured.state.playedAt > 0', { polling: 10, timeout: 30_000 });
  await callee.waitForFunction('measured.state.playedAt > 0', { polling: 10, timeout: 30_000 });
  const [here, there] = [await read(caller), await read(callee)];
  await caller.evaluate(`crosspoint.ask('hang-up', {})`);
  for (const page of [caller, callee])
    await page.waitForFunction(`measured.state.ended > ${before}`, { polling: 10, timeout: 30_000 });
  return Math.max(here.playedAt, there.playedAt) - here.placedAt;
}

async function read(page: Page): Promise<Measured> {
  return (await page.evaluate('({ ...measured.state })')) as Measured;
}

/** The standard error of the difference of two medians, from the quartiles. */
function uncertainty(ours: readonly number[], theirs: readonly number[]): number {
  const error = (values: readonly number[]): number => {
    const sorted = values.toSorted((a, b) => a - b);
    const quartile = (part: number): number => sorted[Math.floor((sorted.length - 1) * part)]!;
    return (1.253 * (quartile(0.75) - quartile(0.25))) / 1.349 / Math.sqrt(sorted.length);
  };
  return Math.hypot(error(ours), error(theirs));
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  for (const { name, ours, theirs, unit } of await benchCallSetUp()) {
    const added = ours - theirs;
    process.stdout.write(
      `${name}: ours ${ours.toFixed(1)} ${unit}  bare ${theirs.toFixed(1)} ${unit}  ours adds ${added.toFixed(1)} ms, goal at most ${GOAL_MS} ms ${added <= GOAL_MS ? 'met' : 'MISSED'}\n`,
    );
  }
}
