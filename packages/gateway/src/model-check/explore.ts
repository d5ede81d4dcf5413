import type { StepFunction } from './every-state.ts';
import { type Budget, firstWorld, judgeQuiet, type Move, moves, Violation, type World } from './two-pages.ts';

export interface Exploration {
  readonly worlds: number;
  readonly moves: number;
  /** Worlds in which nothing happened by itself any more, and which were judged whole. */
  readonly quiet: number;
  readonly violation: string | undefined;
}

interface Trail {
  readonly move: string;
  readonly before: Trail | undefined;
}

function tell(trail: Trail | undefined): string {
  const names: string[] = [];
  for (let at = trail; at !== undefined; at = at.before) names.unshift(at.move);
  return names.join(' > ');
}

function attempt(world: World, move: Move): World | Violation {
  try {
    return move.make(world);
  } catch (error) {
    if (error instanceof Violation) return error;
    throw error;
  }
}

function judge(world: World): Violation | undefined {
  try {
    judgeQuiet(world);
    return undefined;
  } catch (error) {
    if (error instanceof Violation) return error;
    throw error;
  }
}

/** Every interleaving of two pages and the call within a budget, breadth first, so that a counterexample is short. */
export function exploreEveryOrder(step: StepFunction, budget: Budget): Exploration {
  const first = firstWorld(budget);
  const seen = new Set([JSON.stringify(first)]);
  let frontier: { readonly world: World; readonly trail: Trail | undefined }[] = [
    { world: first, trail: undefined },
  ];
  let made = 0;
  let quiet = 0;
  while (frontier.length > 0) {
    const next: typeof frontier = [];
    for (const { world, trail } of frontier) {
      const possible = moves(world, step);
      if (!possible.some((move) => move.certain)) {
        quiet += 1;
        const violation = judge(world);
        if (violation !== undefined) {
          return { worlds: seen.size, moves: made, quiet, violation: `${violation.message}: ${tell(trail)}` };
        }
      }
      for (const move of possible) {
        made += 1;
        const after = attempt(world, move);
        const longer = { move: move.name, before: trail };
        if (after instanceof Violation) {
          return { worlds: seen.size, moves: made, quiet, violation: `${after.message}: ${tell(longer)}` };
        }
        const key = JSON.stringify(after);
        if (seen.has(key)) continue;
        seen.add(key);
        next.push({ world: after, trail: longer });
      }
    }
    frontier = next;
  }
  return { worlds: seen.size, moves: made, quiet, violation: undefined };
}

/**
 * One order out of many: `choices` picks what happens; when they are used up, what happens by itself happens until
 * the world is quiet.
 * @returns the violation, or undefined
 */
export function runOneOrder(
  step: StepFunction,
  budget: Budget,
  choices: readonly number[],
): string | undefined {
  let world = firstWorld(budget);
  let trail: Trail | undefined;
  const go = (move: Move): string | undefined => {
    trail = { move: move.name, before: trail };
    const after = attempt(world, move);
    if (after instanceof Violation) return `${after.message}: ${tell(trail)}`;
    world = after;
    return undefined;
  };
  for (const choice of choices) {
    const possible = moves(world, step);
    const move = possible[choice % Math.max(possible.length, 1)];
    if (move === undefined) break;
    const violation = go(move);
    if (violation !== undefined) return violation;
  }
  for (let left = 1_000; left > 0; left -= 1) {
    const move = moves(world, step).find((one) => one.certain);
    if (move === undefined) {
      const violation = judge(world);
      return violation === undefined ? undefined : `${violation.message}: ${tell(trail)}`;
    }
    const violation = go(move);
    if (violation !== undefined) return violation;
  }
  return `never quiet: ${tell(trail)}`;
}
