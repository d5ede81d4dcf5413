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
 * Without a topology each defect is seeded where it is at home: between two pages, or between a page and a phone. What
 * cannot be is said, and left out.
 * @throws LabError where the two do not meet in the topology that is asked for
 */
export async function roundsOf(
  defects: readonly Defect[],
  asked: string | undefined,
  pairOf: (topology: string) => Promise<Pair>,
  say: (text: string) => void,
): Promise<Round[]> {
  const ofPages = new Set(checksOf('triangle').map(({ id }) => id));
  const topologies =
    asked === undefined
      ? ['triangle', ...(defects.every(({ check }) => ofPages.has(check)) ? [] : ['sip'])]
      : [asked];
  const rounds: Round[] = [];
  for (const topology of topologies) {
    const atHome = defects.filter(
      ({ check }) => asked !== undefined || ofPages.has(check) === (topology === 'triangle'),
    );
    if (atHome.length === 0) continue;
    const pair = await pairOf(topology);
    const [caller, callee] = pair.map(({ manifest }) => manifest.id);
    if (playedTopology(topology)?.pairs(pair[0].manifest, pair[1].manifest) !== true) {
      const why = `${caller} and ${callee} do not meet in ${topology}`;
      if (asked !== undefined) throw new LabError('usage', why);
      say(`  ${why}: not proven: ${atHome.map(({ id }) => id).join(', ')}`);
      continue;
    }
    const able = atHome.filter((defect) => isAble(topology, defect, pair));
    for (const defect of atHome)
      if (!able.includes(defect))
        say(
          `  ${defect.id}: not with ${caller} and ${callee}, which do not declare what it or ${defect.check} needs`,
        );
    if (able.length > 0) rounds.push({ topology, pair, defects: able });
  }
  return rounds;
}

/** Whether the check is one of the topology's, and both sides can do what it and the defect need. */
function isAble(topology: string, defect: Defect, pair: Pair): boolean {
  const check = checksOf(topology).find((each) => each.id === defect.check);
  if (check === undefined) return false;
  return SIDES.every((side, at) => {
    const { capabilities, joins } = pair[at]!.manifest;
    const impair = defect.impair?.side === side ? [`impair:${defect.impair.what}`] : [];
    return [...neededOf(check, side, joins), ...impair].every((each) => capabilities.includes(each));
  });
}
