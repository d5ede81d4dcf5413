import { readFileSync } from 'node:fs';
import { RtpengineRelay } from '@crosspoint/media/node';
import { startRtpengine } from '@crosspoint/peers/node';
import { open } from '@crosspoint/sdp';
import { answer, order, spawn } from './bench-process.ts';

/** Linux tells a process's time in hundredths of a second. */
const TICKS_PER_SECOND = 100;

/** Where a call is reached: the page's offer, and the telephone's port on 127.0.0.1. */
export interface CallEnds {
  readonly offer: string;
  readonly port: number;
}

/** What the relay says of itself to them: its answer to the page, and its port toward the telephone. */
export interface RelayEnds {
  readonly answer: string;
  readonly port: number;
}

/** A relay in a process of its own. */
export interface MeasuredRelay {
  connect(ends: CallEnds): Promise<RelayEnds>;
  /** Processor time so far, in seconds. */
  cpu(): Promise<number>;
  stop(): Promise<void>;
}

/** A telephone that speaks PCMU, at this port of 127.0.0.1. */
export function plainPhone(port: number): string {
  return `v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio ${port} RTP/AVP 0\r\n`;
}

/** The embedded relay (`ours`), or node-datachannel and sockets handing packets on (`bare`). */
export async function startNodeRelay(mode: 'ours' | 'bare'): Promise<MeasuredRelay> {
  const server = spawn('media-relay-server.ts', [mode]);
  await answer(server);
  return {
    connect: (ends) => order<RelayEnds>(server, ends),
    async cpu() {
      const { cpu } = await order<{ cpu: NodeJS.CpuUsage }>(server, {});
      return (cpu.user + cpu.system) / 1e6;
    },
    async stop() {
      server.kill();
    },
  };
}

/** rtpengine, which must be there. `folder` keeps its log. Rejects with PeerError where it does not start. */
export async function startRtpengineRelay(folder: string): Promise<MeasuredRelay> {
  const server = await startRtpengine({ folder, mediaAddress: '127.0.0.1', silenceSeconds: 600 });
  const relay = new RtpengineRelay({ host: server.address, port: server.port });
  return {
    async connect({ offer, port }) {
      const call = await relay.open('bench', { caller: 'webrtc', callee: 'rtp' });
      const offered = await call.offer('caller', open(offer));
      const answered = await call.answer('callee', open(plainPhone(port)));
      return { answer: answered.text, port: offered.mediaLine(0).port };
    },
    async cpu() {
      const stat = readFileSync(`/proc/${server.pid}/stat`, 'utf8');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
    },
    async stop() {
      await relay.close();
      await server.stop();
    },
  };
}
