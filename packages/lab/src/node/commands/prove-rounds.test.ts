import { describe, expect, it } from 'vitest';
import { defectById } from '../../defects/defects.ts';
import { LabError } from '../lab-error.ts';
import type { FoundPeer } from '../peer-finder.ts';
import { type Pair, roundsOf } from './prove-rounds.ts';

const peer = (id: string, joins: 'web' | 'sip', ...capabilities: string[]): FoundPeer =>
  ({ manifest: { id, name: id, joins, capabilities } }) as unknown as FoundPeer;

const TALKS = ['call', 'answer', 'audio'];
const PAGE = peer('page', 'web', ...TALKS, 'transfer');
const PHONE = peer('phone', 'sip', ...TALKS, 'far-transfer', 'one-call', 'register');
const OLD_PHONE = peer('old-phone', 'sip', ...TALKS, 'transport:udp');

async function rounds(
  ids: readonly string[],
  asked: string | undefined,
  pairsOf: (topology: string) => Pair[],
) {
  const said: string[] = [];
  const defects = ids.map((id) => defectById(id)!);
  const found = await roundsOf(
    defects,
    asked,
    async (topology) => pairsOf(topology),
    (text) => said.push(text.trim()),
  );
  return {
    said,
    found: found.map(
      (round) =>
        `${round.topology}, ${round.pair[1].manifest.id}: ${round.defects.map(({ id }) => id).join(' ')}`,
    ),
  };
}

const OF_BOTH = ['answer-lost', 'transfer-lost', 'silent-rtp'];

describe('roundsOf', () => {
  it('seeds each defect where it is at home, and says what the peers cannot', async () => {
    const { found, said } = await rounds(OF_BOTH, undefined, (topology) => [
      [PAGE, topology === 'sip' ? PHONE : PAGE],
    ]);
    expect(found).toEqual(['triangle, page: answer-lost', 'sip, phone: transfer-lost']);
    expect(said).toEqual(['silent-rtp: not with page and page, which do not declare what it or audio needs']);
  });

  it('takes for each defect the first two that can show it', async () => {
    const pairs: Pair[] = [
      [PAGE, PHONE],
      [PAGE, OLD_PHONE],
    ];
    const ids = ['contact-unreachable', 'transfer-lost', 'mtu'];
    expect(await rounds(ids, undefined, () => pairs)).toEqual({
      found: ['sip, phone: transfer-lost', 'sip, old-phone: contact-unreachable'],
      said: [
        'mtu: not with page and phone, or page and old-phone, which do not declare what it or large-invite needs',
      ],
    });
  });

  it('seeds a bug of SIP where SIP is spoken alone, whatever its check', async () => {
    const { found, said } = await rounds(['contact-unreachable'], 'triangle', () => [[PAGE, PAGE]]);
    expect(found).toEqual([]);
    expect(said).toHaveLength(1);
  });

  it('leaves out a topology in which the two do not meet', async () => {
    const twoPages = await rounds(OF_BOTH, undefined, () => [[PAGE, PAGE]]);
    expect(twoPages.found).toEqual(['triangle, page: answer-lost']);
    expect(twoPages.said).toContain('page and page do not meet in sip: not proven: transfer-lost');
    const withPhone = await rounds(OF_BOTH, undefined, () => [[PAGE, PHONE]]);
    expect(withPhone.found).toEqual(['sip, phone: transfer-lost']);
    expect(withPhone.said).toContain(
      'page and phone do not meet in triangle: not proven: answer-lost, silent-rtp',
    );
  });

  it('refuses a topology that was asked for and in which the two do not meet', async () => {
    await expect(rounds(OF_BOTH, 'sip', () => [[PAGE, PAGE]])).rejects.toThrow(
      new LabError('usage', 'page and page do not meet in sip'),
    );
    await expect(rounds(OF_BOTH, 'triangle', () => [[PHONE, PAGE]])).rejects.toThrow(LabError);
  });
});
