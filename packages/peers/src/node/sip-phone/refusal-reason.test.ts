import { describe, expect, it } from 'vitest';
import { toPhoneReason } from './refusal-reason.ts';

describe('the reason of a refusal', () => {
  it('is of the status, with its words', () => {
    expect(toPhoneReason(486, 'Busy Here')).toEqual({ code: 'busy', text: '486 Busy Here' });
    expect(toPhoneReason(699, '')).toEqual({ code: 'protocol-error', text: '699' });
  });

  it('tells a call that rang out from one to who is not there', () => {
    const of480 = (reason?: string): string => toPhoneReason(480, 'Temporarily Unavailable', reason).code;
    expect(of480()).toBe('unavailable');
    expect(of480('Q.850;cause=19')).toBe('no-answer');
    expect(of480('X-Crosspoint;text="x", Q.850 ;text="no answer";cause=18')).toBe('no-answer');
    expect(of480('Q.850;cause=20')).toBe('unavailable');
    expect(of480('SIP;cause=19')).toBe('unavailable');
    expect(of480('Q.850;cause=190')).toBe('unavailable');
  });
});
