import type { MediaDescription, SessionDescription } from '../description.ts';
import { attribute, attributes } from './attributes.ts';

/** The mids of each BUNDLE group, in order; the first mid tags the transport (RFC 9143 section 7). */
export function bundleGroups(description: SessionDescription): (readonly string[])[] {
  return attributes(description.session, 'group')
    .filter((group) => group.semantics === 'BUNDLE')
    .map((group) => group.mids);
}

/** What is looked up again and again of one description: places by mid, and whose transport each m-section uses. */
interface BundleTable {
  readonly places: ReadonlyMap<string, number>;
  readonly carriers: readonly number[];
}

// A description never changes, so that its table holds as long as it lives. Without it, a hostile group line with
// thousands of mids over hundreds of m-sections would be searched for each of them.
const TABLES = new WeakMap<SessionDescription, BundleTable>();

function tableOf(description: SessionDescription): BundleTable {
  const known = TABLES.get(description);
  if (known !== undefined) return known;
  const places = new Map<string, number>();
  description.media.forEach((media, index) => {
    const mid = attribute(media, 'mid');
    if (mid !== undefined && !places.has(mid)) places.set(mid, index);
  });
  const carrierOf = new Map<string, number>();
  for (const mids of bundleGroups(description)) {
    const carrier = mids
      .map((mid) => places.get(mid))
      .find((at) => at !== undefined && description.media[at]!.port !== 0);
    if (carrier === undefined) continue;
    for (const mid of mids) if (!carrierOf.has(mid)) carrierOf.set(mid, carrier);
  }
  const carriers = description.media.map(
    (media, index) => carrierOf.get(attribute(media, 'mid') ?? '') ?? index,
  );
  const table = { places, carriers };
  TABLES.set(description, table);
  return table;
}

/** Index of the first m-section with this mid, or -1. */
export function mediaIndexOf(description: SessionDescription, mid: string): number {
  return tableOf(description).places.get(mid) ?? -1;
}

/** The m-section with this mid, or undefined. */
export function mediaByMid(description: SessionDescription, mid: string): MediaDescription | undefined {
  return description.media[mediaIndexOf(description, mid)];
}

/**
 * The m-section whose transport (ICE, DTLS) counts for m-section `index`: the first one of its BUNDLE group that is
 * in use (RFC 9143 section 7.2), else itself.
 */
export function transportMedia(description: SessionDescription, index: number): MediaDescription | undefined {
  return description.media[tableOf(description).carriers[index] ?? -1];
}
