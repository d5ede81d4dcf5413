import { describe, expect, it } from 'vitest';
import { byeReason, cancelReason, readReasonHeader, refusalReason } from './end-words.ts';

describe('the Reason header', () => {
  it.each([
    ['SIP;cause=200;text="Call completed elsewhere"', 'SIP', 200, 'Call completed elsewhere'],
    ['Q.850 ;cause=16 ;text="Terminated"', 'Q.850', 16, 'Terminated'],
    ['sip;x=1;cause=600', 'SIP', 600, undefined],
  ])('%s', (value, protocol, cause, text) => {
    expect(readReasonHeader(value)).toEqual({ protocol, cause, text });
  });

  it.each([undefined, '', 'SIP', 'SIP;text="x"', ';cause=1'])('%j says nothing', (value) => {
    expect(readReasonHeader(value)).toBeUndefined();
  });
});

describe('why a call ended', () => {
  it('is what the CANCEL says', () => {
    expect(cancelReason(undefined)).toEqual({ code: 'cancelled' });
    expect(cancelReason('SIP;cause=200;text="Call completed elsewhere"').code).toBe('answered-elsewhere');
    expect(cancelReason('SIP;cause=603').code).toBe('declined');
    expect(cancelReason('Q.850;cause=200').code).toBe('cancelled');
  });

  it('is what the BYE says', () => {
    expect(byeReason(undefined)).toEqual({ code: 'normal' });
    expect(byeReason('Q.850;cause=16')).toEqual({ code: 'normal', text: 'Q.850;cause=16' });
    expect(byeReason('SIP;cause=488;text="Bad Media Description"').code).toBe('not-acceptable');
  });

  it('is the status of the refusal, and a Q.850 cause where that tells more', () => {
    expect(refusalReason(486, 'Busy Here', undefined)).toEqual({ code: 'busy', text: '486 Busy Here' });
    expect(refusalReason(480, 'Temporarily Unavailable', 'Q.850;cause=19').code).toBe('no-answer');
    expect(refusalReason(500, 'Server Internal Error', 'Q.850;cause=34').code).toBe('congestion');
    expect(refusalReason(603, 'Decline', 'Q.850;cause=17').code).toBe('declined');
  });
});
