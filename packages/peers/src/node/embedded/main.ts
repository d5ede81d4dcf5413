import { EmbeddedPeer } from './embedded-peer.ts';
import { runPeerProgram } from './peer-program.ts';

runPeerProgram('embedded peer', (tell, random) => new EmbeddedPeer(tell, random));
