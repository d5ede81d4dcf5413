import { jingle } from './jingle.ts';
import { pstn } from './pstn.ts';
import { sip } from './sip.ts';
import type { Topology } from './topology.ts';
import { trapezoid } from './trapezoid.ts';
import { multistream, triangle } from './triangle.ts';

/** Every topology the lab knows, in the order they are taught. */
export const TOPOLOGIES: readonly Topology[] = [triangle, trapezoid, sip, jingle, pstn, multistream];

/** The topology of that id, or undefined. */
export function topologyById(id: string): Topology | undefined {
  return TOPOLOGIES.find((topology) => topology.id === id);
}
