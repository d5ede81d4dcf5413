import { CODEC_CALLS } from '../../checks/codec-checks.ts';
import type { Scenario } from './scenario.ts';

/** How long the wrong certificate has to be refused: a DTLS client may retransmit for long. */
const REFUSAL_MS = 30_000;

export const codecCalls: Scenario[] = CODEC_CALLS.map(({ scenario, audio, video }) => ({
  id: scenario,
  async play(stage) {
    const withAudio = stage.bothCan(`codec:${audio}`);
    const withVideo = stage.bothCan('video', `codec:${video}`);
    await stage.open({
      audioCodecs: withAudio ? [audio] : [],
      video: withVideo,
      videoCodecs: withVideo ? [video] : [],
    });
    await stage.connect();
    await Promise.all([stage.listen('media'), withVideo ? stage.watch('media') : undefined]);
    await stage.stats('media');
    await stage.end('caller');
  },
}));

export const fullGathering: Scenario = {
  id: 'full-gathering',
  async play(stage) {
    await stage.open({ video: false, trickle: false });
    await stage.connect();
    await stage.listen('media');
    await stage.end('caller');
  },
};

export const relay: Scenario = {
  id: 'relay',
  turn: true,
  async play(stage) {
    await stage.open({ video: false, relayOnly: true });
    await stage.connect();
    await stage.listen('media');
    await stage.stats('media');
    await stage.end('callee');
  },
};

export const wrongFingerprint: Scenario = {
  id: 'wrong-fingerprint',
  defect: 'dtls-fingerprint-wrong',
  async play(stage) {
    await stage.open({ video: false });
    await stage.ring();
    stage.step = 'accept';
    await stage.endpoint('callee').ask('accept', {});
    stage.step = 'refusal';
    await stage.ended(REFUSAL_MS);
  },
};
