import { END_REASON_CODES } from '@crosspoint/signaling';
import { Constants } from 'stanza';
import { describe, expect, it } from 'vitest';
import { fromJingleReason, fromStanzaError, toJingleReason } from './end-reasons.ts';

describe('why a call ended, as Jingle says it', () => {
  it('every condition that stanza knows means something', () => {
    for (const condition of Object.values(Constants.JingleReasonCondition))
      expect(END_REASON_CODES).toContain(fromJingleReason({ condition }).code);
    expect(fromJingleReason(undefined)).toEqual({ code: 'normal' });
  });

  it('what a person does comes back as it went', () => {
    for (const code of ['normal', 'busy', 'declined', 'cancelled', 'media-failed'] as const)
      expect(fromJingleReason(toJingleReason({ code })).code).toBe(code);
  });

  it('keeps the words, and says general-error for what Jingle has no condition for', () => {
    expect(toJingleReason({ code: 'congestion', text: 'full' })).toEqual({
      condition: 'general-error',
      text: 'full',
    });
    expect(fromJingleReason({ condition: 'busy', text: 'later' })).toEqual({
      code: 'busy',
      text: 'later',
      origin: { protocol: 'jingle', code: 'busy', text: 'later' },
    });
  });

  it('an error that answers the session-initiate is a refusal', () => {
    expect(fromStanzaError({ condition: 'service-unavailable' }).code).toBe('unavailable');
    expect(fromStanzaError({ condition: 'item-not-found' }).code).toBe('not-found');
    expect(fromStanzaError(undefined).code).toBe('protocol-error');
  });
});
