import ndc from 'node-datachannel';
import { engineRemote, readEngine } from './engine-sdp.ts';

const off = process.argv[2] === 'off';
const mk = (n: string, extra: object = {}) => {
  const pc = new ndc.PeerConnection(n, {
    iceServers: [],
    disableAutoNegotiation: true,
    forceMediaTransport: true,
    bindAddress: '127.0.0.1',
    ...extra,
  } as never);
  const audio = new ndc.Audio('a', 'SendRecv');
  audio.addAudioCodec(0, 'PCMU');
  audio.addSSRC(n === 'o' ? 11 : 22, 'e');
  const t = pc.addTrack(audio);
  return { pc, t };
};
const wait = (ms: number) => new Promise((r) => setTimeout(r, ms));
for (let i = 0; i < 5; i++) {
  const t0 = Date.now();
  const o = mk('o', off ? { disableFingerprintVerification: true } : {});
  const a = mk('a');
  o.pc.onStateChange((s) => console.log(i, 'o', s, Date.now() - t0));
  const gO = new Promise<void>((r) => o.pc.onGatheringStateChange((s) => s === 'complete' && r()));
  o.pc.setLocalDescription('offer' as never);
  await gO;
  const so = o.pc.localDescription()!.sdp;
  const co = [...so.matchAll(/^a=(candidate:.*?)\r?$/gm)].map((m) => m[1]!);
  const gA = new Promise<void>((r) => a.pc.onGatheringStateChange((s) => s === 'complete' && r()));
  a.pc.setRemoteDescription(engineRemote(readEngine(so) as never, false), 'offer' as never);
  a.pc.setLocalDescription('answer' as never);
  await gA;
  const sa = a.pc.localDescription()!.sdp;
  const ca = [...sa.matchAll(/^a=(candidate:.*?)\r?$/gm)].map((m) => m[1]!);
  for (const c of co) a.pc.addRemoteCandidate(c, 'a');
  await wait(100);
  const ra = readEngine(sa);
  const wrong =
    process.argv[3] === 'wrong' ? { ...ra, fingerprint: ra.fingerprint.replace(/..$/, '00') } : ra;
  o.pc.setRemoteDescription(engineRemote(wrong as never, false), 'answer' as never);
  for (const c of ca) o.pc.addRemoteCandidate(c, 'a');
  await wait(2500);
  console.log(
    i,
    o.pc.state(),
    a.pc.state(),
    off ? JSON.stringify(o.pc.remoteFingerprint()) === undefined : '',
    o.pc.remoteFingerprint()?.value.slice(0, 12),
    ra.fingerprint.slice(8, 20),
    o.t.isOpen(),
  );
  o.pc.close();
  a.pc.close();
}
process.exit(0);
