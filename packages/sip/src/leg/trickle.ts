import { parseTrickleFragment, type TrickleFragment, writeTrickleFragment } from '@crosspoint/ice';
import type { LazyDescription } from '@crosspoint/sdp';
import type { TrickledCandidate } from '@crosspoint/signaling';

/**
 * Candidates as the body of an INFO (RFC 8840 section 9.2): pseudo m-lines with the mids and credentials of our
 * description. Undefined where the description names no ICE credentials: nothing could be done with them.
 */
export function toFragment(
  candidates: readonly TrickledCandidate[],
  description: LazyDescription,
): string | undefined {
  const media: TrickleFragment['media'][number][] = [];
  for (let index = 0; index < description.mediaCount; index++) {
    const mid = description.first(index, 'mid');
    const ours = candidates.filter((each) =>
      each.mid !== undefined ? each.mid === mid : (each.mLineIndex ?? 0) === index,
    );
    if (ours.length === 0) continue;
    const ice = description.iceCredentials(index);
    if (ice === undefined) continue;
    const { media: kind, protocol, formats } = description.mediaLine(index);
    media.push({
      media: kind,
      port: '9',
      protocol,
      formats: formats.slice(0, 1),
      ...(mid === undefined ? {} : { mid }),
      iceUfrag: ice.ufrag,
      icePwd: ice.pwd,
      candidates: ours.flatMap((each) => (each.candidate === undefined ? [] : [each.candidate])),
      endOfCandidates: ours.some((each) => each.candidate === undefined),
      other: [],
    });
  }
  if (media.length === 0) return undefined;
  return writeTrickleFragment({ iceLite: false, candidates: [], endOfCandidates: false, other: [], media });
}

/** The candidates of an INFO's body. @throws IceError */
export function fromFragment(text: string): readonly TrickledCandidate[] {
  const fragment = parseTrickleFragment(text);
  return fragment.media.flatMap((each, mLineIndex) => {
    const ufrag = each.iceUfrag ?? fragment.iceUfrag;
    const place = {
      ...(each.mid === undefined ? { mLineIndex } : { mid: each.mid }),
      ...(ufrag === undefined ? {} : { ufrag }),
    };
    const found: TrickledCandidate[] = each.candidates.map((candidate) => ({ candidate, ...place }));
    if (each.endOfCandidates || fragment.endOfCandidates) found.push({ candidate: undefined, ...place });
    return found;
  });
}
