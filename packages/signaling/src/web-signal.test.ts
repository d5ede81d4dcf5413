import { describe, expect, it } from 'vitest';
import { fromWireCandidate, toWireCandidate } from './web-signal.ts';

describe('a candidate through the hub', () => {
  it.each([
    'candidate:1 1 udp 2130706431 127.0.0.1 5000 typ host generation 0 ufrag abcd network-id 1',
    'candidate:842163049 1 tcp 1677729535 10.0.0.1 9 typ srflx raddr 0.0.0.0 rport 0 tcptype active',
    '',
  ])('stays as it was: %s', (candidate) => {
    const wire = { candidate, sdpMid: '0', sdpMLineIndex: 0, usernameFragment: 'abcd' };
    expect(toWireCandidate(fromWireCandidate(wire))).toEqual(wire);
  });

  it.each(['a=candidate:', ''])('written with "%s" in front gets the prefix that browsers know', (prefix) => {
    const text = '1 1 udp 2130706431 127.0.0.1 5000 typ host';
    expect(toWireCandidate(fromWireCandidate({ candidate: `${prefix}${text}` })).candidate).toBe(
      `candidate:${text}`,
    );
  });
});
