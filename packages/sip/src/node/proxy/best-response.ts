import type { SipResponse } from '../../message/message.ts';

/** Preferred among 4xx because they tell the caller what to change (RFC 3261 section 16.7, step 6). */
const TELLING = new Set([401, 407, 415, 420, 484]);

/** Rank of a final response: the lower the better; 6xx before all. */
function rank(status: number): number {
  if (status >= 600) return 0;
  const rough = Math.floor(status / 100) * 10;
  if (status === 408 || status === 487) return rough + 2;
  return TELLING.has(status) ? rough : rough + 1;
}

/** The response that goes back when no branch was answered: best class, first come within it (section 16.7). */
export function bestResponse(responses: readonly SipResponse[]): SipResponse | undefined {
  let best: SipResponse | undefined;
  for (const response of responses) {
    if (best === undefined || rank(response.status) < rank(best.status)) best = response;
  }
  return best;
}

/** A 401 or 407 with the challenges of all branches, so that the caller can answer them all at once (step 7). */
export function withAllChallenges(best: SipResponse, responses: readonly SipResponse[]): SipResponse {
  if ((best.status !== 401 && best.status !== 407) || responses.length === 1) return best;
  let merged = best;
  for (const response of responses) {
    if (response === best || (response.status !== 401 && response.status !== 407)) continue;
    for (const name of ['WWW-Authenticate', 'Proxy-Authenticate']) {
      for (const value of response.getAll(name)) merged = merged.append(name, value);
    }
  }
  return merged;
}
