import type { Defect } from './defect.ts';
import { DTLS_DEFECTS } from './dtls-defects.ts';

export type { Defect } from './defect.ts';

/** Every known interop bug that the lab can seed. */
export const DEFECTS: readonly Defect[] = [...DTLS_DEFECTS];

/** The defect of this id, or undefined. */
export function defectById(id: string): Defect | undefined {
  return DEFECTS.find((defect) => defect.id === id);
}
