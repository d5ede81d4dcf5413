import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { detectPattern } from '@crosspoint/media';
import {
  type Driver,
  type Endpoint,
  echoedSchema,
  heardSchema,
  type PeerCommands,
  type PeerEvent,
  type Program,
  statsSchema,
  watchedSchema,
} from '@crosspoint/peers';
import { chromiumStanzaDriver, firefoxStanzaDriver } from '@crosspoint/peers/node';
import type { Browser } from 'puppeteer-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Person } from './person.ts';
import { startBrowser } from './real-browser.ts';
import { buildStanzaPage, type StanzaServer, startStanzaServer } from './stanza-server.ts';

const WAIT_MS = 20_000;
const DOMAIN = 'lab.example';
const ALICE = 3;
const BOB = 5;

const PAIRS: readonly (readonly [string, () => Driver, () => Driver])[] = [
  ['Chromium and Chromium', chromiumStanzaDriver, chromiumStanzaDriver],
  ['Chromium and Firefox', chromiumStanzaDriver, firefoxStanzaDriver],
  ['Firefox and Chromium', firefoxStanzaDriver, chromiumStanzaDriver],
];

/** Which patterns are there in what is heard now. */
async function hearsNow(endpoint: Endpoint): Promise<number[]> {
  const { pcm, sampleRate, startedAt } = heardSchema.parse(await endpoint.ask('hear', { ms: 1200 }));
  const bytes = Buffer.from(pcm, 'base64');
  const samples = Int16Array.from({ length: bytes.length / 2 }, (_, at) => bytes.readInt16LE(2 * at));
  const { heard } = detectPattern(samples, sampleRate, { startWallClockMs: startedAt });
  return heard.map(({ id }) => id);
}

/** Which patterns are heard, once these are. */
async function hears(endpoint: Endpoint, wanted: readonly number[]): Promise<number[]> {
  const deadline = Date.now() + WAIT_MS;
  for (;;) {
    const heard = await hearsNow(endpoint);
    if (String(heard) === String(wanted) || Date.now() > deadline) return heard;
  }
}

/** Whose pictures are seen moving. */
async function sees(endpoint: Endpoint): Promise<number[]> {
  const deadline = Date.now() + WAIT_MS;
  for (;;) {
    const { frames } = watchedSchema.parse(await endpoint.ask('watch', { ms: 1200 }));
    const moving = [...new Set(frames.map(({ id }) => id))].filter(
      (id) => new Set(frames.filter((each) => each.id === id).map(({ frame }) => frame)).size > 2,
    );
    if (moving.length > 0 || Date.now() > deadline) return moving;
  }
}

const next = (endpoint: Endpoint, name: string, fields: Partial<PeerEvent> = {}): Promise<PeerEvent> =>
  endpoint.wait(
    name,
    (said) => said.event === name && Object.entries(fields).every(([field, value]) => said[field] === value),
    WAIT_MS,
    endpoint.events.length,
  );

describe.each(PAIRS)('pages that are Jingle clients themselves, by stanza: %s', (_name, one, other) => {
  const folder = mkdtempSync(join(tmpdir(), 'crosspoint-e2e-stanza-'));
  const stanzas: string[] = [];
  const programs: Program[] = [];
  let server: StanzaServer;
  let alice: Endpoint;
  let bob: Endpoint;

  beforeAll(async () => {
    await buildStanzaPage();
    server = await startStanzaServer(DOMAIN, ({ direction, text }) => {
      if (direction === 'in') stanzas.push(text);
    });
    programs.push(await one().start({ folder }));
    if (other !== one) programs.push(await other().start({ folder }));
    alice = await programs[0]!.endpoint('alice');
    bob = await programs.at(-1)!.endpoint('bob');
  });
  afterAll(async () => {
    for (const program of programs) await program.stop();
    await server?.close();
    rmSync(folder, { recursive: true, force: true });
  });
  beforeEach(() => {
    stanzas.length = 0;
  });
  afterEach(async () => {
    await alice.ask('close', {});
    await bob.ask('close', {});
  });

  async function open(more: Partial<PeerCommands['open-jingle']> = {}): Promise<void> {
    await alice.ask('open-jingle', { ...server.account('alice', ALICE), ...more });
    await bob.ask('open-jingle', { ...server.account('bob', BOB), ...more });
  }

  async function rings(): Promise<void> {
    const rung = [next(bob, 'incoming', { from: 'alice' }), next(alice, 'ringing')];
    await alice.ask('call', { to: 'bob' });
    await Promise.all(rung);
  }

  async function inCall(): Promise<void> {
    await rings();
    const up = [alice, bob].flatMap((each) => [
      next(each, 'connected'),
      next(each, 'transport', { state: 'connected' }),
    ]);
    await bob.ask('accept', {});
    await Promise.all(up);
  }

  async function hearEachOther(): Promise<void> {
    expect(await hears(alice, [BOB])).toEqual([BOB]);
    expect(await hears(bob, [ALICE])).toEqual([ALICE]);
  }

  it('call by name, hear each other, hang up', async () => {
    await open();
    await inCall();
    await hearEachOther();
    const ended = next(bob, 'ended');
    await alice.ask('hang-up', {});
    expect((await ended).reason?.code).toBe('normal');
    for (const action of ['session-initiate', 'session-info', 'session-accept', 'transport-info'])
      expect(stanzas.filter((text) => text.includes(`action="${action}"`))).not.toEqual([]);
    expect(stanzas.filter((text) => text.includes('<description')).join()).toContain(
      'urn:xmpp:jingle:apps:rtp:1',
    );
  });

  it('see each other', async () => {
    await open({ video: true });
    await inCall();
    expect(await sees(alice)).toEqual([BOB]);
    expect(await sees(bob)).toEqual([ALICE]);
    await hearEachOther();
  });

  it('send messages to each other', async () => {
    await open({ data: true });
    await inCall();
    for (const each of [alice, bob]) {
      const echoed = echoedSchema.parse(await each.ask('echo', { count: 5, sizes: [16, 1000, 65_536] }));
      expect(echoed).toMatchObject({ returned: echoed.sent, inOrder: true, corrupted: 0 });
      expect(echoed.sent).toBeGreaterThan(0);
    }
  });

  it('hold and resume, from both sides', async () => {
    await open();
    await inCall();
    for (const [holder, held] of [
      [alice, bob],
      [bob, alice],
    ] as const) {
      const told = next(held, 'held', { held: true });
      await holder.ask('hold', { on: true });
      await told;
      expect(await hears(alice, [])).toEqual([]);
      expect(await hears(bob, [])).toEqual([]);
      const released = next(held, 'held', { held: false });
      await holder.ask('hold', { on: false });
      await released;
      await hearEachOther();
    }
  });

  it('say why a call ended', async () => {
    await open();
    for (const [command, code] of [
      ['decline', 'declined'],
      ['busy', 'busy'],
    ] as const) {
      await rings();
      const ended = next(alice, 'ended');
      await bob.ask(command, {});
      expect((await ended).reason?.code).toBe(code);
    }
    await rings();
    const cancelled = next(bob, 'ended');
    await alice.ask('hang-up', {});
    expect((await cancelled).reason?.code).toBe('cancelled');

    const nowhere = next(alice, 'ended');
    await alice.ask('call', { to: `bob@${DOMAIN}/nowhere` });
    expect((await nowhere).reason?.code).toBe('unavailable');
  });

  it('have one call at a time', async () => {
    await open();
    await inCall();
    const carol = await programs[0]!.endpoint('carol');
    await carol.ask('open-jingle', server.account('carol', 7));
    const ended = next(carol, 'ended');
    await carol.ask('call', { to: 'bob' });
    expect((await ended).reason?.code).toBe('busy');
    await hearEachOther();
    await carol.close();
  });

  it('use the codec that they are told', async () => {
    await open({ audioCodecs: ['PCMU'] });
    await inCall();
    await hearEachOther();
    for (const each of [alice, bob]) {
      const { audio } = statsSchema.parse(await each.ask('stats', {}));
      expect([audio?.sent?.codec, audio?.received?.codec]).toEqual(['PCMU', 'PCMU']);
    }
  });

  it('restart ICE where they have called, and say that they cannot where they were', async () => {
    await open();
    await inCall();
    const ufrags = (): number =>
      new Set(stanzas.flatMap((text) => /<transport[^>]*ufrag="([^"]+)"/.exec(text)?.[1] ?? [])).size;
    const before = ufrags();
    await alice.ask('restart-ice', {});
    await expect.poll(ufrags, { timeout: WAIT_MS }).toBe(before + 2);
    expect(await hears(alice, [BOB])).toEqual([BOB]);
    // Seen in Chromium 156, without stanza too: its selected pair stays one of new candidates with the far side's old ones.
    // Chromium as far side goes on hearing there, Firefox does not; why it comes to that is not known.
    if (one !== chromiumStanzaDriver || other !== firefoxStanzaDriver)
      expect(await hears(bob, [ALICE])).toEqual([ALICE]);
    await expect(bob.ask('restart-ice', {})).rejects.toMatchObject({ code: 'unsupported' });
  });

  it('lose nothing while their connection to the server is lost', async () => {
    await open();
    await inCall();
    const lost = next(alice, 'signaling', { state: 'lost' });
    await alice.ask('cut-signaling', {});
    await lost;
    await hearEachOther();
    await bob.ask('hold', { on: true });
    const held = next(alice, 'held', { held: true });
    await alice.ask('restore-signaling', {});
    await held;
    await bob.ask('hold', { on: false });
    await hearEachOther();
  });

  it('say why they cannot log in', async () => {
    const account = server.account('alice', ALICE);
    const since = alice.events.length;
    await expect(alice.ask('open-jingle', { ...account, password: 'guessed' })).rejects.toThrow(
      'not-authorized',
    );
    const refused = alice.wait('a refusal', ({ event }) => event === 'not-registered', WAIT_MS, since);
    expect((await refused).words).toContain('not-authorized');
  });
});

describe('a person at the page that is a Jingle client', () => {
  let server: StanzaServer;
  let browser: Browser;
  const people: Person[] = [];

  beforeAll(async () => {
    await buildStanzaPage();
    server = await startStanzaServer(DOMAIN);
    browser = await startBrowser('Chromium');
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  async function joined(name: string): Promise<Person> {
    const person = await Person.open(browser, `${server.url}stanza/`, name);
    people.push(person);
    await person.join(true);
    await person.see('XMPP over WebSocket');
    return person;
  }

  it('calls by name, sees the far side and the stanzas in the ladder', async () => {
    const [alice, bob] = [await joined('alice'), await joined('bob')];
    await alice.page.bringToFront();
    await (await alice.page.$('#to'))!.type('bob');
    await alice.click('Video');
    await bob.see('alice is calling');
    await bob.click('Accept with video');
    await alice.seeStatus('Connected with bob');
    await bob.seesMovingPicture();
    await alice.figureSays('sound and picture arrive');
    await alice.until(
      (wanted) => {
        const ladder = document.querySelector('cp-ladder') as unknown as {
          entries: readonly { summary: string; call?: string }[];
        };
        return wanted.every((summary) => ladder.entries.some((each) => each.summary === summary));
      },
      ['session-initiate', 'session-info ringing', 'session-accept', 'transport-info', 'result'],
    );
    await alice.click('Hang up');
    await bob.seeStatus('ended: hung up');
    // They know each other from now on.
    await alice.button('Call bob with audio');
    expect(people.flatMap(({ errors }) => errors)).toEqual([]);
  });
});
