import type { IceServer as EngineIceServer } from 'node-datachannel';

/** One entry of `registered.iceServers`. */
export interface IceServerEntry {
  readonly urls: readonly string[];
  readonly username?: string;
  readonly credential?: string;
}

/** A STUN or TURN URL (RFC 7064, RFC 7065) that libjuice can use: it speaks both over UDP alone. */
function fromUrl(url: string, entry: IceServerEntry): (string | EngineIceServer)[] {
  const parts = /^(stun|turn):(\[[0-9a-f:]+\]|[^:?]+)(?::(\d{1,5}))?(?:\?transport=(udp|tcp))?$/i.exec(url);
  if (parts === null || parts[4]?.toLowerCase() === 'tcp') return [];
  const hostname = parts[2]!;
  const port = Number(parts[3] ?? 3478);
  if (parts[1]!.toLowerCase() === 'stun') return [`stun:${hostname}:${port}`];
  if (entry.username === undefined || entry.credential === undefined) return [];
  // An IPv6 address has its brackets in a URL alone. As an object: a TURN REST user name holds a colon, which a URL would cut at.
  return [
    {
      hostname: hostname.replace(/^\[|\]$/g, ''),
      port,
      username: entry.username,
      password: entry.credential,
      relayType: 'TurnUdp',
    },
  ];
}

export function toEngineServers(entries: readonly IceServerEntry[]): (string | EngineIceServer)[] {
  return entries.flatMap((entry) => entry.urls.flatMap((url) => fromUrl(url, entry)));
}
