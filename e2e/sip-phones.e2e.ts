import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { currentNetwork } from '@crosspoint/lab/node';
import { detectPattern } from '@crosspoint/media';
import type { Driver, Endpoint, PeerCommands, PeerEvent, Program } from '@crosspoint/peers';
import { heardSchema, statsSchema } from '@crosspoint/peers';
import {
  baresipDriver,
  type KamailioServer,
  linphoneDriver,
  runSipp,
  sippDriver,
  startKamailio,
} from '@crosspoint/peers/node';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

type SipOpen = PeerCommands['open-sip'];

const DOMAIN = 'lab.localhost';
const USERS = { alice: 'alices-word', bob: 'bobs-word', carol: 'carols-word' };
type Name = keyof typeof USERS;
const PATTERNS: Readonly<Record<Name, number>> = { alice: 3, bob: 7, carol: 12 };

let folder: string;
let kamailio: KamailioServer;
let programs: Program[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'crosspoint-test-'));
  kamailio = await startKamailio({ folder, address: '127.0.0.1', domain: DOMAIN, users: USERS });
});
afterEach(async () => {
  for (const program of programs) await program.stop();
  programs = [];
  await kamailio?.stop();
  expect(await leftOver()).toEqual([]);
  await rm(folder, { recursive: true, force: true });
});

/** Processes that were started for this test and are still there: by their words, as this one's children, or in Kamailio's group. */
async function leftOver(): Promise<string[]> {
  const found: string[] = [];
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const words = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
    const [, parent, group] = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    const own = parent === process.pid && !words.includes('esbuild');
    if (words.includes(folder) || own || group === kamailio.pid)
      found.push(`${pid} ${words.replaceAll('\0', ' ')}`);
  }
  return found;
}

async function phone(driver: Driver, name: Name, options: Partial<SipOpen> = {}): Promise<Endpoint> {
  const program = await driver.start({ folder: join(folder, name) });
  programs.push(program);
  const endpoint = await program.endpoint(name);
  await endpoint.ask('open-sip', {
    server: kamailio.server,
    transport: 'udp',
    domain: DOMAIN,
    user: name,
    password: USERS[name],
    mediaAddress: currentNetwork().address,
    pattern: PATTERNS[name],
    media: 'rtp',
    audioCodecs: [],
    ...options,
  });
  return endpoint;
}

/** The next event of this name, from now on. */
const next = (endpoint: Endpoint, name: string, fields: Partial<PeerEvent> = {}): Promise<PeerEvent> =>
  endpoint.wait(
    name,
    (said) => said.event === name && Object.entries(fields).every(([field, value]) => said[field] === value),
    20_000,
    endpoint.events.length,
  );

async function ring(caller: Endpoint, callee: Endpoint, to: string): Promise<void> {
  const rung = [next(callee, 'incoming'), next(caller, 'ringing')];
  await caller.ask('call', { to });
  await Promise.all(rung);
}

async function connect(caller: Endpoint, callee: Endpoint, to: string): Promise<void> {
  await ring(caller, callee, to);
  const up = [caller, callee].flatMap((each) => [
    next(each, 'connected'),
    next(each, 'transport', { state: 'connected' }),
  ]);
  await callee.ask('accept', {});
  await Promise.all(up);
}

/** Which patterns an endpoint hears within so many milliseconds. */
async function heardBy(endpoint: Endpoint, ms = 1200): Promise<number[]> {
  const heard = heardSchema.parse(await endpoint.ask('hear', { ms }));
  const bytes = Buffer.from(heard.pcm, 'base64');
  const pcm = Int16Array.from({ length: bytes.length / 2 }, (_, at) => bytes.readInt16LE(2 * at));
  return detectPattern(pcm, heard.sampleRate, { startWallClockMs: heard.startedAt }).heard.map(
    ({ id }) => id,
  );
}

async function expectBothHear(alice: Endpoint, bob: Endpoint): Promise<void> {
  expect(await Promise.all([heardBy(alice), heardBy(bob)])).toEqual([[PATTERNS.bob], [PATTERNS.alice]]);
}

/** Ends the call and waits until both know. */
async function end(by: Endpoint, other: Endpoint): Promise<(string | undefined)[]> {
  const ended = [next(by, 'ended'), next(other, 'ended')];
  await by.ask('hang-up', {});
  return (await Promise.all(ended)).map(({ reason }) => reason?.code);
}

async function sendDigits(from: Endpoint, to: Endpoint, digits: string): Promise<void> {
  const since = to.events.length;
  const received = (): PeerEvent[] => to.events.slice(since).filter(({ event }) => event === 'dtmf');
  await from.ask('dtmf', { digits, durationMs: 120 });
  await to.wait(`${digits.length} digits`, () => received().length === digits.length, 10_000);
  expect(
    received()
      .map(({ digit }) => digit)
      .join(''),
  ).toBe(digits);
  for (const { durationMs } of received()) expect(durationMs).toBeGreaterThan(30);
}

describe('baresip', () => {
  it.each([
    { media: 'ice-dtls', transport: 'udp', audioCodecs: ['opus'] },
    { media: 'ice-dtls', transport: 'tcp', audioCodecs: ['PCMU'] },
    { media: 'rtp', transport: 'udp', audioCodecs: ['PCMA'] },
    { media: 'sdes', transport: 'tcp', audioCodecs: ['opus', 'PCMU'] },
  ] as const)('calls baresip through Kamailio: $media over $transport, $audioCodecs', async (options) => {
    const alice = await phone(baresipDriver(), 'alice', options);
    const bob = await phone(baresipDriver(), 'bob', options);
    await connect(alice, bob, 'bob');
    await expectBothHear(alice, bob);
    const { audio } = statsSchema.parse(await alice.ask('stats', {}));
    expect([audio?.sent?.codec, audio?.received?.codec]).toEqual([
      options.audioCodecs[0],
      options.audioCodecs[0],
    ]);
    expect(await end(bob, alice)).toEqual(['normal', 'normal']);
  });

  it.each(['ice-dtls', 'rtp'] as const)('holds, resumes and dials over %s', async (media) => {
    const alice = await phone(baresipDriver(), 'alice', { media });
    const bob = await phone(baresipDriver(), 'bob', { media });
    await connect(alice, bob, 'sip:bob@lab.localhost');
    await expectBothHear(alice, bob);
    for (const [holder, held] of [
      [alice, bob],
      [bob, alice],
    ] as const) {
      const told = next(held, 'held', { held: true });
      await holder.ask('hold', { on: true });
      await told;
      expect(await Promise.all([heardBy(alice), heardBy(bob)])).toEqual([[], []]);
      const released = next(held, 'held', { held: false });
      await holder.ask('hold', { on: false });
      await released;
      await expectBothHear(alice, bob);
    }
    await sendDigits(alice, bob, '1590*#');
    await sendDigits(bob, alice, '7A');
    expect(await end(alice, bob)).toEqual(['normal', 'normal']);
  });
});

const RTP_PAIRS = [
  ['sipp', 'baresip'],
  ['baresip', 'sipp'],
  ['sipp', 'sipp'],
] as const;
const DRIVERS = { baresip: baresipDriver, linphone: linphoneDriver, sipp: sippDriver };

describe('SIPp', () => {
  it.each(RTP_PAIRS)('%s calls %s: heard, held, digits', async (caller, callee) => {
    const alice = await phone(DRIVERS[caller](), 'alice', { audioCodecs: ['PCMU'] });
    const bob = await phone(DRIVERS[callee](), 'bob', { audioCodecs: ['PCMA', 'PCMU'] });
    await connect(alice, bob, 'bob');
    await expectBothHear(alice, bob);
    for (const [holder, held] of [
      [alice, bob],
      [bob, alice],
    ] as const) {
      const told = next(held, 'held', { held: true });
      await holder.ask('hold', { on: true });
      await told;
      expect(await Promise.all([heardBy(alice), heardBy(bob)])).toEqual([[], []]);
      const released = next(held, 'held', { held: false });
      await holder.ask('hold', { on: false });
      await released;
      await expectBothHear(alice, bob);
    }
    await sendDigits(alice, bob, '1590*#');
    await sendDigits(bob, alice, '7A');
    expect(await end(bob, alice)).toEqual(['normal', 'normal']);
  });

  it('is heard before the answer, where it sends early media', async () => {
    const alice = await phone(baresipDriver(), 'alice');
    const bob = await phone(sippDriver({ earlyMedia: true }), 'bob');
    const early = next(alice, 'early');
    await alice.ask('call', { to: 'bob' });
    await early;
    expect(await heardBy(alice, 1500)).toEqual([PATTERNS.bob]);
    expect(alice.events.map(({ event }) => event)).not.toContain('connected');
    const up = [next(alice, 'connected'), next(bob, 'connected')];
    await bob.ask('accept', {});
    await Promise.all(up);
    await expectBothHear(alice, bob);
  });
});

describe('linphone', () => {
  it.each([
    ['linphone', 'baresip', 'ice-dtls', 'opus'],
    ['linphone', 'sipp', 'rtp', 'PCMU'],
  ] as const)('%s calls %s: %s, %s', async (caller, callee, media, codec) => {
    const alice = await phone(DRIVERS[caller](), 'alice', { media, audioCodecs: [codec] });
    const bob = await phone(DRIVERS[callee](), 'bob', { media, audioCodecs: [codec] });
    const incoming = next(bob, 'incoming');
    await alice.ask('call', { to: 'bob' });
    await incoming;
    const up = [alice, bob].flatMap((each) => [
      next(each, 'connected'),
      next(each, 'transport', { state: 'connected' }),
    ]);
    await bob.ask('accept', {});
    await Promise.all(up);
    await expectBothHear(alice, bob);
    const [far, linphone] = caller === 'linphone' ? [bob, alice] : [alice, bob];
    await sendDigits(linphone, far, '15#');
    expect(await end(far, linphone)).toEqual(['normal', 'normal']);
  });
});

describe('a call that does not come about', () => {
  const PHONES = [
    ['baresip', 'sipp'],
    ['sipp', 'baresip'],
    ['sipp', 'sipp'],
    ['baresip', 'baresip'],
  ] as const;

  it.each(PHONES)('%s calls %s: busy, cancelled, nobody', async (caller, callee) => {
    const alice = await phone(DRIVERS[caller](), 'alice');
    const bob = await phone(DRIVERS[callee](), 'bob');
    const ends = (): Promise<PeerEvent[]> => Promise.all([next(alice, 'ended'), next(bob, 'ended')]);

    await ring(alice, bob, 'bob');
    const busy = ends();
    await bob.ask('busy', {});
    expect((await busy).map(({ reason }) => reason?.code)).toEqual(['busy', 'busy']);

    await ring(alice, bob, 'bob');
    const cancelled = ends();
    await alice.ask('hang-up', {});
    expect((await cancelled).map(({ reason }) => reason?.code)).toEqual(['cancelled', 'cancelled']);

    for (const [to, code] of [
      ['nobody', 'not-found'],
      ['carol', 'unavailable'],
      ['somebody@elsewhere.test', 'not-found'],
    ] as const) {
      const nobody = next(alice, 'ended');
      await alice.ask('call', { to });
      expect((await nobody).reason?.code).toBe(code);
    }
  });

  it('is declined by SIPp with 603; baresip can say 486 only', async () => {
    const alice = await phone(baresipDriver(), 'alice');
    const bob = await phone(sippDriver(), 'bob');
    await ring(alice, bob, 'bob');
    const declined = [next(alice, 'ended'), next(bob, 'ended')];
    await bob.ask('decline', {});
    for (const { reason } of await Promise.all(declined)) {
      expect(reason).toEqual({ code: 'declined', text: '603 Decline' });
    }
    await expect(alice.ask('decline', {})).rejects.toMatchObject({ code: 'unsupported' });
  });

  it.each(['baresip', 'linphone', 'sipp'] as const)(
    '%s is not registered with a wrong password',
    async (kind) => {
      await expect(phone(DRIVERS[kind](), 'alice', { password: 'guessed' })).rejects.toThrow(
        'not registered',
      );
    },
  );

  it('is rung at two phones: one answers, the other learns that it was answered elsewhere', async () => {
    const alice = await phone(baresipDriver(), 'alice');
    const first = await phone(sippDriver(), 'bob');
    const second = await phone(baresipDriver(), 'bob');
    const rung = [next(first, 'incoming'), next(second, 'incoming')];
    await alice.ask('call', { to: 'bob' });
    await Promise.all(rung);
    const over = next(second, 'ended');
    const up = [next(alice, 'connected'), next(first, 'connected')];
    await first.ask('accept', {});
    await Promise.all(up);
    expect((await over).reason?.code).toBe('answered-elsewhere');
    await expectBothHear(alice, first);
  });
});

describe('Kamailio', () => {
  it("passes SIPp's own scenarios on from a neighbour, and refuses them from a stranger", async () => {
    const uas = await runSipp({ folder, name: 'uas', scenario: 'uas', address: '127.0.0.1' });
    const yardstick = await startKamailio({
      ...{ folder, address: '127.0.0.1', domain: DOMAIN, fast: true, trusted: ['127.0.0.1'] },
      routes: [{ userPrefix: 'service', to: `sip:127.0.0.1:${uas.port}` }],
    });
    try {
      const load = { folder, scenario: 'uac', address: '127.0.0.1', calls: 100, callsPerSecond: 50 } as const;
      const neighbour = await runSipp({
        ...load,
        name: 'neighbour',
        remote: yardstick.server,
        timeoutSeconds: 60,
      });
      expect(await neighbour.result).toMatchObject({ exitCode: 0, successful: 100, failed: 0 });
      const stranger = await runSipp({
        ...load,
        name: 'stranger',
        calls: 5,
        remote: kamailio.server,
        timeoutSeconds: 60,
      });
      expect(await stranger.result).toMatchObject({ exitCode: 1, successful: 0, failed: 5 });
      expect(await uas.stop()).toMatchObject({ successful: 100, failed: 0 });
    } finally {
      await yardstick.stop();
      await uas.stop();
    }
  });
});

describe('a blind transfer', () => {
  it.each(['baresip', 'sipp'] as const)('by %s brings its partner to a third', async (kind) => {
    const alice = await phone(baresipDriver(), 'alice');
    const bob = await phone(DRIVERS[kind](), 'bob');
    const carol = await phone(sippDriver(), 'carol');
    await connect(alice, bob, 'bob');
    const rung = next(carol, 'incoming', { from: 'sip:alice@lab.localhost' });
    await bob.ask('transfer', { to: 'sip:carol@lab.localhost' });
    await rung;
    const up = [next(carol, 'connected'), next(bob, 'ended')];
    await carol.ask('accept', {});
    await Promise.all(up);
    expect(await heardBy(carol, 1500)).toEqual([PATTERNS.alice]);
    expect(await heardBy(alice)).toEqual([PATTERNS.carol]);
  });
});

describe('a phone that is killed', () => {
  it.each(['baresip', 'linphone', 'sipp'] as const)('%s: who waits learns it', async (kind) => {
    const alice = await phone(DRIVERS[kind](), 'alice');
    const waiting = alice.wait('nothing', () => false, 20_000).catch((error: unknown) => error);
    process.kill(programs[0]!.pid, 'SIGKILL');
    expect(await waiting).toMatchObject({ code: 'died' });
    expect(await programs[0]!.exited).toMatchObject({ asked: false, signal: 'SIGKILL' });
    await expect(alice.ask('hear', { ms: 100 })).rejects.toMatchObject({ code: 'died' });
  });
});
