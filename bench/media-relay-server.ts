import { createSocket } from 'node:dgram';
import { EmbeddedRelay } from '@crosspoint/media/node';
import { open } from '@crosspoint/sdp';
import { openBare } from './bare-datachannel.ts';
import { type CallEnds, plainPhone, type RelayEnds } from './measured-relay.ts';

// A relay of the media relay benchmarks, in a process of its own: `ours` (the embedded relay, all of it) or `bare`
// (node-datachannel handing each packet to a connected dgram socket, and the other way).

const relay = new EmbeddedRelay({ address: '127.0.0.1', packetsPerSecond: 1e9, calls: 10_000 });

async function startOurs({ offer, port }: CallEnds): Promise<RelayEnds> {
  const call = await relay.open('bench', { caller: 'webrtc', callee: 'rtp' });
  const offered = await call.offer('caller', open(offer));
  const answered = await call.answer('callee', open(plainPhone(port)));
  return { answer: answered.text, port: offered.mediaLine(0).port };
}

async function startBare({ offer, port }: CallEnds): Promise<RelayEnds> {
  const { pc, track, gathered } = openBare();
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  await new Promise<void>((resolve) => socket.connect(port, '127.0.0.1', resolve));
  track.onMessage((packet) => socket.send(packet));
  socket.on('message', (packet) => track.sendMessageBinary(packet));
  pc.setRemoteDescription(offer, 'offer');
  pc.setLocalDescription('answer');
  return { answer: await gathered, port: socket.address().port };
}

const start = process.argv[2] === 'bare' ? startBare : startOurs;
process.on('message', ({ offer, port }: Partial<CallEnds>) => {
  if (offer === undefined || port === undefined) process.send!({ cpu: process.cpuUsage() });
  else void start({ offer, port }).then((started) => process.send!(started));
});
// Nobody would stop this process once its parent is gone.
process.on('disconnect', () => process.exit());
process.send!({ ready: true });
