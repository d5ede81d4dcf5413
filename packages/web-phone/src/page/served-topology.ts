import { type Topology, topologyById } from '@crosspoint/topology';

/** The topology that this page's server is part of: written into the document by the server. */
export const servedTopology: Topology = topologyById(
  document.documentElement.dataset.topology ?? 'triangle',
)!;
