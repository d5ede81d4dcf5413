import type { IceCandidate } from './candidate.ts';

/** RFC 8840 section 9.2. */
export const trickleFragmentMediaType = 'application/trickle-ice-sdpfrag';

/** A line that this package gives no meaning to, `a=setup:active` for one. */
export type FragmentLine = string;

/** What both the session level and each pseudo m-line may hold (RFC 8840 section 9.2). */
export interface FragmentLevel {
  readonly iceUfrag?: string;
  readonly icePwd?: string;
  readonly candidates: readonly IceCandidate[];
  readonly endOfCandidates: boolean;
  /** Other lines in their order. */
  readonly other: readonly FragmentLine[];
}

/** A pseudo m-line: it says which m-line of the description is meant, its port and formats mean nothing. */
export interface FragmentMedia extends FragmentLevel {
  /** `audio`, `video`, `application`, ... */
  readonly media: string;
  /** As written, normally `9`. */
  readonly port: string;
  readonly protocol: string;
  readonly formats: readonly string[];
  readonly mid?: string;
}

/** The body of a trickle INFO (RFC 8840) or of a WHIP PATCH (RFC 9725 section 4.3). */
export interface TrickleFragment extends FragmentLevel {
  readonly iceLite: boolean;
  /** The option tags of `a=ice-options`; absent where the line is. */
  readonly iceOptions?: readonly string[];
  /** What `a=group:` says, `BUNDLE 0 1`. */
  readonly group?: string;
  readonly media: readonly FragmentMedia[];
  /** As for a candidate: the text as received where these fields would be written otherwise. */
  readonly spelling?: string;
}
