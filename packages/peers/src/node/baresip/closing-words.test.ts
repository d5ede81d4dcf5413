import { describe, expect, it } from 'vitest';
import { closingReason } from './closing-words.ts';

const rung = { direction: 'incoming', established: false, reasonHeader: undefined } as const;
const up = { direction: 'outgoing', established: true, reasonHeader: undefined } as const;

describe('why baresip closed a call', () => {
  it.each([
    ['486 Rejected', { ...up, established: false }, { code: 'busy', text: '486 Rejected' }],
    ['404 Not Found', { ...up, established: false }, { code: 'not-found', text: '404 Not Found' }],
    ['499 Odd', { ...up, established: false }, { code: 'protocol-error', text: '499 Odd' }],
    ['Connection reset by user', up, { code: 'normal' }],
    ['Connection reset by user', { ...up, established: false }, { code: 'cancelled' }],
    ['Connection reset by user', rung, { code: 'busy' }],
    ['Connection reset by peer', up, { code: 'normal' }],
    ['Call transfered', up, { code: 'normal', text: 'Call transfered' }],
    ['Connection reset by peer', rung, { code: 'cancelled' }],
    [
      'Connection reset by peer',
      { ...rung, reasonHeader: 'SIP;cause=200;text="Call completed elsewhere"' },
      { code: 'answered-elsewhere', text: 'SIP;cause=200;text="Call completed elsewhere"' },
    ],
    [
      'Connection timed out',
      { ...up, established: false },
      { code: 'no-answer', text: 'Connection timed out' },
    ],
  ] as const)('%s, %o', (words, call, reason) => {
    expect(closingReason(words, call)).toEqual(reason);
  });
});
