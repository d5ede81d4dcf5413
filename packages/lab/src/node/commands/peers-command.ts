import type { Command } from 'commander';
import { currentNetwork } from '../network.ts';
import { findPeers, peerRecord } from '../peer-finder.ts';
import { type ListedPeer, listedTurnServer, writePeers } from './peer-listing.ts';

interface Options {
  readonly peer?: string[];
  readonly json?: boolean;
}

export function peersCommand(program: Command): void {
  program
    .command('peers')
    .description('the programs that can take part: which are here, their versions and what they can do')
    .option('--peer <folder...>', 'add outside peers, by the folder of their peer.json')
    .option('--json', 'print the network and the peers as JSON')
    .action(async (options: Options) => {
      const { found, absent } = await findPeers(undefined, options.peer ?? []);
      const peers: ListedPeer[] = [
        ...found.map((peer) => ({ found: true as const, ...peerRecord(peer) })),
        // The TURN server is listed with its version where it is here.
        ...absent.filter(({ id }) => id !== 'coturn').map((peer) => ({ found: false as const, ...peer })),
        listedTurnServer(),
      ];
      const network = currentNetwork();
      process.stdout.write(
        options.json === true ? `${JSON.stringify({ network, peers }, null, 2)}\n` : writePeers(peers),
      );
      process.exitCode = 0;
    });
}
