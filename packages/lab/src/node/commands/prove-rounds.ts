import { neededOf } from '../../checks/check.ts';
import { checksOf } from '../../checks/checks.ts';
import type { Defect } from '../../defects/defects.ts';
import { SIDES } from '../../evidence.ts';
import { LabError } from '../lab-error.ts';
import type { FoundPeer } from '../peer-finder.ts';
import { playedTopology } from '../played-topologies.ts';

/** Who calls, and who is called. */
export type Pair = readonly [FoundPeer, FoundPeer];

/** The defects that are seeded in one topology, between two peers. */
export interface Round {
  readonly topology: string;
  readonly pair: Pair;
  readonly defects: readonly Defect[];
}

/**
 * Without a topology each defect is seeded where it is at home: between two pages, or between a page and a phone; and
 * between the first two peers that can show it. What cannot be is said, and left out.
 * @param pairsOf who may prove in a topology, the best first
 * @throws LabError where no two meet in the topology that is asked for
 */
export async function roundsOf(
  defects: readonly Defect[],
  asked: string | undefined,
  pairsOf: (topology: string) => Promise<readonly Pair[]>,
  say: (text: string) => void,
): Promise<Round[]> {
  const homes = defects.map((defect) => ({ defect, home: asked ?? homeOf(defect) }));
  const rounds: Round[] = [];
  for (const topology of new Set(homes.map(({ home }) => home))) {
    const atHome = homes.filter(({ home }) => home === topology).map(({ defect }) => defect);
    const pairs = await pairsOf(topology);
    const meeting = pairs.filter(
      ([caller, callee]) => playedTopology(topology)?.pairs(caller.manifest, callee.manifest) === true,
    );
    if (meeting.length === 0) {
      const why = `${pairs.map(wordsOf).join(', or ')} do not meet in ${topology}`;
      if (asked !== undefined) throw new LabError('usage', why);
      say(`  ${why}: not proven: ${atHome.map(({ id }) => id).join(', ')}`);
      continue;
    }
    const chosen = atHome.map((defect) => ({
      defect,
      pair: meeting.find((pair) => isAble(topology, defect, pair)),
    }));
    for (const { defect, pair } of chosen)
      if (pair === undefined)
        say(
          `  ${defect.id}: not with ${meeting.map(wordsOf).join(', or ')}, which do not declare what it or ${defect.check} needs`,
        );
    for (const pair of meeting) {
      const able = chosen.filter((each) => each.pair === pair).map(({ defect }) => defect);
      if (able.length > 0) rounds.push({ topology, pair, defects: able });
    }
  }
  return rounds;
}

/** The hub of every topology seeds signals; SIP is spoken to phones alone. */
function homeOf({ check, wire }: Defect): string {
  return wire === undefined && checksOf('triangle').some(({ id }) => id === check) ? 'triangle' : 'sip';
}

function wordsOf([caller, callee]: Pair): string {
  return `${caller.manifest.id} and ${callee.manifest.id}`;
}

/** Whether the check is one of the topology's, and both sides can do what it and the defect need. */
function isAble(topology: string, defect: Defect, pair: Pair): boolean {
  const check = checksOf(topology).find((each) => each.id === defect.check);
  if (check === undefined || (defect.wire !== undefined && topology !== 'sip')) return false;
  return SIDES.every((side, at) => {
    const { capabilities, joins } = pair[at]!.manifest;
    const impair = defect.impair?.side === side ? [`impair:${defect.impair.what}`] : [];
    const phone = joins === 'web' ? [] : (defect.phone ?? []);
    return [...neededOf(check, side, joins), ...impair, ...phone].every((each) =>
      capabilities.includes(each),
    );
  });
}
