import { hearing, seeing } from '../checks/media.ts';
import { type Evidence, observed, otherSide, SIDES, type Side } from '../evidence.ts';
import type { CallReading } from './call-reading.ts';
import { type Suspicion, WEIGHT } from './suspicion.ts';

/** What was decoded where the transport was up: silence, noise, an echo, a picture that stands still. */
export function suspectContent(reading: CallReading): Suspicion[] {
  if (!reading.connected || reading.judgesEnd || reading.check.id === 'fingerprint-refused') return [];
  const picture = reading.check.needs.callee.includes('video');
  return SIDES.flatMap((side) => [
    ...lastHeard(reading).flatMap((step) => suspectSound(reading, step, side)),
    ...(picture ? lastSeen(reading).flatMap((step) => suspectPicture(reading, step, side)) : []),
  ]);
}

/** The step of the check in which its sound was listened to last; one on hold is silent by right. */
function lastHeard(reading: CallReading): string[] {
  const steps = reading.steps.length > 0 ? reading.steps : ['media'];
  const last = reading.evidence.observations.findLast(
    (each) => each.kind === 'heard' && steps.includes(each.step) && each.step !== 'on-hold',
  );
  return last === undefined ? [] : [last.step];
}

function lastSeen(reading: CallReading): string[] {
  const steps = reading.steps.length > 0 ? reading.steps : ['media'];
  const last = reading.evidence.observations.findLast(
    (each) => each.kind === 'watched' && steps.includes(each.step) && each.step !== 'video-removed',
  );
  return last === undefined ? [] : [last.step];
}

function suspectSound(reading: CallReading, step: string, side: Side): Suspicion[] {
  const { evidence } = reading;
  const heard = hearing(evidence, step, side);
  if (heard.far && !heard.echo) return [];
  // A side that could not listen proves nothing about what there was to hear.
  if (!heard.recorded && observed(evidence, 'missed', step, side).length > 0) return [];
  const far = otherSide(side);
  const packets = packetLine(evidence, step, side, 'audio');
  const seen = [`step ${step}: ${heard.words}`, ...(packets === undefined ? [] : [packets.words])];
  const base = { hop: far, seen, weight: WEIGHT.content };
  if (heard.echo) {
    return [
      {
        ...base,
        cause: 'own-echo',
        clause: 'RFC 8834 section 4',
        words: `the ${side} hears itself${heard.far ? ' beside the far side' : ' in place of the far side'}`,
        weight: WEIGHT.content + 5,
      },
    ];
  }
  if (packets !== undefined && packets.received >= FULL_RATE && heard.silent && heard.recorded) {
    return [
      {
        ...base,
        cause: 'silent-rtp',
        clause: 'RFC 8834 section 4',
        words: `the ${side} got ${packets.received} packets of sound, and there is silence in them: every transport metric is green`,
        weight: WEIGHT.content + 4,
      },
    ];
  }
  if (heard.recorded && !heard.silent) {
    const sent = observed(evidence, 'stats', step, far)[0]?.stats.audio?.sent?.codec;
    const received = observed(evidence, 'stats', step, side)[0]?.stats.audio?.received?.codec;
    const differ = sent !== undefined && received !== undefined && sent !== received;
    return [
      {
        ...base,
        cause: differ ? 'codec-lie' : 'sound-unrecognised',
        clause: 'RFC 3264 section 6.1',
        words: differ
          ? `the ${far} sends ${sent}, and the ${side} decodes it as ${received}`
          : `the ${side} decodes sound, and the tones that the ${far} sends are not in it: broken, or from elsewhere`,
        weight: WEIGHT.content + (differ ? 4 : 2),
      },
    ];
  }
  const back = hearing(evidence, step, far).far;
  return [
    {
      ...base,
      cause: LOST_AFTER[step] ?? (back ? 'one-way-audio' : 'no-audio'),
      clause: CLAUSE_AFTER[step] ?? 'RFC 3264 section 6.1',
      words: back
        ? `the ${far} hears the ${side}, and the ${side} hears nothing`
        : `the transport is up, and the ${side} hears nothing`,
    },
  ];
}

/** Sound that was there before a change and is not after it, as the known case it is. */
const LOST_AFTER: Readonly<Record<string, string>> = {
  'after-hold': 'hold-no-return',
  'after-restart': 'audio-lost-after-restart',
};
const CLAUSE_AFTER: Readonly<Record<string, string>> = {
  'after-hold': 'RFC 3264 section 8.4',
  'after-restart': 'RFC 8445 section 9',
};

/** As many packets as sound of a second or two has. */
const FULL_RATE = 50;

function packetLine(
  evidence: Evidence,
  step: string,
  side: Side,
  kind: 'audio' | 'video',
): { received: number; words: string } | undefined {
  const received = observed(evidence, 'stats', step, side)[0]?.stats?.[kind]?.received;
  if (received?.packets === undefined) return undefined;
  const lost = received.lost ?? 0;
  return {
    received: received.packets,
    words: `the ${side} received ${received.packets} ${kind} packets (${received.codec ?? 'no codec named'}), ${lost} lost`,
  };
}

function suspectPicture(reading: CallReading, step: string, side: Side): Suspicion[] {
  const { evidence } = reading;
  if (observed(evidence, 'watched', step, side).length === 0) return [];
  const saw = seeing(evidence, step, side);
  if (saw.moving) return [];
  const far = otherSide(side);
  const packets = packetLine(evidence, step, side, 'video');
  const base = {
    hop: far,
    clause: 'RFC 7742 section 5',
    seen: [`step ${step}: ${saw.words}`, ...(packets === undefined ? [] : [packets.words])],
  };
  if (saw.frozen) {
    return [
      {
        ...base,
        cause: 'frozen-video',
        words: `the ${side} gets pictures, and it is the same one over and over`,
        weight: WEIGHT.content + 4,
      },
    ];
  }
  return [
    {
      ...base,
      cause: packets !== undefined && packets.received >= FULL_RATE ? 'undecodable-video' : 'no-video',
      words:
        packets !== undefined && packets.received >= FULL_RATE
          ? `the ${side} got ${packets.received} packets of pictures and could not make a picture of them`
          : `the transport is up, and the ${side} sees nothing`,
      weight: WEIGHT.content,
    },
  ];
}
