import { parse } from 'ltx';
import { describe, expect, it } from 'vitest';
import { fromError, readReason, writeError, writeReason } from './jingle-reasons.ts';
import { NS } from './namespaces.ts';
import { recordedJingle } from './testing/recorded-stanza.ts';

const told = (condition: string): string =>
  readReason(parse(`<j><reason xmlns="${NS.jingle}">${condition}</reason></j>`), 'normal').code;

describe('reasons of Jingle', () => {
  it.each([
    ['success', 'normal'],
    ['busy', 'busy'],
    ['decline', 'declined'],
    ['cancel', 'cancelled'],
    ['gone', 'gone'],
    ['timeout', 'no-answer'],
    ['expired', 'expired'],
    ['security-error', 'not-authorised'],
    ['connectivity-error', 'media-failed'],
    ['failed-transport', 'media-failed'],
    ['media-error', 'media-failed'],
    ['failed-application', 'protocol-error'],
    ['general-error', 'protocol-error'],
    ['incompatible-parameters', 'not-acceptable'],
    ['unsupported-applications', 'not-acceptable'],
    ['unsupported-transports', 'transport-unsupported'],
    ['alternative-session', 'normal'],
    ['of-the-future', 'protocol-error'],
  ])('%s is %s', (condition, code) => expect(told(`<${condition}/>`)).toBe(code));

  it('of a real client is read, and that there is none', () => {
    expect(readReason(recordedJingle('chromium-session-terminate'), 'cancelled')).toEqual({ code: 'normal' });
    expect(readReason(parse('<jingle/>'), 'cancelled')).toEqual({ code: 'cancelled' });
    expect(told('<text>why</text><busy/><x xmlns="urn:x"/>')).toBe('busy');
  });

  it.each([
    'normal',
    'busy',
    'declined',
    'cancelled',
    'no-answer',
    'expired',
    'not-acceptable',
    'media-failed',
  ])('that we write come back as they were: %s', (code) => {
    const parent = parse(`<j>${writeReason({ code, text: 'a < b' })}</j>`);
    expect(readReason(parent, 'gone')).toEqual({ code, text: 'a < b' });
  });
});

describe('errors of stanzas', () => {
  it.each([
    ['service-unavailable', 'unavailable'],
    ['recipient-unavailable', 'unavailable'],
    ['item-not-found', 'not-found'],
    ['remote-server-not-found', 'not-found'],
    ['remote-server-timeout', 'unavailable'],
    ['forbidden', 'not-authorised'],
    ['resource-constraint', 'congestion'],
    ['gone', 'gone'],
    ['undefined-condition', 'protocol-error'],
  ])('%s is %s', (condition, code) => {
    expect(fromError(condition, undefined)).toEqual({ code, text: condition });
    expect(fromError(condition, 'why')).toEqual({ code, text: 'why' });
  });

  it('that we write name what Jingle adds', () => {
    const error = parse(writeError('wait', 'unexpected-request', 'out-of-order').toString());
    expect(error.attrs.type).toBe('wait');
    expect(error.getChild('unexpected-request', NS.stanzas)).toBeDefined();
    expect(error.getChild('out-of-order', NS.jingleErrors)).toBeDefined();
  });
});
