import {
  type PlayingAudioPattern,
  sharedAudioContext,
  startAudioPattern,
  startVideoPattern,
} from '@crosspoint/media/browser';

/** Where a page's own sound and picture come from: the camera, or a test pattern. */
export interface MediaSource {
  /** A track of this kind; made at the first call, the same one later. */
  audio(): Promise<MediaStreamTrack>;
  video(): Promise<MediaStreamTrack>;
  /** A seeded media defect, where the source has it. */
  impair?(what: 'silent-audio' | 'frozen-video', on: boolean): void;
  /** Gives the picture back, so that the camera's light goes out. */
  stopVideo(): void;
  stop(): void;
}

/** The machine's microphone and camera. Asks the person the first time. */
export function cameraSource(): MediaSource {
  const tracks: { audio?: MediaStreamTrack; video?: MediaStreamTrack } = {};
  const capture = async (kind: 'audio' | 'video'): Promise<MediaStreamTrack> => {
    const known = tracks[kind];
    if (known !== undefined && known.readyState === 'live') return known;
    const stream = await navigator.mediaDevices.getUserMedia(
      kind === 'audio'
        ? { audio: { echoCancellation: true, noiseSuppression: true } }
        : { video: { width: { ideal: 1280 }, height: { ideal: 720 } } },
    );
    const track = stream.getTracks()[0]!;
    tracks[kind] = track;
    return track;
  };
  return {
    audio: () => capture('audio'),
    video: () => capture('video'),
    stopVideo() {
      tracks.video?.stop();
      delete tracks.video;
    },
    stop() {
      tracks.audio?.stop();
      tracks.video?.stop();
    },
  };
}

/** The lab's test pattern of this number: tones and a picture code that the far side can recognise. */
export function patternSource(pattern: number): MediaSource {
  let audio: PlayingAudioPattern | undefined;
  let video: ReturnType<typeof startVideoPattern> | undefined;
  return {
    async audio() {
      if (audio === undefined) {
        const context = sharedAudioContext();
        // Without a gesture the promise stays open; the pattern falls into step when the context runs.
        context.resume().catch(() => undefined);
        audio = await startAudioPattern(context, pattern);
      }
      return audio.track;
    },
    async video() {
      video ??= startVideoPattern({ id: pattern, width: 320, height: 240, fps: 15 });
      return video.track;
    },
    impair(what, on) {
      if (what === 'silent-audio') audio?.setSilent(on);
      else video?.setFrozen(on);
    },
    stopVideo() {
      video?.stop();
      video = undefined;
    },
    stop() {
      audio?.stop();
      video?.stop();
      audio = undefined;
      video = undefined;
    },
  };
}
