/** What a peer connection's statistics say, in the words of the peer contract. */
export interface TransportFigures {
  transport: { state?: string; local?: string; remote?: string; protocol?: string; roundTripMs?: number };
  audio: MediaFigures;
  video: MediaFigures;
}
export interface MediaFigures {
  sent?: { codec?: string; packets?: number };
  received?: { codec?: string; packets?: number; lost?: number };
}

type Entry = Record<string, unknown> & { id: string; type: string };

/** Reads `getStats()` (webrtc-stats): the selected pair, codecs, packets, loss. Both browsers name them alike. */
export async function readFigures(
  connection: RTCPeerConnection,
): Promise<{ figures: TransportFigures; raw: Entry[] }> {
  const raw: Entry[] = [];
  (await connection.getStats()).forEach((entry: Entry) => {
    raw.push(entry);
  });
  const byId = new Map(raw.map((entry) => [entry.id, entry]));
  const figures: TransportFigures = {
    transport: { state: connection.connectionState },
    audio: {},
    video: {},
  };
  const pair = selectedPair(raw, byId);
  if (pair !== undefined) {
    const local = byId.get(String(pair.localCandidateId));
    const remote = byId.get(String(pair.remoteCandidateId));
    assign(figures.transport, 'local', local?.candidateType);
    assign(figures.transport, 'remote', remote?.candidateType);
    assign(figures.transport, 'protocol', local?.relayProtocol ?? local?.protocol);
    const seconds = pair.currentRoundTripTime;
    if (typeof seconds === 'number') figures.transport.roundTripMs = Math.round(seconds * 10_000) / 10;
  }
  for (const entry of raw) {
    const kind = entry.kind;
    if (kind !== 'audio' && kind !== 'video') continue;
    const codec = String(byId.get(String(entry.codecId))?.mimeType ?? '').split('/')[1];
    if (entry.type === 'outbound-rtp' && Number(entry.packetsSent) > 0) {
      figures[kind].sent = { ...(codec ? { codec } : {}), packets: Number(entry.packetsSent) };
    } else if (entry.type === 'inbound-rtp' && Number(entry.packetsReceived) > 0) {
      figures[kind].received = {
        ...(codec ? { codec } : {}),
        packets: Number(entry.packetsReceived),
        lost: Number(entry.packetsLost ?? 0),
      };
    }
  }
  return { figures, raw };
}

function selectedPair(raw: readonly Entry[], byId: ReadonlyMap<string, Entry>): Entry | undefined {
  const transport = raw.find(
    (entry) => entry.type === 'transport' && entry.selectedCandidatePairId !== undefined,
  );
  if (transport !== undefined) return byId.get(String(transport.selectedCandidatePairId));
  return raw.find(
    (entry) =>
      entry.type === 'candidate-pair' &&
      (entry.selected === true || entry.nominated === true) &&
      entry.state === 'succeeded',
  );
}

function assign<K extends 'local' | 'remote' | 'protocol'>(
  target: TransportFigures['transport'],
  key: K,
  value: unknown,
): void {
  if (typeof value === 'string' && value !== '') target[key] = value;
}
