import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TraceReader } from './trace-reader.ts';

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'crosspoint-test-'));
  file = join(folder, 'trace.jsonl');
  writeFileSync(file, '');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const line = (raw: string): Buffer => Buffer.from(`${JSON.stringify({ raw })}\n`);
const raws = (reader: TraceReader): string[] => reader.look().map(({ raw }) => raw);

describe('TraceReader', () => {
  it('gives what was written since it last took', () => {
    const reader = new TraceReader(file);
    appendFileSync(file, line('one'));
    expect(reader.take().map(({ raw }) => raw)).toEqual(['one']);
    appendFileSync(file, line('two'));
    expect(raws(reader)).toEqual(['two']);
    expect(raws(reader)).toEqual(['two']);
  });

  it('reads a line that is cut anywhere while it is written', () => {
    const bytes = line('grüße: 你好');
    for (let cut = 1; cut < bytes.length; cut++) {
      writeFileSync(file, '');
      const reader = new TraceReader(file);
      appendFileSync(file, bytes.subarray(0, cut));
      expect(raws(reader)).toEqual([]);
      appendFileSync(file, bytes.subarray(cut));
      expect(raws(reader)).toEqual(['grüße: 你好']);
    }
  });

  it('waits for what fits, and no longer than it may', async () => {
    const reader = new TraceReader(file);
    const one = reader.until((entries) => entries.length === 1, 5000);
    appendFileSync(file, line('one'));
    expect(await one).toBe(true);
    expect(await reader.until((entries) => entries.length === 2, 0)).toBe(false);
  });
});
