import type { CallRecord, Cell } from '@crosspoint/report';
import { signalingEdgeBetween, type Topology } from '@crosspoint/topology';
import type { MediaEdgeState } from './media-label.ts';

/** Checks whose passing means that the far side decoded something, by what it decoded. */
const MEDIA_CHECKS: readonly [what: string, id: RegExp][] = [
  ['sound', /^audio\b/],
  ['picture', /^video\b/],
  ['data', /^data\b/],
];

/**
 * What a call's figure shows of the media: lit only where a check of this call found that the far side decoded
 * something. A call that no media check was judged from says nothing.
 */
export function mediaOf(cell: Cell, call: CallRecord, topology: Topology): Record<string, MediaEdgeState> {
  const judged = cell.results.filter((result) => result.call === call.id);
  const decoded: string[] = [];
  const missing: string[] = [];
  for (const [what, id] of MEDIA_CHECKS) {
    const results = judged.filter((result) => id.test(result.check));
    if (results.some(({ verdict }) => verdict === 'failed')) missing.push(`no ${what}`);
    else if (results.some(({ verdict }) => verdict === 'passed')) decoded.push(what);
  }
  if (decoded.length + missing.length === 0) return {};
  const lit = decoded.length > 0;
  const words = [decoded.join(', '), missing.join(', ')].filter((part) => part !== '').join(', but ');
  return Object.fromEntries(
    topology.media
      .filter((edge) => edge.optional !== true)
      .map(({ id, protection }) => {
        const lock = /not encrypted/.test(protection) ? null : protection;
        return [id, lit ? { lit, words, lock } : { lit, words }];
      }),
  );
}

/** What ran on each signaling edge: protocols and the number of messages. */
export function edgeWords(call: CallRecord, topology: Topology): Record<string, string> {
  const seen = new Map<string, { protocols: Set<string>; count: number }>();
  for (const { node, peer, protocol } of call.trace) {
    const edge = signalingEdgeBetween(topology, node, peer);
    if (edge === undefined) continue;
    const entry = seen.get(edge.id) ?? { protocols: new Set<string>(), count: 0 };
    entry.protocols.add(protocol);
    entry.count += 1;
    seen.set(edge.id, entry);
  }
  return Object.fromEntries(
    [...seen].map(([id, { protocols, count }]) => [id, `${[...protocols].join(', ')} · ${count}`]),
  );
}
