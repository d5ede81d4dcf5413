import type { Diagnosis } from '@crosspoint/report';

/** A cause that one diagnoser thinks possible. */
export interface Suspicion extends Diagnosis {
  /** How much it explains: see `WEIGHT`. */
  readonly weight: number;
}

/** How specific a cause is. The more it says, the more it weighs; what is seen itself outweighs what is concluded. */
export const WEIGHT = {
  /** The lab saw the cause itself: a program ended. */
  fault: 100,
  /** A message that came to a node and did not leave it, or left it saying something else. */
  hop: 90,
  /** A rule broken in a description that some side got, where the node in between broke it. */
  brokenOnTheWay: 85,
  /** A rule broken by the author. */
  brokenByAuthor: 75,
  /** What was decoded, or not, where the transport was up. */
  content: 60,
  /** A description refused by a side, no rule known. */
  refused: 50,
  /** The transport did not come up, and nothing says why. */
  transport: 40,
  /** Only where the call broke off. */
  unexplained: 0,
} as const;

/** The violated clause where all that is known is that the two sides did not get through. */
export const NO_CLAUSE = 'none known';
