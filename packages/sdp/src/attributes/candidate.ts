import { type IceCandidate, IceError, parseCandidate, writeCandidate } from '@crosspoint/ice';

/** Reads the value of `a=candidate` in text[from, end); undefined when it is malformed. The grammar is ICE's own. */
export function candidateAt(text: string, from: number, end: number): IceCandidate | undefined {
  const value = text.slice(from, end);
  // The reader of ICE also takes a value with its prefix; behind `a=candidate:` a second one is an error.
  if (value.startsWith('candidate:') || value.startsWith('a=')) return undefined;
  try {
    return parseCandidate(value);
  } catch (error) {
    if (error instanceof IceError) return undefined;
    throw error;
  }
}

/** The value of `a=candidate`, whatever prefix the candidate came with. */
export function candidateValue(candidate: IceCandidate): string {
  return writeCandidate(candidate.prefix === '' ? candidate : { ...candidate, prefix: '' });
}
