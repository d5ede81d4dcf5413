import { URI } from 'sip.js';
import { expect, it } from 'vitest';
import { ReplacingAddress } from './replacing-address.ts';

it('an address that replaces a call stands in angle brackets, its tags as the far side knows them', () => {
  const to = new URI('sip', 'carol', 'lab.localhost');
  const dialog = { callId: 'c@h', localTag: 'ours', remoteTag: 'theirs' };
  expect(String(new ReplacingAddress(to, dialog))).toBe(
    '<sip:carol@lab.localhost?Replaces=c%40h%3Bto-tag%3Dtheirs%3Bfrom-tag%3Dours>',
  );
});
