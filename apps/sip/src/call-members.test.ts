import type { TraceEntry } from '@crosspoint/signaling';
import { describe, expect, it } from 'vitest';
import { CallMembers } from './call-members.ts';

const entry = (raw: string, summary = 'INVITE', call = 'one'): TraceEntry => ({
  ...{ at: 1, node: 'proxy', peer: 'caller', direction: 'in', protocol: 'sip/ws' },
  raw: raw.replaceAll('\n', '\r\n'),
  summary,
  call,
});
const INVITE =
  'INVITE sip:bob@127.0.0.1:5070;transport=ws SIP/2.0\nf: <sip:alice@sip.localhost>;tag=1\nTo: "C" <sips:carol@sip.localhost>\n\n';

describe('the members of a call', () => {
  it('are those whom its INVITE names', () => {
    const members = new CallMembers();
    members.note(entry(INVITE));
    expect(['alice', 'bob', 'carol', 'mallory'].filter((user) => members.has('one', user))).toEqual([
      ...['alice', 'bob', 'carol'],
    ]);
    expect(members.has('two', 'alice')).toBe(false);
    expect(members.has(undefined, 'alice')).toBe(false);
  });

  it('nobody becomes one by another message', () => {
    const members = new CallMembers();
    members.note(entry(INVITE.replace('INVITE', 'OPTIONS'), 'OPTIONS'));
    expect(members.has('one', 'alice')).toBe(false);
  });

  it('the oldest calls are forgotten', () => {
    const members = new CallMembers();
    for (let call = 0; call <= 500; call++) members.note(entry(INVITE, 'INVITE', String(call)));
    expect([members.has('0', 'alice'), members.has('1', 'alice')]).toEqual([false, true]);
  });
});
