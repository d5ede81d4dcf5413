import { audioCall, call } from './call-scenarios.ts';
import { busy, cancel, decline, noAnswer, unknownName } from './ending-scenarios.ts';
import { codecCalls, fullGathering, relay, wrongFingerprint } from './media-scenarios.ts';
import type { Scenario } from './scenario.ts';

/** Every scenario of the triangle; which of them are played depends on the checks that are declared. */
export const TRIANGLE_SCENARIOS: readonly Scenario[] = [
  call,
  audioCall,
  ...codecCalls,
  fullGathering,
  relay,
  wrongFingerprint,
  cancel,
  decline,
  busy,
  noAnswer,
  unknownName,
];
