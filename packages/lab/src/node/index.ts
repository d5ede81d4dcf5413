export { main } from './cli.ts';
export { readHeard } from './listening.ts';
export { type MatrixOptions, plansFor, runMatrix } from './matrix-runner.ts';
export { currentNetwork, enterNetwork } from './network.ts';
export { type FoundPeer, findPeers } from './peer-finder.ts';
