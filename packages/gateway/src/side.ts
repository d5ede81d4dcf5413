/** The two sides of a call: who opened it, and who is called. */
export type Side = 'caller' | 'callee';

export const SIDES: readonly Side[] = ['caller', 'callee'];

/** The far side, as `side` sees it. */
export function otherSide(side: Side): Side {
  return side === 'caller' ? 'callee' : 'caller';
}
