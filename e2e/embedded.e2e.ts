import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readHeard } from '@crosspoint/lab/node';
import { detectPattern } from '@crosspoint/media';
import type { Endpoint, Program } from '@crosspoint/peers';
import { echoedSchema, type OpenOptions, type PeerEvent, statsSchema } from '@crosspoint/peers';
import { embeddedDriver, testContract } from '@crosspoint/peers/node';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FixtureServer, startFixtureServer } from './signaling-app.ts';

const ALICE = 3;
const BOB = 7;

let folder: string;
let server: FixtureServer;
let program: Program;
let alice: Endpoint;
let bob: Endpoint;

async function begin(options: Partial<OpenOptions> = {}, change?: (sdp: string) => string): Promise<void> {
  server = await startFixtureServer(change);
  program = await embeddedDriver().start({ folder });
  alice = await program.endpoint('alice');
  bob = await program.endpoint('bob');
  const open: OpenOptions = {
    url: server.url,
    transport: 'ws',
    name: 'alice',
    pattern: ALICE,
    audio: true,
    video: false,
    data: true,
    audioCodecs: [],
    videoCodecs: [],
    trickle: true,
    relayOnly: false,
    ...options,
  };
  await alice.ask('open', open);
  await bob.ask('open', { ...open, name: 'bob', pattern: BOB });
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'crosspoint-test-'));
});
afterEach(async () => {
  await program?.stop();
  await server?.close();
  await rm(folder, { recursive: true, force: true });
});

const event =
  (name: string, fields: Partial<PeerEvent> = {}) =>
  (said: PeerEvent): boolean =>
    said.event === name && Object.entries(fields).every(([field, value]) => said[field] === value);

/** The next event of this name, from now on. */
const next = (endpoint: Endpoint, name: string, fields: Partial<PeerEvent> = {}): Promise<PeerEvent> =>
  endpoint.wait(name, event(name, fields), 20_000, endpoint.events.length);

async function ring(): Promise<void> {
  const rung = [next(bob, 'incoming', { from: 'alice' }), next(alice, 'ringing')];
  await alice.ask('call', { to: 'bob' });
  await Promise.all(rung);
}

async function connect(): Promise<void> {
  await ring();
  const up = [alice, bob].flatMap((each) => [
    next(each, 'connected'),
    next(each, 'transport', { state: 'connected' }),
  ]);
  await bob.ask('accept', {});
  await Promise.all(up);
}

/** Which patterns an endpoint hears within a second. */
async function heardBy(endpoint: Endpoint): Promise<number[]> {
  const heard = readHeard(await endpoint.ask('hear', { ms: 1000 }));
  const found = detectPattern(heard.pcm, heard.sampleRate, { startWallClockMs: heard.startedAt });
  return found.heard.map(({ id }) => id);
}

const bothHeard = (): Promise<number[][]> => Promise.all([heardBy(alice), heardBy(bob)]);

async function codecs(endpoint: Endpoint): Promise<(string | undefined)[]> {
  const { audio, transport } = statsSchema.parse(await endpoint.ask('stats', {}));
  expect(transport).toMatchObject({ state: 'connected', protocol: 'udp' });
  return [audio?.sent?.codec, audio?.received?.codec];
}

describe('the embedded peer', () => {
  it('keeps the contract', async () => {
    server = await startFixtureServer();
    const report = await testContract(embeddedDriver(), { folder, serverUrl: server.url });
    expect(report.steps.filter(({ ok }) => !ok)).toEqual([]);
    expect(report.steps.length).toBe(9);
  });

  it.each(['ws', 'http'] as const)('hears and is heard by another, signaling over %s', async (transport) => {
    await begin({ transport });
    await connect();
    expect(await bothHeard()).toEqual([[BOB], [ALICE]]);
    expect(await codecs(alice)).toEqual(['PCMU', 'PCMU']);
    for (const each of [alice, bob]) {
      const echoed = echoedSchema.parse(await each.ask('echo', { count: 5, sizes: [16, 1000, 65_536] }));
      expect(echoed).toMatchObject({ sent: 5, returned: 5, inOrder: true, corrupted: 0, largest: 65_536 });
    }
    const ended = [next(alice, 'ended'), next(bob, 'ended')];
    await alice.ask('hang-up', {});
    expect((await Promise.all(ended)).map(({ reason }) => reason?.code)).toEqual(['normal', 'normal']);
  });

  it('uses the codec that it was told to, with all candidates in the description', async () => {
    await begin({ audioCodecs: ['PCMA'], trickle: false, data: false });
    await connect();
    expect(await bothHeard()).toEqual([[BOB], [ALICE]]);
    expect([await codecs(alice), await codecs(bob)]).toEqual([
      ['PCMA', 'PCMA'],
      ['PCMA', 'PCMA'],
    ]);
  });

  it('sends silence where it is impaired, and while it holds', async () => {
    await begin();
    await connect();
    await alice.ask('impair', { what: 'silent-audio', on: true });
    expect(await bothHeard()).toEqual([[BOB], []]);
    await alice.ask('impair', { what: 'silent-audio', on: false });
    for (const [holder, held] of [
      [alice, bob],
      [bob, alice],
    ] as const) {
      const told = next(held, 'held', { held: true });
      await holder.ask('hold', { on: true });
      await told;
      expect(await bothHeard()).toEqual([[], []]);
      const released = next(held, 'held', { held: false });
      await holder.ask('hold', { on: false });
      await released;
      expect(await bothHeard()).toEqual([[BOB], [ALICE]]);
    }
  });

  it.each(['ws', 'http'] as const)('loses its %s connection and nothing with it', async (transport) => {
    await begin({ transport });
    await connect();
    const lost = next(bob, 'signaling', { state: 'lost' });
    await bob.ask('cut-signaling', {});
    await lost;
    await alice.ask('hold', { on: true });
    const [open, held] = [next(bob, 'signaling', { state: 'open' }), next(bob, 'held', { held: true })];
    await bob.ask('restore-signaling', {});
    await Promise.all([open, held]);
    const released = next(bob, 'held', { held: false });
    await alice.ask('hold', { on: false });
    await released;
    expect(await bothHeard()).toEqual([[BOB], [ALICE]]);
  });

  it('ends the call where the fingerprint is not the far side’s', async () => {
    const wrong = (sdp: string): string =>
      sdp.replace(
        /a=fingerprint:sha-256 (..)/g,
        (_, byte) => `a=fingerprint:sha-256 ${byte === '00' ? '01' : '00'}`,
      );
    await begin({}, wrong);
    await ring();
    const ended = [next(alice, 'ended'), next(bob, 'ended')];
    await bob.ask('accept', {});
    expect((await Promise.all(ended)).map(({ reason }) => reason?.code)).toEqual([
      'media-failed',
      'media-failed',
    ]);
    const failed = [...alice.events, ...bob.events].filter(event('transport', { state: 'failed' }));
    expect(failed.length).toBeGreaterThan(0);
  });

  it('refuses an offer that it cannot use, with the reason', async () => {
    await begin({}, (sdp) => sdp.replace(/a=(fingerprint|ice-pwd):.*\r\n/g, ''));
    const ended = next(alice, 'ended');
    await alice.ask('call', { to: 'bob' });
    expect((await ended).reason).toMatchObject({
      code: 'not-acceptable',
      text: expect.stringContaining('no DTLS fingerprint'),
    });
  });

  it('is busy in a call, declines, and hears of names that are not there', async () => {
    await begin();
    const carol = await program.endpoint('carol');
    await carol.ask('open', {
      ...{
        url: server.url,
        transport: 'http',
        name: 'carol',
        pattern: 9,
        audio: true,
        video: false,
        data: false,
      },
      ...{ audioCodecs: [], videoCodecs: [], trickle: true, relayOnly: false },
    });
    await ring();
    const busy = next(carol, 'ended');
    await carol.ask('call', { to: 'bob' });
    expect((await busy).reason?.code).toBe('busy');
    const nobody = next(carol, 'ended');
    await carol.ask('call', { to: 'nobody' });
    expect((await nobody).reason?.code).toBe('not-found');
    const declined = next(alice, 'ended');
    await bob.ask('decline', {});
    expect((await declined).reason?.code).toBe('declined');
  });
});
