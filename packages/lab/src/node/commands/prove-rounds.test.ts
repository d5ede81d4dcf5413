import { describe, expect, it } from 'vitest';
import { defectById } from '../../defects/defects.ts';
import { LabError } from '../lab-error.ts';
import type { FoundPeer } from '../peer-finder.ts';
import { type Pair, roundsOf } from './prove-rounds.ts';

const peer = (id: string, joins: 'web' | 'sip', ...capabilities: string[]): FoundPeer =>
  ({ manifest: { id, name: id, joins, capabilities } }) as unknown as FoundPeer;

const PAGE = peer('page', 'web', 'call', 'answer', 'audio', 'transfer');
const PHONE = peer('phone', 'sip', 'call', 'answer', 'audio', 'far-transfer', 'one-call', 'register');
const DEFECTS = ['answer-lost', 'transfer-lost', 'silent-rtp'].map((id) => defectById(id)!);

async function rounds(asked: string | undefined, pairOf: (topology: string) => Pair) {
  const said: string[] = [];
  const found = await roundsOf(
    DEFECTS,
    asked,
    async (topology) => pairOf(topology),
    (text) => said.push(text),
  );
  return {
    said: said.map((text) => text.trim()),
    found: found.map(({ topology, defects }) => `${topology}: ${defects.map(({ id }) => id).join(' ')}`),
  };
}

describe('roundsOf', () => {
  it('seeds each defect where it is at home, and says what the peers cannot', async () => {
    const { found, said } = await rounds(undefined, (topology) => [PAGE, topology === 'sip' ? PHONE : PAGE]);
    expect(found).toEqual(['triangle: answer-lost', 'sip: transfer-lost']);
    expect(said).toEqual(['silent-rtp: not with page and page, which do not declare what it or audio needs']);
  });

  it('leaves out a topology in which the two do not meet', async () => {
    const twoPages = await rounds(undefined, () => [PAGE, PAGE]);
    expect(twoPages.found).toEqual(['triangle: answer-lost']);
    expect(twoPages.said).toContain('page and page do not meet in sip: not proven: transfer-lost');
    const withPhone = await rounds(undefined, () => [PAGE, PHONE]);
    expect(withPhone.found).toEqual(['sip: transfer-lost']);
    expect(withPhone.said).toContain(
      'page and phone do not meet in triangle: not proven: answer-lost, silent-rtp',
    );
  });

  it('refuses a topology that was asked for and in which the two do not meet', async () => {
    await expect(rounds('sip', () => [PAGE, PAGE])).rejects.toThrow(
      new LabError('usage', 'page and page do not meet in sip'),
    );
    await expect(rounds('triangle', () => [PHONE, PAGE])).rejects.toThrow(LabError);
  });
});
