/** What linphone-daemon tells of a call, one event for each `pop-event`. */
export type DaemonEvent =
  | { readonly type: 'state'; readonly call: number; readonly state: string; readonly from: string }
  | { readonly type: 'tone'; readonly call: number; readonly digit: string };

export interface PoppedEvent {
  /** None where there was none, or one of a kind that tells nothing of a call. */
  readonly event: DaemonEvent | undefined;
  /** How many more there are. */
  readonly left: number;
}

/** Reads the reply to `pop-event`. */
export function parsePoppedEvent(reply: string): PoppedEvent {
  const field = (name: string): string | undefined =>
    new RegExp(`^${name}: (.*)$`, 'm').exec(reply)?.[1]?.trim();
  const left = Number(field('Size') ?? 0);
  const call = Number(field('Id'));
  const from = /sips?:[^>;\s]+/.exec(field('From') ?? '')?.[0] ?? '';
  const state = /^LinphoneCall(\w+)$/.exec(field('Event') ?? '')?.[1];
  const digit = field('Tone');
  const type = field('Event-type');
  if (type === 'call-state-changed' && state !== undefined)
    return { event: { type: 'state', call, state, from }, left };
  if (type === 'receiving-tone' && digit !== undefined) return { event: { type: 'tone', call, digit }, left };
  return { event: undefined, left };
}
