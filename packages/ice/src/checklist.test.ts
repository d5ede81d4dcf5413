import { describe, expect, it } from 'vitest';
import type { IceCandidate } from './candidate.ts';
import { canPair, makePair } from './candidate-pair.ts';
import {
  candidateFoundation,
  candidatePriority,
  pairPriority,
  toPriorityParts,
  typePreferences,
} from './candidate-priority.ts';
import { parseCandidate } from './candidate-text.ts';
import { type Checklist, formChecklist } from './checklist.ts';
import {
  type ChecklistSet,
  checklistState,
  finishCheck,
  nextCheck,
  nominatePair,
  startChecklists,
  withPairState,
} from './checklist-set.ts';

const read = (...lines: string[]): IceCandidate[] => lines.map(parseCandidate);
const states = (list: Checklist): string => list.map((pair) => pair.state[0]).join('');
const ports = (list: Checklist): string => list.map((p) => `${p.local.port}>${p.remote.port}`).join(' ');

describe('priorities', () => {
  it('are those of RFC 8445 section 5.1.2.1', () => {
    const host = { typePreference: typePreferences.host, localPreference: 65_535, component: 1 };
    expect(candidatePriority(host)).toBe(2_130_706_431);
    expect(candidatePriority({ ...host, typePreference: typePreferences.srflx })).toBe(1_694_498_815);
    expect(candidatePriority({ typePreference: 0, localPreference: 0, component: 256 })).toBe(0);
    expect(toPriorityParts(2_130_706_431)).toEqual(host);
    expect(() => candidatePriority({ ...host, component: 0 })).toThrow(RangeError);
    expect(() => candidatePriority({ ...host, typePreference: 127 })).toThrow(RangeError);
  });

  it('of pairs are those of section 6.1.2.3, and differ by the roles in the last bit only', () => {
    expect(pairPriority(2_130_706_431, 1_694_498_815)).toBe(
      1_694_498_815n * 2n ** 32n + 2n * 2_130_706_431n + 1n,
    );
    expect(pairPriority(1_694_498_815, 2_130_706_431)).toBe(1_694_498_815n * 2n ** 32n + 2n * 2_130_706_431n);
    expect(pairPriority(7, 7)).toBe(7n * 2n ** 32n + 14n);
  });

  it('foundations are equal for equal type, base, server and transport', () => {
    const parts = { type: 'srflx', baseAddress: '10.0.0.1', serverAddress: '192.0.2.1', transport: 'udp' };
    const same = candidateFoundation({ ...parts, transport: 'UDP' });
    expect(candidateFoundation(parts)).toBe(same);
    for (const other of [
      { type: 'relay' },
      { baseAddress: '10.0.0.2' },
      { serverAddress: '' },
      { transport: 'tcp' },
    ]) {
      expect(candidateFoundation({ ...parts, ...other })).not.toBe(same);
    }
    expect(same).toMatch(/^\d{1,10}$/);
  });
});

describe('checklists', () => {
  it.each([
    ['1 1 udp 9 192.0.2.1 1 typ host', '1 1 UDP 9 192.0.2.2 1 typ host', true],
    ['1 1 udp 9 192.0.2.1 1 typ host', '1 2 udp 9 192.0.2.2 1 typ host', false],
    ['1 1 udp 9 192.0.2.1 1 typ host', '1 1 udp 9 2001:db8::1 1 typ host', false],
    ['1 1 udp 9 fe80::1 1 typ host', '1 1 udp 9 2001:db8::1 1 typ host', false],
    ['1 1 udp 9 fe80::1 1 typ host', '1 1 udp 9 fe80::2 1 typ host', true],
    ['1 1 udp 9 192.0.2.1 1 typ host', '1 1 udp 9 abc.local 1 typ host', false],
    ['1 1 tcp 9 192.0.2.1 9 typ host tcptype active', '1 1 tcp 9 192.0.2.2 1 typ host tcptype passive', true],
    ['1 1 tcp 9 192.0.2.1 9 typ host tcptype active', '1 1 tcp 9 192.0.2.2 9 typ host tcptype active', false],
    ['1 1 tcp 9 192.0.2.1 1 typ host tcptype so', '1 1 tcp 9 192.0.2.2 1 typ host tcptype so', true],
    ['1 1 tcp 9 192.0.2.1 1 typ host', '1 1 udp 9 192.0.2.2 1 typ host', false],
  ])('%s with %s: %s', (local, remote, expected) => {
    expect(canPair(parseCandidate(local), parseCandidate(remote))).toBe(expected);
  });

  it('are in order and without what another pair sends already', () => {
    const local = read(
      '1 1 udp 2130706431 10.0.0.1 5000 typ host',
      '2 1 udp 1694498815 192.0.2.1 6000 typ srflx raddr 10.0.0.1 rport 5000',
      '3 1 udp 16777215 192.0.2.9 7000 typ relay raddr 192.0.2.1 rport 6000',
      '4 1 tcp 1000 10.0.0.1 8000 typ host tcptype passive',
    );
    const remote = read(
      '1 1 udp 1694498815 198.51.100.1 2 typ srflx raddr 10.1.0.1 rport 1',
      '2 1 udp 2130706431 10.1.0.1 1 typ host',
      '3 1 tcp 1000 10.1.0.1 9 typ host tcptype active',
    );
    const list = formChecklist(local, remote, { role: 'controlling' });
    expect(ports(list)).toBe('5000>1 5000>2 7000>1 7000>2');
    expect(states(list)).toBe('ffff');
    expect(list[0]).toMatchObject({
      foundation: '1:2',
      component: 1,
      priority: pairPriority(2130706431, 2130706431),
    });
    expect(ports(formChecklist(local, remote, { role: 'controlled', limit: 2 }))).toBe('5000>1 5000>2');
    // Both agents see one order: the formula swaps with the roles.
    for (const pair of list) {
      expect(makePair(pair.remote, pair.local, 'controlled').priority).toBe(pair.priority);
    }
  });
});

describe('checks over a set of two streams with two components', () => {
  const locals = read('A 1 udp 2130706431 10.0.0.1 1 typ host', 'A 2 udp 2130706430 10.0.0.1 2 typ host');
  const remotes = read(
    'A 1 udp 2130706431 10.0.0.2 11 typ host',
    'A 2 udp 2130706430 10.0.0.2 12 typ host',
    'B 2 udp 1694498814 192.0.2.2 22 typ srflx raddr 10.0.0.2 rport 12',
    'B 1 udp 1694498815 192.0.2.2 21 typ srflx raddr 10.0.0.2 rport 11',
  );
  const one = formChecklist(locals, remotes, { role: 'controlling' });
  const started: ChecklistSet = startChecklists([one, one]);

  it('thaw one pair of each foundation, lowest component first, in the first list only', () => {
    expect(ports(one)).toBe('1>11 2>12 1>21 2>22');
    expect(started.map(states)).toEqual(['wfwf', 'ffff']);
  });

  it('go on with the highest waiting pair, and with a frozen one only if its foundation is idle everywhere', () => {
    expect(nextCheck(started, 0)).toEqual({ checklist: 0, pair: 0 });
    expect(nextCheck(started, 1)).toBeUndefined();
    const busy = withPairState(started, { checklist: 0, pair: 0 }, 'in-progress');
    expect(nextCheck(busy, 0)).toEqual({ checklist: 0, pair: 2 });
    const failed = finishCheck(busy, { checklist: 0, pair: 0 }, 'failed');
    expect(failed.map(states)).toEqual(['ffwf', 'ffff']);
    expect(nextCheck(failed, 1)).toEqual({ checklist: 1, pair: 0 });
  });

  it('thaw the whole foundation after a success', () => {
    const done = finishCheck(started, { checklist: 0, pair: 0 }, 'succeeded');
    expect(done.map(states)).toEqual(['swwf', 'wwff']);
  });

  it('complete with a nominated pair for each component, fail with none left', () => {
    const states = (...of: ('succeeded' | 'failed' | 'waiting')[]): Checklist =>
      one.map((pair, at) => ({ ...pair, state: of[at]! }));
    const won = [states('succeeded', 'succeeded', 'failed', 'failed')];
    expect(checklistState(won[0]!)).toBe('running');
    const half = nominatePair(won, { checklist: 0, pair: 0 });
    expect(checklistState(half[0]!)).toBe('running');
    expect(checklistState(nominatePair(half, { checklist: 0, pair: 1 })[0]!)).toBe('completed');
    expect(checklistState(states('succeeded', 'failed', 'failed', 'failed'))).toBe('failed');
    expect(checklistState(states('succeeded', 'failed', 'failed', 'waiting'))).toBe('running');
    expect(checklistState([])).toBe('running');
    const other = nominatePair(nominatePair(won, { checklist: 0, pair: 0 }), { checklist: 0, pair: 2 });
    expect(other[0]!.map((pair) => pair.nominated)).toEqual([false, false, true, false]);
  });
});
