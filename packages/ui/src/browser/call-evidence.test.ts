import type { CallRecord, Cell, CheckResult, Verdict } from '@crosspoint/report';
import { pstn, triangle } from '@crosspoint/topology';
import { describe, expect, it } from 'vitest';
import { edgeWords, mediaOf } from './call-evidence.ts';

const call: CallRecord = {
  id: 'call-1',
  scenario: '',
  startedAtMs: 0,
  durationMs: 0,
  trace: [
    { at: 0, node: 'server', peer: 'caller', direction: 'in', protocol: 'ws', raw: '', summary: '' },
    { at: 1, node: 'caller', peer: 'server', direction: 'in', protocol: 'http', raw: '', summary: '' },
    { at: 2, node: 'server', peer: 'nobody', direction: 'in', protocol: 'ws', raw: '', summary: '' },
  ],
  descriptions: [],
  changes: [],
};
const cellOf = (...results: [check: string, verdict: Verdict, call?: string][]): Cell => ({
  id: 'x',
  topology: 'triangle',
  transport: 'ws',
  caller: 'a',
  callee: 'b',
  startedAt: '',
  durationMs: 0,
  folder: '',
  rerun: '',
  calls: [call],
  results: results.map(
    ([check, verdict, of = 'call-1']): CheckResult => ({
      check,
      title: '',
      verdict,
      reason: '',
      measured: {},
      durationMs: 0,
      call: of,
    }),
  ),
});

describe('mediaOf', () => {
  it('lights up only for what the far side decoded in this very call', () => {
    expect(mediaOf(cellOf(['audio', 'passed']), call, triangle).media).toMatchObject({
      lit: true,
      words: 'sound',
    });
    expect(mediaOf(cellOf(['audio', 'failed']), call, triangle).media).toEqual({
      lit: false,
      words: 'no sound',
    });
    expect(mediaOf(cellOf(['ice-connected', 'passed']), call, triangle)).toEqual({});
    expect(mediaOf(cellOf(['audio', 'passed', 'call-2']), call, triangle)).toEqual({});
    expect(mediaOf(cellOf(['audio', 'unsupported'], ['video', 'broken']), call, triangle)).toEqual({});
  });

  it('does not hide what is missing behind what is there', () => {
    const media = mediaOf(
      cellOf(['audio', 'failed'], ['video', 'passed'], ['data', 'passed']),
      call,
      triangle,
    );
    expect(media.media).toMatchObject({ lit: true, words: 'picture, data, but no sound' });
  });

  it('shows an open lock where nothing is encrypted, and nothing of edges that were not there', () => {
    expect(mediaOf(cellOf(['audio', 'passed']), call, pstn).circuit?.lock).toBeNull();
    expect(mediaOf(cellOf(['audio', 'passed']), call, triangle)).not.toHaveProperty('relayed');
  });
});

describe('edgeWords', () => {
  it('counts the messages of each edge, whichever way they ran', () => {
    expect(edgeWords(call, triangle)).toEqual({ 'caller-server': 'ws, http · 2' });
  });
});
