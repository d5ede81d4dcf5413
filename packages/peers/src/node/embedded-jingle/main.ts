import { WebSocket } from 'ws';
import { runPeerProgram } from '../embedded/peer-program.ts';
import { EmbeddedJingle } from './embedded-jingle.ts';

// @xmpp/client takes it from there, and Node 20 has none.
Object.assign(globalThis, { WebSocket });

runPeerProgram(
  'embedded Jingle client',
  (tell, random) => new EmbeddedJingle(tell, random, (text) => process.stderr.write(text)),
);
