import { open } from '@crosspoint/sdp';
import { CODEC_CALLS } from '../../checks/codec-checks.ts';
import { otherSide, type Side } from '../../evidence.ts';
import type { Stage } from '../stage.ts';
import type { Scenario } from './scenario.ts';

/** How long the wrong certificate has to be refused: a DTLS client may retransmit for long. */
const REFUSAL_MS = 30_000;
/** Longer than the `no-answer` time that the lab gives its servers. */
const NO_ANSWER_MS = 15_000;

type Entries = ReturnType<Stage['trace']['look']>;

/** Whether, behind the first `from` entries, an offer of this side was answered by the other. */
function answered(entries: Entries, from: number, side: Side): boolean {
  const said = (by: Side, summary: string, since: number): number =>
    entries.findIndex(
      (entry, at) =>
        at >= since && entry.direction === 'in' && entry.peer === by && entry.summary === summary,
    );
  const offer = said(side, 'offer', from);
  return offer >= 0 && said(otherSide(side), 'answer', offer) >= 0;
}

/** Asks one side for a change, and waits until an offer of its and the other's answer crossed the server. */
async function renegotiate(
  stage: Stage,
  step: string,
  side: Side,
  act: () => Promise<unknown>,
): Promise<boolean> {
  return stage.attempt(step, side, async () => {
    const from = stage.trace.look().length;
    await act();
    const exchanged = await stage.trace.until((entries) => answered(entries, from, side), 8000);
    if (!exchanged) stage.note(step, side, { kind: 'missed', words: 'no offer and answer within 8 s' });
    else stage.note(step, side, { kind: 'done', words: 'offer and answer exchanged' });
  });
}

/** Whether the last offer was answered, and both say that sound flows both ways. */
function soundAgreed(entries: Entries): boolean {
  const said = entries.filter((entry) => entry.direction === 'in');
  const last = said.findLastIndex((entry) => entry.summary === 'answer');
  const answer = said[last];
  // Of two offers that crossed, the one by the other side is what was answered.
  const offer = said
    .slice(0, Math.max(0, last))
    .findLast((entry) => entry.summary === 'offer' && entry.peer !== answer?.peer);
  return (
    offer !== undefined &&
    answer !== undefined &&
    [offer, answer].every(
      (entry) => open(entry.raw.slice(entry.raw.indexOf('\n') + 1)).direction(0) === 'sendrecv',
    )
  );
}

/** Whether every offer that reached the server was answered by the other side. */
function settled(entries: Entries): boolean {
  return (['caller', 'callee'] as const).every((side) => {
    const at = entries.findLastIndex(
      (entry) => entry.direction === 'in' && entry.peer === side && entry.summary === 'offer',
    );
    return at < 0 || answered(entries, at, side);
  });
}

/** Asks one side for sound again, and waits until both agree on it: whoever's offer carries it. */
async function soundAgain(stage: Stage, step: string, side: Side): Promise<void> {
  await stage.attempt(step, side, async () => {
    await stage.endpoint(side).ask('hold', { on: false });
    const agreed = await stage.trace.until(soundAgreed, 8000);
    if (!agreed)
      stage.note(step, side, { kind: 'missed', words: 'no agreement on sound both ways within 8 s' });
    else stage.note(step, side, { kind: 'done', words: 'offer and answer exchanged' });
  });
}

const call: Scenario = {
  id: 'call',
  async play(stage) {
    await stage.open();
    await stage.connect();
    stage.step = 'media';
    await Promise.all([stage.listen('media'), stage.bothCan('video') ? stage.watch('media') : undefined]);
    if (stage.bothCan('data')) await stage.echo('media');
    await stage.stats('media');
    if (stage.can('caller', 'hold') && stage.can('callee', 'far-hold')) await holdAndResume(stage);
    if (stage.can('caller', 'ice-restart') && stage.can('callee', 'far-ice-restart')) {
      await renegotiate(stage, 'ice-restart', 'caller', () =>
        stage.endpoint('caller').ask('restart-ice', {}),
      );
      await stage.listen('after-restart');
      await stage.stats('after-restart');
    }
    await stage.end('caller');
  },
};

async function holdAndResume(stage: Stage): Promise<void> {
  const held = (on: boolean, since: number): Promise<unknown> =>
    stage.event(
      'callee',
      on ? 'being held' : 'being resumed',
      (event) => event.event === 'held' && event.held === on,
      8000,
      since,
    );
  const before = stage.endpoint('callee').events.length;
  const on = await renegotiate(stage, 'hold', 'caller', () =>
    stage.endpoint('caller').ask('hold', { on: true }),
  );
  if (on) await stage.attempt('hold', 'callee', () => held(true, before));
  // What was decoded before the hold is still being played out for a moment.
  await stage.listen('draining', 'once');
  await stage.listen('on-hold', 'once');
  await soundAgain(stage, 'unhold', 'caller');
  await stage.attempt('unhold', 'callee', () => held(false, before));
  await stage.listen('after-hold');
}

const audioCall: Scenario = {
  id: 'audio-call',
  async play(stage) {
    await stage.open({ video: false });
    await stage.connect();
    await stage.listen('media');
    const video =
      stage.bothCan('video') &&
      stage.can('caller', 'change-video') &&
      stage.can('callee', 'far-change-video');
    if (video) {
      await renegotiate(stage, 'add-video', 'caller', () => stage.endpoint('caller').ask('add-video', {}));
      await Promise.all([stage.watch('video-added', ['callee']), stage.listen('video-added')]);
      await renegotiate(stage, 'remove-video', 'caller', () =>
        stage.endpoint('caller').ask('remove-video', {}),
      );
      await stage.watch('draining', ['callee'], 300);
      await Promise.all([stage.watch('video-removed', ['callee'], 700), stage.listen('video-removed')]);
    }
    if (stage.can('caller', 'resume') && stage.can('callee', 'hold')) await loseSignaling(stage);
    if (stage.can('caller', 'resume', 'hold', 'glare') && stage.can('callee', 'hold', 'glare'))
      await collide(stage);
    await stage.end('callee');
  },
};

/** The caller loses its signaling; the callee holds and releases meanwhile; both are learnt once it is back. */
async function loseSignaling(stage: Stage): Promise<void> {
  const caller = stage.endpoint('caller');
  const callee = stage.endpoint('callee');
  const since = caller.events.length;
  const cut = await stage.attempt('cut', 'caller', async () => {
    await caller.ask('cut-signaling', {});
    await stage.event(
      'caller',
      'lost signaling',
      (event) => event.event === 'signaling' && event.state === 'lost',
      8000,
      since,
    );
  });
  if (!cut) return;
  await stage.listen('signaling-cut');
  await stage.attempt('resume', 'callee', () => callee.ask('hold', { on: true }));
  await stage.attempt('resume', 'caller', async () => {
    const sent = await stage.trace.until((entries) => lastOfferOut(entries) === 'caller', 8000);
    if (!sent)
      stage.note('resume', 'callee', { kind: 'missed', words: 'its offer never reached the server' });
    await caller.ask('restore-signaling', {});
    await stage.event(
      'caller',
      'resumed signaling',
      (event) => event.event === 'signaling' && event.state === 'open',
      10_000,
      since,
    );
    await stage.event(
      'caller',
      'the hold it had missed',
      (event) => event.event === 'held' && event.held === true,
      8000,
      since,
    );
    stage.note('resume', 'caller', { kind: 'done', words: 'learned the hold that it had missed' });
  });
  await soundAgain(stage, 'resume', 'callee');
  await stage.attempt('resume', 'caller', () =>
    stage.event(
      'caller',
      'the end of the hold',
      (event) => event.event === 'held' && event.held === false,
      8000,
      since,
    ),
  );
}

function lastOfferOut(
  entries: readonly { direction: string; summary: string; peer: string }[],
): string | undefined {
  return entries.filter((entry) => entry.direction === 'out' && entry.summary === 'offer').at(-1)?.peer;
}

/**
 * Two offers at once, for certain: while the caller's signaling is cut both sides offer; when it comes back each gets
 * the other's offer before an answer to its own.
 */
async function collide(stage: Stage): Promise<void> {
  const caller = stage.endpoint('caller');
  const since = caller.events.length;
  const outgoing = stage.trace
    .look()
    .filter((entry) => entry.direction === 'out' && entry.summary === 'offer').length;
  // A side that still waits for an answer would not offer: nothing could collide.
  await stage.trace.until(settled, 8000);
  const crossing = stage.trace.look().length - 1;
  const crossed = await stage.attempt('glare', 'caller', async () => {
    await caller.ask('cut-signaling', {});
    await stage.event(
      'caller',
      'lost signaling',
      (event) => event.event === 'signaling' && event.state === 'lost',
      8000,
      since,
    );
    await Promise.all([caller.ask('hold', { on: true }), stage.endpoint('callee').ask('hold', { on: true })]);
    const waiting = await stage.trace.until(
      (entries) =>
        entries.filter((entry) => entry.direction === 'out' && entry.summary === 'offer').length > outgoing,
      8000,
    );
    if (!waiting)
      stage.note('glare', 'callee', { kind: 'missed', words: 'its offer never reached the server' });
    await caller.ask('restore-signaling', {});
    // The caller's offer wins and is answered; what the callee offers after that is answered in turn.
    const converged = await stage.trace.until((entries) => {
      const from = entries.findLastIndex(
        (entry) => entry.direction === 'in' && entry.peer === 'caller' && entry.summary === 'offer',
      );
      const since = entries.slice(from).filter((entry) => entry.direction === 'in');
      const answered = since.findLastIndex(({ peer, summary }) => peer === 'callee' && summary === 'answer');
      // An offer of the callee's before its own answer was taken back by that: it gave way.
      const after = since.slice(answered);
      const count = (side: Side, summary: string): number =>
        after.filter((entry) => entry.peer === side && entry.summary === summary).length;
      return from > crossing && answered >= 0 && count('caller', 'answer') >= count('callee', 'offer');
    }, 10_000);
    if (!converged)
      stage.note('glare', 'caller', { kind: 'missed', words: 'the two offers did not settle within 10 s' });
  });
  if (!crossed) return;
  await stage.attempt('after-glare', 'callee', () => stage.endpoint('callee').ask('hold', { on: false }));
  await soundAgain(stage, 'after-glare', 'caller');
  await stage.listen('after-glare');
}

const codecCalls: Scenario[] = CODEC_CALLS.map(({ scenario, audio, video }) => ({
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

const fullGathering: Scenario = {
  id: 'full-gathering',
  async play(stage) {
    await stage.open({ video: false, trickle: false });
    await stage.connect();
    await stage.listen('media');
    await stage.end('caller');
  },
};

const relay: Scenario = {
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

const wrongFingerprint: Scenario = {
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

const cancel: Scenario = {
  id: 'cancel',
  async play(stage) {
    await stage.open({ video: false });
    await stage.ring();
    await stage.end('caller');
  },
};

const decline: Scenario = {
  id: 'decline',
  async play(stage) {
    await stage.open({ video: false });
    await stage.ring();
    await stage.attempt('decline', 'callee', () => stage.endpoint('callee').ask('decline', {}));
    await stage.ended();
  },
};

const busy: Scenario = {
  id: 'busy',
  async play(stage) {
    await stage.open({ video: false });
    if (stage.bothCan('audio')) return secondCaller(stage);
    // Who has no media cannot be in a call; it can still say that it is.
    await stage.ring();
    await stage.attempt('busy', 'callee', () => stage.endpoint('callee').ask('busy', {}));
    await stage.ended();
  },
};

/** While the two talk, somebody else calls the callee. */
async function secondCaller(stage: Stage): Promise<void> {
  await stage.connect();
  const other = await stage.another('caller', 'second');
  try {
    await stage.attempt('busy', 'caller', async () => {
      await other.endpoint.ask('call', { to: stage.address(stage.players.callee.name) });
      const ended = await other.endpoint.wait(
        'end of the second call',
        (event) => event.event === 'ended',
        10_000,
      );
      stage.note('busy', 'caller', { kind: 'done', words: ended.reason?.code ?? 'none' });
    });
    await stage.listen('first-call');
  } finally {
    await other.endpoint.close();
  }
  await stage.end('caller');
}

const noAnswer: Scenario = {
  id: 'no-answer',
  async play(stage) {
    await stage.open({ video: false });
    await stage.ring();
    await stage.ended(NO_ANSWER_MS);
  },
};

const unknownName: Scenario = {
  id: 'unknown-name',
  async play(stage) {
    await stage.openOne(stage.players.caller, { video: false });
    stage.step = 'call';
    await stage
      .endpoint('caller')
      .ask('call', { to: stage.address(`nobody-${stage.players.caller.name}`.slice(0, 60)) });
    await stage.attempt('end', 'caller', () =>
      stage.event('caller', 'end of the call', (event) => event.event === 'ended'),
    );
  },
};

/** Every scenario of the triangle; which of them are played depends on the checks that are declared. */
export const TRIANGLE_SCENARIOS: readonly Scenario[] = [
  call,
  audioCall,
  ...codecCalls,
  fullGathering,
  relay,
  wrongFingerprint,
  cancel,
  decline,
  busy,
  noAnswer,
  unknownName,
];
