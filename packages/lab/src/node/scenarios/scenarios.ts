import { audioCall, call } from './call-scenarios.ts';
import { busy, cancel, decline, noAnswer, unknownName } from './ending-scenarios.ts';
import { codecCalls, fullGathering, relay, wrongFingerprint } from './media-scenarios.ts';
import { cancelRace, forking, notRegistered, refusals } from './phone-end-scenarios.ts';
import {
  digits,
  earlyMedia,
  lateOffer,
  registration,
  stranger,
  transferAttended,
  transferAttendedByPhone,
  transferByPhone,
  transferByWeb,
} from './phone-scenarios.ts';
import type { Scenario } from './scenario.ts';

/** Every scenario; which of them are played depends on the checks of the topology, and on what is declared. */
export const SCENARIOS: readonly Scenario[] = [
  registration,
  stranger,
  call,
  audioCall,
  ...codecCalls,
  fullGathering,
  relay,
  wrongFingerprint,
  earlyMedia,
  lateOffer,
  digits,
  transferByWeb,
  transferByPhone,
  transferAttended,
  transferAttendedByPhone,
  cancel,
  decline,
  busy,
  noAnswer,
  unknownName,
  refusals,
  notRegistered,
  forking,
  cancelRace,
];
