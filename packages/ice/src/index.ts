export {
  type CandidateExtension,
  type CandidateType,
  candidateExtension,
  candidateTransport,
  type IceCandidate,
  isMdns,
  type TcpType,
} from './candidate.ts';
export { type CandidateFinding, type CandidateFindingCode, lintCandidate } from './candidate-lint.ts';
export {
  type CandidatePair,
  candidateBase,
  canPair,
  type IceRole,
  makePair,
  type PairState,
} from './candidate-pair.ts';
export {
  candidateFoundation,
  candidatePriority,
  type FoundationParts,
  type PriorityParts,
  pairPriority,
  toPriorityParts,
  typePreferences,
} from './candidate-priority.ts';
export { parseCandidate, writeCandidate } from './candidate-text.ts';
export { type Checklist, type ChecklistOptions, formChecklist, orderPairs, prunePairs } from './checklist.ts';
export {
  type ChecklistSet,
  type ChecklistState,
  checklistState,
  finishCheck,
  nextCheck,
  nominatePair,
  type PairPlace,
  startChecklists,
  withPairState,
} from './checklist-set.ts';
export { IceError, type IceErrorCode, type IcePosition } from './ice-error.ts';
export { parseIpAddress, writeIpAddress } from './ip-address.ts';
export {
  type ChannelData,
  decodeChannelData,
  encodeChannelData,
  streamFrameLength,
} from './stun/channel-data.ts';
export { crc32 } from './stun/crc32.ts';
export { decodeStun } from './stun/decode-stun.ts';
export { demultiplex, isStun, type PacketKind } from './stun/demultiplex.ts';
export { type EncodeStunOptions, encodeStun } from './stun/encode-stun.ts';
export {
  type AddressFamily,
  type KnownStunAttribute,
  type PasswordAlgorithm,
  type StunAttribute,
  type StunAttributeName,
  type StunAttributeValues,
  type StunErrorCode,
  stunAttributeCodes,
  type TransportAddress,
  type UnknownStunAttribute,
} from './stun/stun-attribute.ts';
export {
  type LongTermCredential,
  longTermKey,
  longTermKeySha256,
  type StunKey,
  shortTermKey,
  stunKey,
  userHash,
} from './stun/stun-key.ts';
export {
  type StunClass,
  type StunMessage,
  type StunMethodName,
  stunAttribute,
  stunMethodName,
  stunMethods,
  unknownRequiredAttributes,
} from './stun/stun-message.ts';
export { verifyFingerprint, verifyIntegrity } from './stun/verify-stun.ts';
export {
  type FragmentLevel,
  type FragmentLine,
  type FragmentMedia,
  type TrickleFragment,
  trickleFragmentMediaType,
} from './trickle-fragment.ts';
export { parseTrickleFragment, writeTrickleFragment } from './trickle-fragment-text.ts';
export {
  type TurnRestCredentials,
  type TurnRestRequest,
  turnRestCredentials,
} from './turn-rest-credentials.ts';
