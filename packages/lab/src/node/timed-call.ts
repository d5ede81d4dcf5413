import { PeerError, type PeerEvent, type PeerStats, statsSchema } from '@crosspoint/peers';
import type { CallTimes } from '../compare/comparison.ts';
import { type FirstSound, firstSound, isHeard, type SoundWindow } from '../compare/first-sound.ts';
import { otherSide, SIDES, type Side } from '../evidence.ts';
import { HEARING_MS, readHeard, WINDOW_MS } from './listening.ts';
import type { Stage } from './stage.ts';

/** A caller that does not tell that it rings is not waited for longer. */
const RINGING_MS = 3000;
/** How soon a side is asked again that has nothing yet to hear. */
const AGAIN_MS = 20;

export interface TimedCall {
  readonly times: CallTimes;
  readonly stats: Readonly<Partial<Record<Side, PeerStats>>>;
}

/**
 * Places one audio call, accepts it once the caller rings, waits until each side hears the other, and hangs up.
 * @throws PeerError where a peer does not do its part
 */
export async function playTimedCall(stage: Stage): Promise<TimedCall> {
  await stage.open({ video: false, data: false });
  stage.step = 'call';
  const calledAt = Date.now();
  await stage.endpoint('caller').ask('call', { to: stage.address(stage.players.callee.name) });
  stage.step = 'ring';
  // A phone that refuses one offer and takes the next tells of two calls: what it said before does not count.
  await stage.event('callee', 'incoming call', ({ event }) => event === 'incoming');
  const ringing = await untilEvent(stage, 'caller', 'ringing', RINGING_MS).catch((error: unknown) => {
    if (error instanceof PeerError && error.code === 'timeout') return undefined;
    throw error;
  });
  stage.step = 'accept';
  const since = { caller: saidBy(stage, 'caller'), callee: saidBy(stage, 'callee') };
  const acceptedAt = Date.now();
  const accepting = stage.endpoint('callee').ask('accept', {});
  // Both sides listen before there can be anything to hear, so that the beginning is not missed.
  const [connected, atCaller, atCallee] = await Promise.all([
    untilEvent(stage, 'caller', 'connected', 10_000),
    hearFirst(stage, 'caller', acceptedAt, since),
    accepting.then(() => hearFirst(stage, 'callee', acceptedAt, since)),
  ]);
  stage.step = 'stats';
  const [caller, callee] = await Promise.all(SIDES.map((side) => statsOf(stage, side)));
  stage.step = 'end';
  await stage.endpoint('caller').ask('hang-up', {});
  await Promise.all(
    SIDES.map((side) =>
      stage.event(side, 'end of the call', ({ event }) => event === 'ended', 8000, since[side]),
    ),
  );
  return {
    times: {
      ...(ringing === undefined ? {} : { ringMs: toTenths(ringing - calledAt) }),
      answerMs: toTenths(connected - acceptedAt),
      soundAtCalleeMs: toTenths(atCallee.notAfter - acceptedAt),
      soundAtCalleeWithinMs: toTenths(atCallee.notAfter - atCallee.notBefore),
      soundAtCallerMs: toTenths(atCaller.notAfter - acceptedAt),
      soundAtCallerWithinMs: toTenths(atCaller.notAfter - atCaller.notBefore),
    },
    stats: { ...(caller === undefined ? {} : { caller }), ...(callee === undefined ? {} : { callee }) },
  };
}

/** Clocks of several programs do not agree on more. */
function toTenths(ms: number): number {
  return Math.round(ms * 10) / 10;
}

type Said = Readonly<Record<Side, number>>;

function saidBy(stage: Stage, side: Side): number {
  return stage.endpoint(side).events.length;
}

/** When a side says so, by its own clock where it tells the time; the call's end instead is a failure. */
async function untilEvent(stage: Stage, side: Side, wanted: string, timeoutMs: number): Promise<number> {
  const found: PeerEvent = await stage.event(
    side,
    `event ${wanted}`,
    ({ event }) => event === wanted || event === 'ended',
    timeoutMs,
  );
  if (found.event === wanted) return found.at ?? Date.now();
  const { code, text } = found.reason ?? {};
  const why = [code, text].filter((word) => word !== undefined).join(', ');
  throw new PeerError('failed', stage.endpoint(side).label, `the call ended before ${wanted} (${why})`);
}

async function hearFirst(stage: Stage, side: Side, acceptedAt: number, since: Said): Promise<FirstSound> {
  const endpoint = stage.endpoint(side);
  const far = stage.players[otherSide(side)].pattern;
  const windows: SoundWindow[] = [];
  const deadline = Date.now() + HEARING_MS;
  for (;;) {
    const window = await hear(stage, side);
    if (window !== undefined) {
      windows.push(window);
      const first = isHeard(window, far) ? firstSound(windows, far, acceptedAt) : undefined;
      if (first !== undefined) return narrowed(first, stage, side, since);
    } else await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    const over = SIDES.some((each) =>
      stage
        .endpoint(each)
        .events.slice(since[each])
        .some(({ event }) => event === 'ended'),
    );
    if (over || Date.now() > deadline) {
      const why = over ? 'the call ended' : `${HEARING_MS / 1000} s were over`;
      throw new PeerError('failed', endpoint.label, `${why} before the ${side} heard the other side`);
    }
  }
}

/**
 * A page listens some time before it gives what it hears. Nothing was heard before its transport was connected, though:
 * there was no key. A phone's transport may be up without one.
 */
function narrowed(first: FirstSound, stage: Stage, side: Side, since: Said): FirstSound {
  if (stage.players[side].joins !== 'web') return first;
  const connectedAt = stage
    .endpoint(side)
    .events.slice(since[side])
    .find(({ event, state }) => event === 'transport' && state === 'connected')?.at;
  if (connectedAt === undefined || connectedAt > first.notAfter) return first;
  return { ...first, notBefore: Math.max(first.notBefore, connectedAt) };
}

/** One window; `undefined` while there is nothing yet that could be listened to. */
async function hear(stage: Stage, side: Side): Promise<SoundWindow | undefined> {
  try {
    const heard = readHeard(await stage.endpoint(side).ask('hear', { ms: WINDOW_MS }));
    return heard.pcm.length === 0 ? undefined : heard;
  } catch (error) {
    if (error instanceof PeerError && error.code === 'failed') return undefined;
    throw error;
  }
}

/** What a peer counted itself; not every one does. */
async function statsOf(stage: Stage, side: Side): Promise<PeerStats | undefined> {
  try {
    return statsSchema.parse(await stage.endpoint(side).ask('stats', {}));
  } catch (error) {
    if (error instanceof PeerError && (error.code === 'unsupported' || error.code === 'failed'))
      return undefined;
    throw error;
  }
}
