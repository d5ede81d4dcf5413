import type { Side } from '../../evidence.ts';
import type { Stage } from '../stage.ts';
import { settled, soundAgain } from './exchanges.ts';

/** The caller loses its signaling; the callee holds and releases meanwhile; both are learnt once it is back. */
export async function loseSignaling(stage: Stage): Promise<void> {
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
export async function collide(stage: Stage): Promise<void> {
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
