export { runAudioContext, sharedAudioContext } from './audio-context.ts';
export { type PlayingAudioPattern, startAudioPattern } from './audio-pattern.ts';
export { answerDataProbe, type DataProbeOptions, runDataProbe } from './data-probe.ts';
export { ProbeError, type ProbeErrorCode } from './probe-error.ts';
export { type RecordAudioOptions, type RecordedAudio, recordAudio } from './record-audio.ts';
export { startTicker } from './ticker.ts';
export { type PlayingVideoPattern, startVideoPattern, type VideoPatternOptions } from './video-pattern.ts';
export { wallClockMs } from './wall-clock.ts';
export { type WatchedVideo, watchVideo } from './watch-video.ts';
