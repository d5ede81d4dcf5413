import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { PeerCommands } from '@crosspoint/peers';
import type { RunningApp } from './app-process.ts';

const SIP_APP = fileURLToPath(new URL('../apps/sip', import.meta.url));
const VITE = fileURLToPath(new URL('../node_modules/.bin/vite', import.meta.url));

/** Builds the page that is a SIP user agent, so that the suite never judges a stale one. */
export async function buildSipPage(): Promise<void> {
  const child = spawn(VITE, ['build', '--logLevel', 'error'], {
    cwd: SIP_APP,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [status] = (await once(child, 'exit')) as [number | null];
  if (status !== 0) throw new Error(`vite build ended with ${status}`);
}

/** What `open-sip` asks of a phone on WebSocket at a running sip app. */
export async function sipAccount(
  { facts, order }: RunningApp,
  user: string,
): Promise<PeerCommands['open-sip']> {
  const { ws, domain, mediaAddress } = facts.phones!;
  const password = String((await order({ phone: user })).password);
  return {
    ...{ server: ws, transport: 'ws', domain, user, password, mediaAddress },
    ...{ pattern: 5, media: 'ice-dtls', audioCodecs: [], url: facts.url },
  };
}
