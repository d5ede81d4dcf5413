import ndc, { type PeerConnection, type Track } from 'node-datachannel';

export interface BareConnection {
  readonly pc: PeerConnection;
  readonly track: Track;
  /** Resolves with its description once it has its candidates. */
  readonly gathered: Promise<string>;
}

/** One transport of node-datachannel on 127.0.0.1, with one audio track, and nothing around it. */
export function openBare(): BareConnection {
  const pc = new ndc.PeerConnection('bench', {
    iceServers: [],
    bindAddress: '127.0.0.1',
    disableAutoNegotiation: true,
    forceMediaTransport: true,
    // libdatachannel 0.24 may verify before it has stored what to verify against, and then closes.
    disableFingerprintVerification: true,
  });
  const audio = new ndc.Audio('0', 'SendRecv');
  audio.addAudioCodec(0, 'PCMU');
  const track = pc.addTrack(audio);
  const gathered = new Promise<string>((resolve) => {
    pc.onGatheringStateChange((state) => {
      if (state === 'complete') resolve(pc.localDescription()!.sdp);
    });
  });
  return { pc, track, gathered };
}
