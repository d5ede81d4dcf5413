import { END_REASON_CODES, type EndReason, type EndReasonCode } from '@crosspoint/signaling';
import { describe, expect, it } from 'vitest';
import { JINGLE_REASONS, parseReason, writeReason } from '../stanza/reason.ts';
import { parseXml } from '../xml/parse-xml.ts';
import { writeXml } from '../xml/write-xml.ts';
import { fromIqError, fromReason, toReason } from './end-reasons.ts';

/** Over the wire and back. */
function across(reason: EndReason): EndReason {
  return fromReason(parseReason(parseXml(writeXml(writeReason(toReason(reason)))).root, 'reason'), 'normal');
}

describe('end reasons over Jingle', () => {
  it.each(END_REASON_CODES)('%s comes back, with its text', (code) => {
    expect(across({ code, text: 'so & so' })).toMatchObject({
      code,
      text: 'so & so',
      origin: { protocol: 'jingle' },
    });
  });

  it.each(END_REASON_CODES)('%s from SIP and from Q.850 keeps what they said', (code) => {
    for (const origin of [
      { protocol: 'sip', code: '486', text: 'Busy Here' },
      { protocol: 'q850', code: '17' },
    ] as const) {
      expect(across({ code, origin })).toMatchObject({ code, origin });
    }
  });

  it.each(JINGLE_REASONS)('%s goes back as it came', (condition) => {
    const read = fromReason({ condition, text: 'words', details: [] }, 'normal');
    expect(read.origin).toEqual({ protocol: 'jingle', code: condition, text: 'words' });
    expect(toReason(read)).toEqual({ condition, text: 'words', details: [] });
  });

  it('says with an element of its own only what the condition does not', () => {
    const withDetail = END_REASON_CODES.filter((code) => toReason({ code }).details.length > 0);
    expect(withDetail).toEqual([
      'answered-elsewhere',
      'unavailable',
      'not-found',
      'incomplete-number',
      'identity-failed',
      'congestion',
    ] satisfies EndReasonCode[]);
  });

  it('has a meaning where no reason was given', () => {
    expect(fromReason(undefined, 'cancelled')).toEqual({ code: 'cancelled' });
  });

  it.each([
    ['item-not-found', 'not-found'],
    ['service-unavailable', 'unavailable'],
    ['remote-server-not-found', 'not-found'],
    ['forbidden', 'not-authorised'],
    ['resource-constraint', 'congestion'],
    ['unheard-of', 'protocol-error'],
  ])('an error %s means %s', (condition, code) => {
    expect(fromIqError({ type: 'cancel', condition })).toMatchObject({ code, origin: { code: condition } });
  });
});
