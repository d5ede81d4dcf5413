import { runPeerProgram } from '../embedded/peer-program.ts';
import { EmbeddedPhone } from './embedded-phone.ts';

const earlyMedia = process.argv.includes('--early-media');
runPeerProgram('embedded SIP phone', (tell, random) => new EmbeddedPhone(tell, random, { earlyMedia }));
