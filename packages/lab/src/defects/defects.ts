import { CODEC_DEFECTS } from './codec-defects.ts';
import type { Defect } from './defect.ts';
import { DTLS_DEFECTS } from './dtls-defects.ts';
import { ICE_DEFECTS } from './ice-defects.ts';
import { MEDIA_DEFECTS } from './media-defects.ts';
import { NEGOTIATION_DEFECTS } from './negotiation-defects.ts';
import { PHONE_DEFECTS } from './phone-defects.ts';
import { SIGNAL_DEFECTS } from './signal-defects.ts';
import { WIRE_DEFECTS } from './wire-defects.ts';

export type { Defect } from './defect.ts';

/** Every known interop bug that the lab can seed. */
export const DEFECTS: readonly Defect[] = [
  ...NEGOTIATION_DEFECTS,
  ...DTLS_DEFECTS,
  ...ICE_DEFECTS,
  ...CODEC_DEFECTS,
  ...MEDIA_DEFECTS,
  ...SIGNAL_DEFECTS,
  ...PHONE_DEFECTS,
  ...WIRE_DEFECTS,
];

/** The defect of this id, or undefined. */
export function defectById(id: string): Defect | undefined {
  return DEFECTS.find((defect) => defect.id === id);
}
