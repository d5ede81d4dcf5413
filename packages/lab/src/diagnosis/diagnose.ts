import type { Diagnosis } from '@crosspoint/report';
import type { Evidence } from '../evidence.ts';

/** What explains a failed check, best first. */
export function diagnose(_evidence: Evidence, _check: string): Diagnosis[] {
  return [];
}
