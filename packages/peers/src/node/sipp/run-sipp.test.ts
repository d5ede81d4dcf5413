import { describe, expect, it } from 'vitest';
import { parseSippStatistics } from './run-sipp.ts';

describe("SIPp's statistics", () => {
  it('are those of the last line', () => {
    const text = 'StartTime;SuccessfulCall(P);SuccessfulCall(C);\nx;1;1;\nx;2;3;\n';
    expect(parseSippStatistics(text)).toEqual({
      StartTime: 'x',
      'SuccessfulCall(P)': '2',
      'SuccessfulCall(C)': '3',
    });
  });

  it('are nothing where none were written', () => {
    expect(parseSippStatistics('')).toEqual({});
    expect(parseSippStatistics('A;B;\n')).toEqual({ A: '', B: '' });
  });
});
