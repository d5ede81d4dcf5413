import type { Evidence, Observation, Side } from '../evidence.ts';

/** Makes a good call bad. For tests only. */
export type Tamper = (evidence: Evidence) => Evidence;
type Entry = Evidence['trace'][number];
type PeerEvent = Evidence['caller']['events'][number];

/** An observation for which nothing is given is gone. */
export const observing =
  (edit: (each: Observation) => Observation | undefined): Tamper =>
  (evidence) => ({
    ...evidence,
    observations: evidence.observations.flatMap((each) => edit(each) ?? []),
  });

/** What was done in a step went otherwise; `from`: only where these were the words. */
export const saying = (step: string, words: string, from?: string): Tamper =>
  observing((each) =>
    each.kind === 'done' && each.step === step && (from === undefined || each.words === from)
      ? { ...each, words }
      : each,
  );

/** What was done in a step was missed. */
export const missing = (step: string, words: string): Tamper =>
  observing((each) =>
    each.kind === 'done' && each.step === step
      ? { step, at: each.at, side: each.side, kind: 'missed', words }
      : each,
  );

export const without = (step: string): Tamper => observing((each) => (each.step === step ? undefined : each));

export const silent = (step: string, side?: Side): Tamper =>
  observing((each) =>
    each.kind === 'heard' && each.step === step && (side === undefined || each.side === side)
      ? { ...each, heard: { ...each.heard, pcm: new Int16Array(each.heard.pcm.length) } }
      : each,
  );

/** What a side's peer tells. */
export const telling =
  (side: Side, edit: (events: readonly PeerEvent[]) => readonly PeerEvent[]): Tamper =>
  (evidence) => ({ ...evidence, [side]: { ...evidence[side], events: edit(evidence[side].events) } });

/** What a side learns of the end. */
export const endingAs = (side: Side, code: string): Tamper =>
  telling(side, (events) =>
    events.map((each) =>
      each.event === 'ended' ? { ...each, reason: { code } as PeerEvent['reason'] } : each,
    ),
  );

/** An entry for which nothing is given is gone. */
export const tracing =
  (edit: (each: Entry) => Entry | undefined): Tamper =>
  (evidence) => ({ ...evidence, trace: evidence.trace.flatMap((each) => edit(each) ?? []) });

export const reading = (fits: (each: Entry) => boolean, from: RegExp, to: string): Tamper =>
  tracing((each) => (fits(each) ? { ...each, raw: each.raw.replace(from, to) } : each));

/** The digits that a side got. */
export const digits =
  (edit: (digits: readonly PeerEvent[]) => readonly PeerEvent[]) =>
  (side: Side): Tamper =>
    telling(side, (events) => [
      ...events.filter(({ event }) => event !== 'dtmf'),
      ...edit(events.filter(({ event }) => event === 'dtmf')),
    ]);
