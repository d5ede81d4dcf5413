import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Run } from '@crosspoint/report';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { chooseCell, keptCell, keptRun } from './kept-run.ts';

const CELL: Run['cells'][number] = {
  id: 'triangle/ws/a--b',
  topology: 'triangle',
  transport: 'ws',
  caller: 'a',
  callee: 'b',
  startedAt: '2026-02-02T02:40:00.000Z',
  durationMs: 1,
  folder: 'triangle/a--b-ws',
  rerun: 'npm run lab -- matrix --cell triangle/ws/a--b',
  results: [],
  calls: [],
};

let runs = '';
beforeEach(() => {
  runs = mkdtempSync(join(tmpdir(), 'crosspoint-runs-'));
});
afterEach(() => rmSync(runs, { recursive: true, force: true }));

function keep(id: string, cells: readonly Run['cells'][number][] = [CELL]): string {
  const run: Run = {
    schema: 'crosspoint.run/1',
    id,
    startedAt: '2026-02-02T02:40:00.000Z',
    durationMs: 1,
    command: 'npm start',
    crosspoint: '0.1.0',
    host: { node: 'v20', platform: 'linux', cores: 2, network: { kind: 'machine', address: '', words: '' } },
    peers: [],
    absent: [],
    cells,
    totals: { passed: 0, failed: 0, unsupported: 0, broken: 0 },
  };
  mkdirSync(join(runs, id));
  writeFileSync(join(runs, id, 'run.json'), JSON.stringify(run));
  return join(runs, id);
}

describe('keptRun', () => {
  it('takes the newest, and no folder without a run', async () => {
    keep('20260101-000000-aaaa');
    keep('20260201-000000-aaaa');
    mkdirSync(join(runs, '20260301-000000-prove-aaaa'));
    expect((await keptRun(undefined, runs)).run.id).toBe('20260201-000000-aaaa');
  });

  it('takes an id, a folder, and the file itself', async () => {
    const folder = keep('one');
    for (const asked of ['one', folder, join(folder, 'run.json')])
      expect((await keptRun(asked, runs)).folder).toBe(folder);
  });

  it('says that there is none', async () => {
    await expect(keptRun(undefined, runs)).rejects.toMatchObject({ code: 'usage' });
    await expect(keptRun('nowhere', runs)).rejects.toThrow('there is no run nowhere');
    writeFileSync(join(runs, 'file'), '');
    await expect(keptRun(join(runs, 'file'), runs)).rejects.toThrow('there is no run');
  });

  it('says what is wrong with a file that is no run', async () => {
    const folder = keep('one');
    writeFileSync(join(folder, 'run.json'), '{"schema":"other/1"}');
    await expect(keptRun('one', runs)).rejects.toMatchObject({ code: 'usage' });
  });
});

describe('keptCell', () => {
  it('does not follow a run out of its folder', async () => {
    const folder = keep('one', [{ ...CELL, folder: '../../etc' }]);
    await expect(keptCell('a--b', folder)).rejects.toThrow('outside of the run');
  });

  it('refuses a cell.json that is damaged', async () => {
    const folder = keep('one');
    mkdirSync(join(folder, CELL.folder), { recursive: true });
    writeFileSync(join(folder, CELL.folder, 'cell.json'), '{');
    await expect(keptCell('a--b', folder)).rejects.toMatchObject({ code: 'usage' });
  });
});

describe('chooseCell', () => {
  const cells = ['triangle/ws/a--b', 'triangle/http/a--b', 'triangle/ws/b--a'].map((id) => ({ id }));

  it('takes an id, or the end of one', () => {
    for (const asked of ['triangle/ws/b--a', 'ws/b--a', 'b--a'])
      expect(chooseCell(cells, asked).id).toBe('triangle/ws/b--a');
  });

  it('does not guess between two', () => {
    expect(() => chooseCell(cells, 'a--b')).toThrow(
      'a--b is not clear: triangle/ws/a--b, triangle/http/a--b',
    );
  });

  it('takes no part of a name for the whole', () => {
    expect(() => chooseCell([{ id: 'triangle/ws/other-b--a' }], 'b--a')).toThrow(
      'there is no cell b--a in this run; there is triangle/ws/other-b--a',
    );
  });
});
