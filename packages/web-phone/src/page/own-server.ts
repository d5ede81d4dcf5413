import type { Connect } from '@crosspoint/signaling/browser';
import { connectHttp, connectWs } from '@crosspoint/signaling/browser';

/** A way to the server that this page came from. */
export function connectToOwnServer(transport: 'ws' | 'http'): Connect {
  const { protocol, host } = location;
  return transport === 'http'
    ? connectHttp('/signal')
    : connectWs(`${protocol === 'https:' ? 'wss' : 'ws'}://${host}/signal/ws`);
}

/** An id that nobody can guess and no other call has. */
export function newCallId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(8));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
