import { jingle } from './jingle.ts';
import { jingleWs } from './jingle-ws.ts';
import { pstn } from './pstn.ts';
import { sip } from './sip.ts';
import { sipWs } from './sip-ws.ts';
import type { Topology } from './topology.ts';
import { trapezoid } from './trapezoid.ts';
import { multistream, triangle } from './triangle.ts';

/** Every topology the lab knows, in the order they are taught. */
export const TOPOLOGIES: readonly Topology[] = [
  ...[triangle, trapezoid, sip, sipWs, jingle, jingleWs, pstn, multistream],
];

/** The trapezoid as the matrix plays it besides. */
const VARIANTS: readonly Topology[] = [
  { ...trapezoid, id: 'trapezoid-embedded', title: 'Trapezoid, embedded SIP proxies' },
  { ...trapezoid, id: 'trapezoid-kamailio', title: 'Trapezoid, Kamailio as SIP proxies' },
  { ...jingle, id: 'jingle-prosody', title: 'Jingle, Prosody as the other server' },
  { ...jingle, id: 'jingle-ejabberd', title: 'Jingle, ejabberd as the other server' },
  { ...trapezoid, id: 'trapezoid-jingle', title: 'Trapezoid, federated by Jingle' },
];

/** The topology of that id, one of its variants, or undefined. */
export function topologyById(id: string): Topology | undefined {
  return [...TOPOLOGIES, ...VARIANTS].find((topology) => topology.id === id);
}
