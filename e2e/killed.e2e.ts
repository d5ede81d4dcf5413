import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FoundPeer, findPeers, type MatrixOptions, runMatrix } from '@crosspoint/lab/node';
import type { Run } from '@crosspoint/report';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/** Processes of this machine whose parent is this test, directly or not. */
function descendants(): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      // A zombie is gone and only waits to be read.
      if (fields[0] !== 'Z') parents.set(Number(name), Number(fields[1]));
    } catch {
      // It ended while it was looked at.
    }
  }
  const ours = (pid: number): boolean => {
    for (let each: number | undefined = pid; each !== undefined && each > 1; each = parents.get(each))
      if (each === process.pid) return true;
    return false;
  };
  return [...parents.keys()].filter((pid) => pid !== process.pid && ours(pid));
}

/** Programs of the lab that are still there: what the test runner itself keeps open is none. */
function left(before: readonly number[]): string[] {
  return descendants()
    .filter((pid) => !before.includes(pid))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
      } catch {
        return '';
      }
    })
    .filter((line) => /chromium|firefox|turnserver|apps\/triangle|embedded/.test(line));
}

async function until(fits: () => boolean, timeoutMs: number): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!fits() && Date.now() < deadline) await new Promise((resolve) => setImmediate(resolve));
}

describe('a program that is killed in the middle of a cell', () => {
  const folders: string[] = [];
  let peers: FoundPeer[];
  const before = descendants();

  beforeAll(async () => {
    peers = (await findPeers(['embedded', 'chromium'], [])).found;
  }, 120_000);
  afterAll(() => {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });

  const CHECKS = ['audio', 'hang-up-callee', 'relay', 'decline'];

  async function runWith(onStep: MatrixOptions['onStep']): Promise<Run> {
    const folder = mkdtempSync(join(tmpdir(), 'crosspoint-e2e-killed-'));
    folders.push(folder);
    return runMatrix({
      id: 'killed',
      folder,
      command: 'test',
      peers: peers.filter((peer) => peer.manifest.id === 'chromium'),
      absent: [],
      transports: ['ws', 'http'],
      topologies: ['triangle'],
      checks: CHECKS,
      parallel: 2,
      ...(onStep !== undefined ? { onStep } : {}),
    });
  }

  /** Ends something once the call of a scenario is up in the ws cell. */
  function killing(
    scenario: string,
    pid: (inner: Parameters<NonNullable<MatrixOptions['onStep']>>[3]) => number | undefined,
  ): MatrixOptions['onStep'] {
    return (cell, playing, stage, inner) => {
      if (cell !== 'triangle/ws/chromium--chromium' || playing !== scenario) return;
      void stage
        .event('caller', 'connected call', (event) => event.event === 'connected', 30_000)
        .then(() => process.kill(pid(inner)!, 'SIGKILL'));
    };
  }

  function verdicts(run: Run, id: string): Record<string, string> {
    const cell = run.cells.find((each) => each.id === id)!;
    return Object.fromEntries(
      cell.results.map(({ check, verdict, reason }) => [
        check,
        verdict === 'passed' ? verdict : `${verdict}: ${reason}`,
      ]),
    );
  }

  const WHOLE = { audio: 'passed', 'hang-up-callee': 'passed', relay: 'passed', decline: 'passed' };

  it('a browser: its check fails with the reason, the cell goes on, the other cell is whole', async () => {
    const run = await runWith(killing('audio-call', (inner) => inner.cast.pid('callee')));
    expect(verdicts(run, 'triangle/ws/chromium--chromium')).toEqual({
      ...WHOLE,
      'hang-up-callee': expect.stringMatching(/^failed: .*the browser ended \(signal SIGKILL\)/),
    });
    const result = run.cells
      .find((cell) => cell.transport === 'ws')!
      .results.find((each) => each.check === 'hang-up-callee')!;
    expect(result.reason).toMatch(/the browser ended \(signal SIGKILL\)/);
    expect(result.diagnosis?.[0]?.cause).toBe('peer-died');
    expect(verdicts(run, 'triangle/http/chromium--chromium')).toEqual(WHOLE);
    await until(() => left(before).length === 0, 10_000);
    expect(left(before)).toEqual([]);
  }, 300_000);

  it('the web server: the check is broken and no peer blamed, the cell goes on, the other cell is whole', async () => {
    const run = await runWith(killing('audio-call', (inner) => inner.app.pid));
    expect(verdicts(run, 'triangle/ws/chromium--chromium')).toEqual({
      ...WHOLE,
      'hang-up-callee': expect.stringMatching(/^broken: .*the lab's own web server ended \(signal SIGKILL\)/),
    });
    const result = run.cells
      .find((cell) => cell.transport === 'ws')!
      .results.find((each) => each.check === 'hang-up-callee')!;
    expect(result.reason).toMatch(/the lab's own web server ended \(signal SIGKILL\)/);
    expect(verdicts(run, 'triangle/http/chromium--chromium')).toEqual(WHOLE);
    await until(() => left(before).length === 0, 10_000);
    expect(left(before)).toEqual([]);
  }, 300_000);

  it('the TURN server: its check fails with the reason, the cell goes on, the other cell is whole', async () => {
    const run = await runWith(killing('relay', (inner) => inner.turn?.pid));
    expect(verdicts(run, 'triangle/ws/chromium--chromium')).toEqual({
      ...WHOLE,
      relay: expect.stringMatching(/^failed: .*the TURN server ended \(signal SIGKILL\)/),
    });
    const result = run.cells
      .find((cell) => cell.transport === 'ws')!
      .results.find((each) => each.check === 'relay')!;
    expect(result.reason).toMatch(/the TURN server ended \(signal SIGKILL\)/);
    expect(verdicts(run, 'triangle/http/chromium--chromium')).toEqual(WHOLE);
    await until(() => left(before).length === 0, 10_000);
    expect(left(before)).toEqual([]);
  }, 300_000);
});
