import { describe, expect, it } from 'vitest';
import { bareJid, parseJid, writeJid } from './jid.ts';

describe('parseJid', () => {
  it.each([
    ['alice@crosspoint.test/web', 'alice@crosspoint.test/web'],
    ['Alice@CrossPoint.Test./Web', 'alice@crosspoint.test/Web'],
    ['crosspoint.test', 'crosspoint.test'],
    ['a@b/c@d/e', 'a@b/c@d/e'],
    ['stra\u0073\u0308e@b\u00fccher.example', 'stras\u0308e@b\u00fccher.example'],
    ['a@[::1]', 'a@[::1]'],
  ])('%s', (text, written) => {
    const jid = parseJid(text);
    expect(jid && writeJid(jid)).toBe(written);
    expect(jid && parseJid(writeJid(jid))).toEqual(jid);
    expect(bareJid(jid!)).toBe(written.split('/')[0]);
  });

  it.each([
    '',
    '@b',
    'a@',
    'a@b/',
    'a b@c',
    'a"@c',
    'a@b@c',
    'a@b c',
    '-a',
    `${'a'.repeat(1024)}@b`,
    'a@b/\u0000',
    'a@.b',
    '/c',
  ])('refuses %j', (text) => {
    expect(parseJid(text)).toBeUndefined();
  });
});
