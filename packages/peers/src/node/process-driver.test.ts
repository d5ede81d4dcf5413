import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PeerError } from '../peer-error.ts';
import { testContract } from './contract-test.ts';
import { type ProcessDriverOptions, processDriver } from './process-driver.ts';

const fixture = (name: string): string => fileURLToPath(new URL(`./fixtures/${name}`, import.meta.url));
const QUICK: ProcessDriverOptions = { times: { ready: 5000, reply: 5000, quit: 1000, terminate: 200 } };

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'crosspoint-test-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const start = (name: string, options = QUICK) => processDriver(fixture(name), options).start({ folder });

async function refusal(work: Promise<unknown>): Promise<PeerError> {
  const error: unknown = await work.then(
    () => undefined,
    (thrown) => thrown,
  );
  expect(error).toBeInstanceOf(PeerError);
  return error as PeerError;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe('a peer behind a pipe', () => {
  it('is found, starts, answers and ends with status 0', async () => {
    const driver = processDriver(fixture('honest'));
    expect(driver.id).toBe('honest');
    expect(await driver.find()).toMatchObject({
      found: true,
      kind: 'program',
      manifest: { name: 'fake: honest' },
    });
    const program = await start('honest');
    const one = await program.endpoint('one');
    const two = await program.endpoint('two');
    expect(await one.ask('probe', { feature: 'call' })).toEqual({});
    expect((await refusal(two.ask('hold', { on: true }))).code).toBe('unsupported');
    expect((await refusal(two.ask('call', { to: 'bob' }))).message).toContain('there is no web server');
    await program.stop();
    expect(await program.exited).toEqual({ code: 0, signal: null, asked: true });
    expect(isAlive(program.pid)).toBe(false);
  });

  it('has one process for each endpoint, and each is ended by itself', async () => {
    const program = await start('honest');
    const one = await program.endpoint('one');
    const two = await program.endpoint('two');
    await one.close();
    expect(isAlive(program.pid)).toBe(false);
    expect(await two.ask('probe', { feature: 'call' })).toEqual({});
    await program.stop();
  });

  it('is a liar where it claims a made-up feature', async () => {
    const error = await refusal(start('liar'));
    expect(error.code).toBe('contract');
    expect(error.message).toContain('is a liar');
    expect(await processDriver(fixture('liar'), QUICK).find()).toMatchObject({ found: false });
  });

  it('must say unsupported, and not just fail, for a feature it does not know', async () => {
    const error = await refusal(start('shrugger'));
    expect([error.code, error.message]).toEqual(['contract', expect.stringContaining('"unsupported"')]);
  });

  it('is absent, with the reason, where it exits with 127', async () => {
    const finding = await processDriver(fixture('absent'), QUICK).find();
    expect(finding).toEqual({ found: false, why: 'libfoo is not installed' });
  });

  it('is absent where its program is not on this machine', async () => {
    const finding = await processDriver(fixture('honest'), {
      ...QUICK,
      command: ['no-such-program-9f'],
    }).find();
    expect(finding).toMatchObject({
      found: false,
      why: expect.stringContaining('no-such-program-9f is not on'),
    });
  });

  it('breaks the contract where it writes what is no JSON', async () => {
    const program = await start('garbage');
    const endpoint = await program.endpoint('it');
    const waiting = refusal(endpoint.wait('anything', (event) => event.event === 'x', 5000));
    const error = await refusal(endpoint.ask('call', { to: 'bob' }));
    expect(error.code).toBe('contract');
    expect(error.message).toContain('Segmentation fault (core dumped)');
    expect((await waiting).code).toBe('contract');
    expect((await refusal(endpoint.ask('close', {}))).code).toBe('contract');
    await program.stop();
    expect(isAlive(program.pid)).toBe(false);
  });

  it('breaks the contract with a line that does not end', async () => {
    const program = await start('chatterbox');
    const error = await refusal((await program.endpoint('it')).ask('call', { to: 'bob' }));
    expect([error.code, error.message]).toEqual([
      'contract',
      expect.stringContaining('more than 4194304 bytes'),
    ]);
    await program.stop();
  });

  it('is given up where it never gets ready, and does not outlive that', async () => {
    const path = join(folder, 'pid');
    const command = ['sh', '-c', `echo $$ > ${path}; exec node peer.mjs`];
    const times = { ready: 400, reply: 1000, quit: 100, terminate: 100 };
    const error = await refusal(start('never-ready', { command, times }));
    expect([error.code, error.message]).toEqual(['timeout', expect.stringContaining('no event ready')]);
    expect(isAlive(Number(await readFile(path, 'utf8')))).toBe(false);
  });

  it('is noticed at once when it dies in the middle of a command, with its last words', async () => {
    const program = await start('dies');
    const endpoint = await program.endpoint('it');
    const waiting = refusal(endpoint.wait('anything', (event) => event.event === 'x', 60_000));
    const error = await refusal(endpoint.ask('call', { to: 'bob' }, 60_000));
    expect(error.code).toBe('died');
    expect(error.message).toContain('exit status 3; its last words: assertion failed: phone.c:42');
    expect((await waiting).code).toBe('died');
    expect(await program.exited).toEqual({ code: 3, signal: null, asked: false });
  });

  it('names the signal that ended it', async () => {
    const program = await start('honest');
    const endpoint = await program.endpoint('it');
    const waiting = refusal(endpoint.wait('anything', (event) => event.event === 'x', 60_000));
    process.kill(program.pid, 'SIGKILL');
    expect((await waiting).message).toContain('signal SIGKILL');
    expect(await program.exited).toEqual({ code: null, signal: 'SIGKILL', asked: false });
  });

  it('breaks the contract with a result out of shape, for that command alone', async () => {
    const program = await start('misshapen');
    const endpoint = await program.endpoint('it');
    const error = await refusal(endpoint.ask('hear', { ms: 10 }));
    expect([error.code, error.message]).toEqual(['contract', expect.stringContaining('sampleRate')]);
    expect(await endpoint.ask('probe', { feature: 'call' })).toEqual({});
    await program.stop();
  });

  it('may answer after it was given up on', async () => {
    const program = await start('mute');
    const endpoint = await program.endpoint('it');
    expect((await refusal(endpoint.ask('call', { to: 'bob' }, 50))).code).toBe('timeout');
    expect(await endpoint.ask('close', {})).toEqual({});
    await program.stop();
  });

  it.each([
    ['{', 'is not JSON'],
    ['{"contract":2}', 'contract'],
    ['{"contract":1,"id":"Bad Id"}', 'id'],
    [
      '{"contract":1,"id":"a","name":"a","version":"1","joins":"web","command":["a"],"capabilities":["fly"]}',
      'not a capability of the contract',
    ],
  ])('has its manifest refused: %s', async (manifest, words) => {
    const home = await mkdtemp(join(folder, 'manifest-'));
    await writeFile(join(home, 'peer.json'), manifest);
    const error = await refusal(processDriver(home).start({ folder }));
    expect([error.code, error.message]).toEqual(['contract', expect.stringContaining(words)]);
  });
});

describe('the test of the contract', () => {
  it('passes a peer that keeps it', async () => {
    const report = await testContract(processDriver(fixture('honest'), QUICK), { folder });
    expect(report.steps.filter(({ ok }) => !ok)).toEqual([]);
    expect(report.steps.length).toBe(7);
    expect(report.ok).toBe(true);
  });

  it.each([
    ['liar', 'starts, is ready in time, and does not claim a made-up feature'],
    ['garbage', 'refuses a call when it is not open, and lives on'],
    ['dies', 'refuses a call when it is not open, and lives on'],
  ])('fails %s at the step where it breaks it', async (name, step) => {
    const report = await testContract(processDriver(fixture(name), QUICK), { folder });
    expect(report.ok).toBe(false);
    expect(report.steps.find(({ ok }) => !ok)?.name).toBe(step);
  });
});
