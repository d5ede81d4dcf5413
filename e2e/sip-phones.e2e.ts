import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { currentNetwork, readHeard } from '@crosspoint/lab/node';
import { detectPattern } from '@crosspoint/media';
import type { Driver, Endpoint, PeerCommands, PeerEvent, Program } from '@crosspoint/peers';
import { CAPABILITIES, statsSchema } from '@crosspoint/peers';
import {
  baresipDriver,
  type KamailioServer,
  linphoneDriver,
  runSipp,
  sippDriver,
  startKamailio,
} from '@crosspoint/peers/node';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

// Many waits come before the end of a test; each has a bound of its own, which is to be met first.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 30_000 });
const WAIT_MS = 15_000;

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
  await Promise.allSettled(programs.map((program) => program.stop()));
  programs = [];
  await kamailio.stop();
  const left = await leftOver();
  // What is still there is this test's defect, not the next one's.
  for (const { pid } of left) process.kill(pid, 'SIGKILL');
  await rm(folder, { recursive: true, force: true });
  expect(left).toEqual([]);
});

/** Processes that were started for this test and are still there: by their words, as this one's children, or in Kamailio's group. */
async function leftOver(): Promise<{ pid: number; words: string }[]> {
  const found: { pid: number; words: string }[] = [];
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const words = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
    const [state, ...ids] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // Ended, and waiting only for the first process of the machine to take note: nothing of it is left but its number.
    if (state === 'Z') continue;
    const [parent, group] = ids.map(Number);
    const own = parent === process.pid && !words.includes('esbuild');
    if (words.includes(folder) || own || group === kamailio.pid)
      found.push({ pid: Number(pid), words: words.replaceAll('\0', ' ') });
  }
  return found;
}

async function phone(driver: Driver, name: Name, options: Partial<SipOpen> = {}): Promise<Endpoint> {
  const program = await driver.start({ folder: join(folder, name) });
  programs.push(program);
  const endpoint = await program.endpoint(name);
  await open(endpoint, name, options);
  return endpoint;
}

async function open(endpoint: Endpoint, name: Name, options: Partial<SipOpen>): Promise<void> {
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
}

/** The next event of this name, from now on. */
const next = (endpoint: Endpoint, name: string, fields: Partial<PeerEvent> = {}): Promise<PeerEvent> =>
  endpoint.wait(
    name,
    (said) => said.event === name && Object.entries(fields).every(([field, value]) => said[field] === value),
    WAIT_MS,
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
  const heard = readHeard(await endpoint.ask('hear', { ms }));
  return detectPattern(heard.pcm, heard.sampleRate, { startWallClockMs: heard.startedAt }).heard.map(
    ({ id }) => id,
  );
}

/** Sound that was stopped comes back after a while: with the next packets, the next sound card's buffer. */
async function expectBothHear(alice: Endpoint, bob: Endpoint): Promise<void> {
  const deadline = Date.now() + WAIT_MS;
  const wanted = [[PATTERNS.bob], [PATTERNS.alice]];
  for (;;) {
    const heard = await Promise.all([heardBy(alice), heardBy(bob)]);
    const missing = heard.some((each) => each.length === 0);
    if (missing && Date.now() < deadline) continue;
    expect(heard).toEqual(wanted);
    return;
  }
}

async function eachHolds(alice: Endpoint, bob: Endpoint): Promise<void> {
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
  await to.wait(`${digits.length} digits`, () => received().length === digits.length, WAIT_MS, since);
  expect(
    received()
      .map(({ digit }) => digit)
      .join(''),
  ).toBe(digits);
  // linphone does not tell how long they were.
  for (const { durationMs } of received())
    if (durationMs !== undefined) expect(durationMs).toBeGreaterThan(30);
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

  it('holds, resumes and dials over ICE and DTLS-SRTP', async () => {
    const alice = await phone(baresipDriver(), 'alice', { media: 'ice-dtls' });
    const bob = await phone(baresipDriver(), 'bob', { media: 'ice-dtls' });
    await connect(alice, bob, 'sip:bob@lab.localhost');
    await expectBothHear(alice, bob);
    await eachHolds(alice, bob);
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
    await eachHolds(alice, bob);
    await sendDigits(alice, bob, '1590*#');
    await sendDigits(bob, alice, '7A');
    expect(await end(bob, alice)).toEqual(['normal', 'normal']);
  });

  it('is heard before the answer, where it sends early media', async () => {
    const alice = await phone(baresipDriver(), 'alice');
    const bob = await phone(sippDriver(), 'bob', { earlyMedia: true });
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
    ['baresip', 'linphone', 'ice-dtls', 'opus'],
    ['linphone', 'sipp', 'rtp', 'PCMU'],
    ['sipp', 'linphone', 'rtp', 'PCMA'],
    ['linphone', 'linphone', 'rtp', 'PCMU'],
  ] as const)('%s calls %s: %s, %s', async (caller, callee, media, codec) => {
    const alice = await phone(DRIVERS[caller](), 'alice', { media, audioCodecs: [codec] });
    const bob = await phone(DRIVERS[callee](), 'bob', { media, audioCodecs: [codec] });
    await connect(alice, bob, 'bob');
    await expectBothHear(alice, bob);
    for (const each of [alice, bob]) {
      const { audio } = statsSchema.parse(await each.ask('stats', {}));
      expect([audio?.sent?.codec, audio?.received?.codec]).toEqual([codec, codec]);
    }
    await eachHolds(alice, bob);
    await sendDigits(alice, bob, '15#');
    await sendDigits(bob, alice, '7*');
    expect(await end(bob, alice)).toEqual(['normal', 'normal']);
    // And once more: its calls have other ids then.
    await connect(alice, bob, 'bob');
    await expectBothHear(alice, bob);
    expect(await end(alice, bob)).toEqual(['normal', 'normal']);
  });
});

describe('a call that does not come about', () => {
  const PHONES = [
    ['baresip', 'sipp'],
    ['sipp', 'baresip'],
    ['sipp', 'sipp'],
    ['baresip', 'linphone'],
    ['linphone', 'sipp'],
    ['baresip', 'baresip'],
  ] as const;
  const BUSY = ['busy', 'busy'] as const;
  const DECLINED = ['decline', 'declined'] as const;
  const REFUSALS = { baresip: [BUSY], linphone: [DECLINED], sipp: [BUSY, DECLINED] };

  it.each(PHONES)('%s calls %s: refused, cancelled, nobody', async (caller, callee) => {
    const alice = await phone(DRIVERS[caller](), 'alice');
    const bob = await phone(DRIVERS[callee](), 'bob');
    const ends = (): Promise<PeerEvent[]> => Promise.all([next(alice, 'ended'), next(bob, 'ended')]);

    for (const [refuse, code] of REFUSALS[callee]) {
      await ring(alice, bob, 'bob');
      const refused = ends();
      await bob.ask(refuse, {});
      expect((await refused).map(({ reason }) => reason?.code)).toEqual([code, code]);
    }

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

  it.each(['linphone', 'sipp'] as const)('%s is busy for a second caller', async (kind) => {
    const alice = await phone(sippDriver(), 'alice');
    const bob = await phone(DRIVERS[kind](), 'bob');
    const carol = await phone(sippDriver(), 'carol');
    await connect(alice, bob, 'bob');
    const before = bob.events.length;
    const refused = next(carol, 'ended');
    await carol.ask('call', { to: 'bob' });
    expect((await refused).reason?.code).toBe('busy');
    await expectBothHear(alice, bob);
    expect(bob.events.slice(before)).toEqual([]);
    expect(await end(bob, alice)).toEqual(['normal', 'normal']);
  });

  it.each(['baresip', 'linphone', 'sipp'] as const)(
    '%s is not registered with a wrong password',
    async (kind) => {
      await expect(phone(DRIVERS[kind](), 'alice', { password: 'guessed' })).rejects.toThrow(
        'not registered',
      );
    },
  );

  it('is rung at three phones: one answers, the others learn that it was answered elsewhere', async () => {
    const alice = await phone(baresipDriver(), 'alice');
    const first = await phone(sippDriver(), 'bob');
    const others = [await phone(baresipDriver(), 'bob'), await phone(linphoneDriver(), 'bob')];
    const rung = [first, ...others].map((each) => next(each, 'incoming'));
    await alice.ask('call', { to: 'bob' });
    await Promise.all(rung);
    const over = others.map((each) => next(each, 'ended'));
    const up = [next(alice, 'connected'), next(first, 'connected')];
    await first.ask('accept', {});
    await Promise.all(up);
    for (const { reason } of await Promise.all(over)) expect(reason?.code).toBe('answered-elsewhere');
    await expectBothHear(alice, first);
  });
});

describe('Kamailio', () => {
  it("passes SIPp's own scenarios on from a neighbour, and refuses them from a stranger", async () => {
    const uas = await runSipp({ folder, name: 'uas', scenario: 'uas', address: '127.0.0.1' });
    const yardstick = await startKamailio({
      ...{ folder, address: '127.0.0.1', domain: DOMAIN, fast: true, trusted: [{ host: '127.0.0.1' }] },
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
  it.each(['baresip', 'linphone', 'sipp'] as const)('by %s brings its partner to a third', async (kind) => {
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

describe('a phone that is closed', () => {
  it.each(['baresip', 'linphone', 'sipp'] as const)('%s is opened again, and calls', async (kind) => {
    const alice = await phone(DRIVERS[kind](), 'alice', { audioCodecs: ['PCMU'] });
    await alice.ask('close', {});
    await open(alice, 'alice', { audioCodecs: ['PCMA'] });
    const bob = await phone(sippDriver(), 'bob');
    await connect(alice, bob, 'bob');
    await expectBothHear(alice, bob);
    const { audio } = statsSchema.parse(await alice.ask('stats', {}));
    expect([audio?.sent?.codec, audio?.received?.codec]).toEqual(['PCMA', 'PCMA']);
    expect(await end(alice, bob)).toEqual(['normal', 'normal']);
  });
});

describe('what a phone does not declare', () => {
  it.each([
    ['baresip', ['decline']],
    ['linphone', ['busy']],
  ] as const)('%s: %s is unsupported', async (kind, commands) => {
    const alice = await phone(DRIVERS[kind](), 'alice');
    for (const command of commands) {
      await expect(alice.ask(command, {})).rejects.toMatchObject({ code: 'unsupported' });
    }
  });

  it.each(['baresip', 'linphone', 'sipp'] as const)('%s: it says no where it is asked', async (kind) => {
    const program = await DRIVERS[kind]().start({ folder: join(folder, kind) });
    programs.push(program);
    const endpoint = await program.endpoint('alice');
    const asked = CAPABILITIES.map(async (feature) => ({
      feature,
      answer: await endpoint.ask('probe', { feature }).then(
        () => 'yes',
        (error: { code?: string }) => error.code,
      ),
    }));
    const { capabilities } = program.manifest;
    expect(await Promise.all(asked)).toEqual(
      CAPABILITIES.map((feature) => ({
        feature,
        answer: capabilities.includes(feature) ? 'yes' : 'unsupported',
      })),
    );
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
