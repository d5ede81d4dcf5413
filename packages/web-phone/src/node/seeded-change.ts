import { DEFECTS, defectById } from '@crosspoint/lab';
import type { SeededChange } from './join-legs.ts';

/**
 * The defect of this name, as a change to signals, or to messages of SIP. A defect of the media has none: the lab asks it of a peer.
 * @throws Error where there is no defect of this name
 */
export function seededChange(name: string): SeededChange | undefined {
  const defect = defectById(name);
  if (defect === undefined) {
    throw new Error(
      `--defect: there is no defect ${name}; known: ${DEFECTS.map((each) => each.id).join(', ')}`,
    );
  }
  if (defect.wire !== undefined) return { name, make: () => (signal) => [signal], wire: defect.wire() };
  return defect.change === undefined ? undefined : { name, make: defect.change };
}
