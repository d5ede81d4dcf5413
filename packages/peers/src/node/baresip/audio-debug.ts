import type { PeerStats } from '../../contract.ts';

/** What baresip's `audio_debug` prints of a call. */
export interface AudioDebug {
  /** The negotiated direction, as seen from here: `recvonly` where the far side holds. */
  readonly direction: string | undefined;
  readonly stats: PeerStats;
}

/** Reads the text of `audio_debug`; what is not in it is left out. */
export function parseAudioDebug(text: string): AudioDebug {
  const find = (pattern: RegExp): string | undefined => pattern.exec(text)?.[1];
  const number = (pattern: RegExp): number | undefined => {
    const found = find(pattern);
    return found === undefined ? undefined : Number(found);
  };
  const received = [...text.matchAll(/lost=(-?\d+) [^\n]*\n[^\n]*rcvd=(\d+)/g)];
  const side = (fields: Record<string, string | number | undefined>): Record<string, string | number> =>
    Object.fromEntries(
      Object.entries(fields).filter((entry): entry is [string, string | number] => entry[1] !== undefined),
    );
  return {
    direction: find(/audio dir=(\w+)/),
    stats: {
      transport: side({
        state: received.length > 0 ? 'connected' : undefined,
        local: find(/local: ([\d.]+:\d+)/),
        remote: find(/remote: ([\d.]+:\d+)/),
        protocol: 'udp',
      }),
      audio: {
        sent: side({ codec: find(/encode: (\w+)/), packets: number(/TX: packets=(\d+)/) }),
        received: side({
          codec: find(/decode: (\w+)/),
          packets: received.length === 0 ? undefined : Math.max(...received.map((each) => Number(each[2]))),
          lost: received.length === 0 ? undefined : received.reduce((sum, each) => sum + Number(each[1]), 0),
        }),
      },
      raw: text.split('\n').filter((line) => line.trim() !== ''),
    },
  };
}
