import type { Evidence } from '../evidence.ts';
import { observed, SIDES } from '../evidence.ts';
import { both, type Check, failed, type Judged, passed } from './check.ts';
import { heardBothWays, sawBothWays } from './media-checks.ts';

/** Calls that each restrict both sides to one audio and one video codec; a codec is judged in one of them. */
export const CODEC_CALLS = [
  { scenario: 'codecs-opus-vp8', audio: 'opus', video: 'VP8' },
  { scenario: 'codecs-pcmu-vp9', audio: 'PCMU', video: 'VP9' },
  { scenario: 'codecs-pcma-h264', audio: 'PCMA', video: 'H264' },
  { scenario: 'codecs-g722-av1', audio: 'G722', video: 'AV1' },
] as const;

/** Every side says that this codec, and no other, was sent and received. */
function usedAlone(evidence: Evidence, kind: 'audio' | 'video', codec: string): string[] {
  const wrong: string[] = [];
  for (const side of SIDES) {
    const stats = observed(evidence, 'stats', 'media', side)[0]?.stats?.[kind];
    for (const way of ['sent', 'received'] as const) {
      const used = stats?.[way]?.codec;
      if (used === undefined) wrong.push(`the ${side} names no ${kind} codec ${way}`);
      else if (used.toLowerCase() !== codec.toLowerCase()) wrong.push(`the ${side} ${way} ${used}`);
    }
  }
  return wrong;
}

function codecCheck(kind: 'audio' | 'video', codec: string, scenario: string): Check {
  return {
    id: `codec-${codec.toLowerCase()}`,
    title: `${codec} alone carries ${kind === 'audio' ? 'sound' : 'pictures'} both ways.`,
    scenario,
    clause: kind === 'audio' ? 'RFC 7874 section 3' : 'RFC 7742 section 5',
    needs: both('audio', ...(kind === 'video' ? ['video'] : []), `codec:${codec}`),
    judge(evidence): Judged {
      const content = kind === 'audio' ? heardBothWays(evidence, 'media') : sawBothWays(evidence, 'media');
      if (!content.passed) return content;
      const wrong = usedAlone(evidence, kind, codec);
      return wrong.length > 0
        ? failed(wrong.join('; '), content.measured)
        : passed(content.reason, content.measured);
    },
  };
}

export const CODEC_CHECKS: readonly Check[] = CODEC_CALLS.flatMap(({ scenario, audio, video }) => [
  codecCheck('audio', audio, scenario),
  codecCheck('video', video, scenario),
]);
