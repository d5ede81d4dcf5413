import { runPeerProgram } from '../embedded/peer-program.ts';
import { EmbeddedPhone } from './embedded-phone.ts';

runPeerProgram('embedded SIP phone', (tell, random) => new EmbeddedPhone(tell, random));
