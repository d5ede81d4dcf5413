import { describe, expect, it } from 'vitest';
import { glareRetryRange, refuseOffer } from './glare.ts';
import { firstRetransmission, nextRetransmission, type Retransmission } from './retransmission.ts';
import {
  acceptedSessionTimer,
  answerSessionTimer,
  parseSessionExpires,
  sessionTimerDelay,
  writeSessionExpires,
} from './session-timer.ts';

const BASES = { t1: 500, t2: 4000, t4: 5000 };

function times(kind: 'accepted' | 'reliable-provisional'): number[] {
  const seen: number[] = [];
  for (let next: Retransmission | undefined = firstRetransmission(BASES); next !== undefined; ) {
    seen.push(next.elapsed);
    next = nextRetransmission(next, BASES, kind);
  }
  return seen;
}

describe('what is repeated until it is acknowledged', () => {
  it('a 2xx: doubled up to T2, for 32 s (RFC 3261 section 13.3.1.4)', () => {
    expect(times('accepted')).toEqual([
      500, 1500, 3500, 7500, 11500, 15500, 19500, 23500, 27500, 31500, 32000,
    ]);
  });

  it('a reliable provisional response: doubled all the way (RFC 3262 section 3)', () => {
    expect(times('reliable-provisional')).toEqual([500, 1500, 3500, 7500, 15500, 31500, 32000]);
  });
});

describe('session timers (RFC 4028)', () => {
  const wish = { expires: 600, minimum: 120 };

  it.each([
    [{ sessionExpires: undefined, minSe: undefined, supported: true }, undefined, { type: 'none' }],
    [{ sessionExpires: '60', minSe: undefined, supported: true }, wish, { type: 'too-small', minimum: 120 }],
    [
      { sessionExpires: '1800', minSe: '900', supported: true },
      wish,
      { type: 'timer', timer: { expires: 900, refresher: 'uac' }, require: true },
    ],
    [
      { sessionExpires: '300;refresher=uas', minSe: undefined, supported: true },
      wish,
      { type: 'timer', timer: { expires: 300, refresher: 'uas' }, require: false },
    ],
    [
      { sessionExpires: undefined, minSe: undefined, supported: false },
      wish,
      { type: 'timer', timer: { expires: 600, refresher: 'uas' }, require: false },
    ],
  ] as const)('%j', (request, own, expected) => {
    expect(answerSessionTimer(request, own)).toEqual(expected);
  });

  it('the client refreshes where the answer says nothing', () => {
    expect(acceptedSessionTimer(undefined, wish)).toEqual({ expires: 600, refresher: 'uac' });
    expect(acceptedSessionTimer('200;refresher=uas', undefined)).toEqual({ expires: 200, refresher: 'uas' });
    expect(acceptedSessionTimer(undefined, undefined)).toBeUndefined();
  });

  it('refreshes at half, gives up a third or 32 s before the end', () => {
    const timer = { expires: 1800, refresher: 'uac' } as const;
    expect(sessionTimerDelay(timer, true)).toBe(900_000);
    expect(sessionTimerDelay(timer, false)).toBe(1_768_000);
    expect(sessionTimerDelay({ ...timer, expires: 90 }, false)).toBe(60_000);
  });

  it('is written as it is read', () => {
    expect(parseSessionExpires(' 90 ; x=1;refresher=UAS')).toEqual({ expires: 90, refresher: 'uas' });
    expect(parseSessionExpires('soon')).toBeUndefined();
    expect(writeSessionExpires({ expires: 90, refresher: 'uas' })).toBe('90;refresher=uas');
  });
});

describe('glare', () => {
  it('who made the Call-ID waits longer (RFC 3261 section 14.1)', () => {
    expect(glareRetryRange(true).least).toBeGreaterThan(glareRetryRange(false).most);
  });

  it('491 for ours outstanding, 500 for theirs (section 14.2)', () => {
    expect(refuseOffer({ localPending: true, remotePending: false })).toBe(491);
    expect(refuseOffer({ localPending: false, remotePending: true })).toBe(500);
    expect(refuseOffer({ localPending: false, remotePending: false })).toBeUndefined();
  });
});
