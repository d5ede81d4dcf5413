import type { Check } from './check.ts';
import { DIGIT_CHECKS } from './digit-checks.ts';
import { EARLY_CHECKS } from './early-checks.ts';
import { PHONE_END_CHECKS } from './phone-end-checks.ts';
import { REGISTRATION_CHECKS } from './registration-checks.ts';
import { SIGNALING_CHECKS } from './signaling-checks.ts';
import { TRANSFER_CHECKS } from './transfer-checks.ts';

/** The checks of calls between a page and a SIP phone, beside those of every topology. */
export const SIP_CHECKS: readonly Check[] = [
  ...REGISTRATION_CHECKS,
  ...EARLY_CHECKS,
  ...DIGIT_CHECKS,
  ...TRANSFER_CHECKS,
  ...SIGNALING_CHECKS,
  ...PHONE_END_CHECKS,
];
