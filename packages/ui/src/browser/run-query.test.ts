import type { Cell, CheckResult } from '@crosspoint/report';
import { describe, expect, it } from 'vitest';
import { matchesQuery, parseQuery } from './run-query.ts';

const result: CheckResult = {
  check: 'codec-opus',
  title: 'The call runs on Opus.',
  verdict: 'failed',
  reason: 'no packet arrived',
  diagnosis: [{ cause: 'ice-no-pair', words: 'no pair', clause: 'RFC 8445 section 8', seen: [] }],
  measured: {},
  durationMs: 1,
};
const cell: Cell = {
  id: 'triangle/ws/chromium--firefox',
  topology: 'triangle',
  transport: 'ws',
  caller: 'chromium',
  callee: 'firefox',
  startedAt: '2026-02-02T02:40:00.000Z',
  durationMs: 1,
  folder: '',
  rerun: '',
  results: [result],
  calls: [],
};
const finds = (text: string): boolean => matchesQuery(parseQuery(text), cell, result);

describe('the search', () => {
  it.each([
    '',
    'opus',
    'OPUS',
    'opus chromium',
    '"no packet"',
    'verdict:failed',
    'verdict:fail caller:chromium',
    'cause:ice',
    '-vp8',
    '8445',
    'callee:firefox -caller:firefox',
  ])('finds it by %j', (text) => {
    expect(finds(text)).toBe(true);
  });

  it.each([
    'vp8',
    'opus vp8',
    '-opus',
    'verdict:passed',
    'caller:firefox',
    '"packet no"',
    'cause:dtls',
    'check:opus',
    'transport:http',
    'colour:red',
    '-verdict:failed',
  ])('does not find it by %j', (text) => {
    expect(finds(text)).toBe(false);
  });
});
