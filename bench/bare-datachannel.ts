import { createRequire } from 'node:module';

// node-datachannel as the media package has it: the yardstick must be the very same library.
interface Track {
  onMessage(take: (packet: Buffer) => void): void;
  onOpen(done: () => void): void;
  isOpen(): boolean;
  sendMessageBinary(packet: Buffer): boolean;
}

interface PeerConnection {
  addTrack(audio: object): Track;
  setLocalDescription(type: 'offer' | 'answer'): void;
  setRemoteDescription(sdp: string, type: 'offer' | 'answer'): void;
  localDescription(): { readonly sdp: string } | null;
  onStateChange(take: (state: string) => void): void;
  onGatheringStateChange(take: (state: string) => void): void;
}

interface Library {
  readonly PeerConnection: new (name: string, options: object) => PeerConnection;
  readonly Audio: new (mid: string, direction: string) => { addAudioCodec(type: number, name: string): void };
}

const require = createRequire(new URL('../packages/media/package.json', import.meta.url));
const library = require('node-datachannel') as Library;

export interface BareConnection {
  readonly pc: PeerConnection;
  readonly track: Track;
  /** Resolves with its description once it has its candidates. */
  readonly gathered: Promise<string>;
}

/** One transport of node-datachannel on 127.0.0.1, with one audio track, and nothing around it. */
export function openBare(): BareConnection {
  const pc = new library.PeerConnection('bench', {
    iceServers: [],
    bindAddress: '127.0.0.1',
    disableAutoNegotiation: true,
    forceMediaTransport: true,
    // libdatachannel 0.24 may verify before it has stored what to verify against, and then closes.
    disableFingerprintVerification: true,
  });
  const audio = new library.Audio('0', 'SendRecv');
  audio.addAudioCodec(0, 'PCMU');
  const track = pc.addTrack(audio);
  const gathered = new Promise<string>((resolve) => {
    pc.onGatheringStateChange((state) => {
      if (state === 'complete') resolve(pc.localDescription()!.sdp);
    });
  });
  return { pc, track, gathered };
}
