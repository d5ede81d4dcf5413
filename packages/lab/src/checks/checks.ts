import { CHANGE_CHECKS } from './change-checks.ts';
import type { Check } from './check.ts';
import { CODEC_CHECKS } from './codec-checks.ts';
import { END_CHECKS } from './end-checks.ts';
import { MEDIA_CHECKS } from './media-checks.ts';
import { TRANSPORT_CHECKS } from './transport-checks.ts';

/** Every check of the triangle, in the order of a report. */
export const TRIANGLE_CHECKS: readonly Check[] = [
  ...MEDIA_CHECKS,
  ...CODEC_CHECKS,
  ...TRANSPORT_CHECKS,
  ...CHANGE_CHECKS,
  ...END_CHECKS,
];
