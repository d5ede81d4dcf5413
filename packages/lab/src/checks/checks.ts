import { CHANGE_CHECKS } from './change-checks.ts';
import type { Check } from './check.ts';
import { CODEC_CHECKS } from './codec-checks.ts';
import { END_CHECKS } from './end-checks.ts';
import { MEDIA_CHECKS } from './media-checks.ts';
import { SIP_CHECKS } from './sip-checks.ts';
import { TRANSPORT_CHECKS } from './transport-checks.ts';

/** The checks that make sense in every topology, in the order of a report. */
const CALL_CHECKS: readonly Check[] = [
  ...MEDIA_CHECKS,
  ...CODEC_CHECKS,
  ...TRANSPORT_CHECKS,
  ...CHANGE_CHECKS,
  ...END_CHECKS,
];

/** The checks of a topology, in the order of a report. */
export function checksOf(topology: string): readonly Check[] {
  return topology === 'sip' ? [...CALL_CHECKS, ...SIP_CHECKS] : CALL_CHECKS;
}

/** Every check that there is. */
export const CHECKS: readonly Check[] = [...CALL_CHECKS, ...SIP_CHECKS];
