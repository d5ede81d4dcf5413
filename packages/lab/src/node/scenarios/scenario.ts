import type { Stage } from '../stage.ts';

/** One call, from its registration to its end, and what is looked at on the way. */
export interface Scenario {
  readonly id: string;
  /** Seeded into the call by the lab, as part of the scenario itself. */
  readonly defect?: string;
  /** Whether it needs a TURN server. */
  readonly turn?: boolean;
  play(stage: Stage): Promise<void>;
}
