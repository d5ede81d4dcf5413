import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Driver } from '../../driver.ts';
import { processDriver } from '../process-driver.ts';

/**
 * The embedded Jingle client: XMPP by @xmpp/client, Jingle of its own, libdatachannel's ICE and DTLS-SRTP and G.711, a
 * program of its own. It runs wherever the lab runs.
 */
export function embeddedJingleDriver(): Driver {
  const folder = fileURLToPath(new URL('.', import.meta.url));
  // `--import tsx` looks in the working folder, and the node on the path may be another one.
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
  const command = [process.execPath, '--import', tsx, 'main.ts'];
  return processDriver(folder, { command });
}
