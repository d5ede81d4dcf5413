import { open } from '@crosspoint/sdp';
import { otherSide, type Side } from '../../evidence.ts';
import type { Stage } from '../stage.ts';

export type Entries = ReturnType<Stage['trace']['look']>;

/** Whether, behind the first `from` entries, an offer of this side was answered by the other. */
export function answered(entries: Entries, from: number, side: Side): boolean {
  const said = (by: Side, summary: string, since: number): number =>
    entries.findIndex(
      (entry, at) =>
        at >= since && entry.direction === 'in' && entry.peer === by && entry.summary === summary,
    );
  const offer = said(side, 'offer', from);
  return offer >= 0 && said(otherSide(side), 'answer', offer) >= 0;
}

/** Asks one side for a change, and waits until an offer of its and the other's answer crossed the server. */
export async function renegotiate(
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
export function settled(entries: Entries): boolean {
  return (['caller', 'callee'] as const).every((side) => {
    const at = entries.findLastIndex(
      (entry) => entry.direction === 'in' && entry.peer === side && entry.summary === 'offer',
    );
    return at < 0 || answered(entries, at, side);
  });
}

/** Asks one side for sound again, and waits until both agree on it: whoever's offer carries it. */
export async function soundAgain(stage: Stage, step: string, side: Side): Promise<void> {
  await stage.attempt(step, side, async () => {
    await stage.endpoint(side).ask('hold', { on: false });
    const agreed = await stage.trace.until(soundAgreed, 8000);
    if (!agreed)
      stage.note(step, side, { kind: 'missed', words: 'no agreement on sound both ways within 8 s' });
    else stage.note(step, side, { kind: 'done', words: 'offer and answer exchanged' });
  });
}
