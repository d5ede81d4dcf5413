export {
  type AudioDetection,
  type DetectOptions,
  detectPattern,
  type HeardPattern,
  SILENCE_DBFS,
} from './audio/detect.ts';
export {
  type AudioPattern,
  audioPattern,
  PATTERN_COUNT,
  PATTERN_FREQUENCIES,
  PATTERN_PERIOD_MS,
  renderPattern,
  SLOT_MS,
} from './audio/pattern.ts';
export { decodePcma, decodePcmu, encodePcma, encodePcmu } from './codec/g711.ts';
export { type Level, measureLevel, type Pcm, toFloat32, toInt16 } from './codec/pcm.ts';
export { resample } from './codec/resample.ts';
export {
  decodeTelephoneEvent,
  encodeTelephoneEvent,
  fromDtmfDigit,
  type TelephoneEvent,
  type TelephoneEventPacket,
  telephoneEventTrain,
  toDtmfDigit,
} from './codec/telephone-event.ts';
export { decodeWav, encodeWav, type Recording } from './codec/wav.ts';
export {
  type DataJudgement,
  judgeData,
  type ReceivedDataMessage,
  type SentDataMessage,
} from './data/judge.ts';
export {
  DATA_PROBE_HEADER,
  DATA_PROBE_LARGEST,
  type DataProbeMessage,
  type DataProbePlan,
  dataProbeAnswer,
  dataProbeMessages,
  readDataProbe,
} from './data/messages.ts';
export { FormatError, type FormatErrorCode } from './format-error.ts';
export {
  CODEC_IMPAIRMENTS,
  type CodecImpairment,
  delayImpairment,
  type EModelInput,
  type EModelResult,
  eModel,
  equipmentImpairment,
  type ImpairedCodec,
  mosFromRating,
} from './quality/e-model.ts';
export { type MediaProfile, type SpokenMedia, spokenMedia } from './relay/media-profile.ts';
// The relay port and what relays have in common.
export { Negotiation } from './relay/negotiation.ts';
export {
  otherRelaySide,
  RELAY_SIDES,
  type Relay,
  type RelayCandidate,
  type RelayedCall,
  type RelayOptions,
  type RelaySide,
} from './relay/relay.ts';
export { RelayError, type RelayErrorCode } from './relay/relay-error.ts';
export {
  protectionOf,
  type RelayFlow,
  type RelayProtection,
  type RelayStatistics,
} from './relay/statistics.ts';
export {
  genericNack,
  isPictureLossIndication,
  nackedSequenceNumbers,
  pictureLossIndication,
} from './rtp/feedback.ts';
export {
  decodeExtensionElements,
  type ExtensionElement,
  encodeExtensionElements,
} from './rtp/header-extension.ts';
export { type Arrival, interarrivalJitterMs } from './rtp/jitter.ts';
export {
  decodeRtp,
  encodeRtp,
  isRtcp,
  type RtpHeaderExtension,
  type RtpPacket,
  type RtpPacketInit,
} from './rtp/packet.ts';
export {
  decodeRtcp,
  type Feedback,
  type Goodbye,
  type ReceiverReport,
  type ReportBlock,
  type RtcpPacket,
  type SdesItem,
  type SenderReport,
  type SourceDescription,
  type UnknownRtcp,
} from './rtp/rtcp.ts';
export { encodeRtcp } from './rtp/rtcp-encode.ts';
export {
  countLoss,
  type PacketLoss,
  sequenceUnwrapper,
  timestampUnwrapper,
  type Unwrapper,
} from './rtp/sequence.ts';
export {
  decodeVideoCode,
  encodeVideoCode,
  VIDEO_CODE_COLUMNS,
  VIDEO_CODE_ROWS,
  type VideoCode,
} from './video/code.ts';
export {
  judgeVideo,
  type SeenVideoFrame,
  type VideoJudgement,
  type VideoJudgeOptions,
} from './video/judge.ts';
export {
  drawVideoCode,
  type PaintRectangle,
  paintVideoCode,
  type RgbaPicture,
  readVideoCode,
  readVideoCodeLuma,
} from './video/picture.ts';
