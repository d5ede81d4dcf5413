// Policies: what descriptions must become for the other side.
export { AdaptiveLeg, type AdaptiveLegOptions, type LosableLeg, type MediaChoice } from './adaptive-leg.ts';
export {
  type CallEffect,
  type CallInput,
  type CallStep,
  type CallTimer,
  FINDING_CODES,
  type Finding,
  type FindingCode,
} from './call-effect.ts';
export {
  type CallOptions,
  type CallState,
  DEFAULT_NO_ANSWER_MS,
  initialCall,
  PHASE_WORDS,
  PHASES,
  type Phase,
} from './call-state.ts';
export { NEGOTIATION_TABLE, PHASE_TABLE, transitionFor } from './call-table.ts';
export type { CallTimers } from './call-timers.ts';
export { describeCall } from './describe-call.ts';
export { type JoinedCall, type JoinOptions, joinCall } from './join-call.ts';
export { type ChosenMedia, chooseMedia, relayProfiles } from './policies/choose-media.ts';
export { fromWebrtcPhone } from './policies/from-webrtc-phone.ts';
export { type RelayedOptions, type RelayRefusal, relayed } from './policies/relayed.ts';
export { toWebrtcPhone, type WebrtcPhone } from './policies/to-webrtc-phone.ts';
export { type WebrtcSipOptions, webrtcToWebrtcSip } from './policies/webrtc-to-webrtc-sip.ts';
export type { CallPolicy, SignalChange } from './policy.ts';
export { otherSide, SIDES, type Side } from './side.ts';
export { step } from './step.ts';
export type { Transition } from './transition.ts';
