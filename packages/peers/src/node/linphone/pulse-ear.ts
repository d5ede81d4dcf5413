import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Heard } from '../../contract.ts';
import { findProgram } from '../program-path.ts';
import { Daemon } from '../sip-phone/daemon.ts';

const RATE = 16_000;
const BYTES_PER_MS = (RATE / 1000) * 2;
/** What PulseAudio and the phone hold back. */
const LAG_MS = 250;
const START_MS = 10_000;

/** A sound server of the phone's own, with a null sink that it is heard through and a silent microphone. */
export class PulseEar {
  readonly environment: Readonly<Record<string, string>>;
  readonly #server: Daemon;
  readonly #recorder: ChildProcessWithoutNullStreams;
  readonly #listeners = new Set<(sound: Buffer) => void>();

  private constructor(
    server: Daemon,
    recorder: ChildProcessWithoutNullStreams,
    environment: Readonly<Record<string, string>>,
  ) {
    this.#server = server;
    this.#recorder = recorder;
    this.environment = environment;
    recorder.on('error', () => {});
    recorder.stdin.end();
    recorder.stdout.on('data', (sound: Buffer) => {
      for (const listener of [...this.#listeners]) listener(sound);
    });
  }

  /** `home` is to be a short path: it holds a socket. @throws Error where there is no sound server to be had */
  static async open(home: string, log: string): Promise<PulseEar> {
    const [pulseaudio, parec] = [findProgram(['pulseaudio']), findProgram(['parec'])];
    if (pulseaudio === undefined || parec === undefined) throw new Error('PulseAudio is not installed');
    const socket = join(home, 'native');
    const environment = {
      HOME: home,
      XDG_RUNTIME_DIR: home,
      PULSE_RUNTIME_PATH: join(home, 'pulse'),
      PULSE_SERVER: `unix:${socket}`,
    };
    const load = (words: string): string[] => ['-L', words];
    const server = await Daemon.start({
      label: 'pulseaudio',
      program: pulseaudio,
      args: [
        ...['-n', '--daemonize=no', '--exit-idle-time=-1', '--disable-shm=yes', '--use-pid-file=no'],
        '--log-target=stderr',
        ...load(`module-native-protocol-unix socket=${socket} auth-anonymous=1`),
        ...load(`module-null-sink sink_name=ear rate=${RATE} channels=1 format=s16le`),
        ...load(`module-null-sink sink_name=mouth rate=${RATE} channels=1 format=s16le`),
        // linphone does not take a monitor for a microphone.
        ...load('module-remap-source source_name=microphone master=mouth.monitor'),
      ],
      cwd: home,
      log,
      env: environment,
    });
    const words = [
      '-d',
      'ear.monitor',
      '--raw',
      '--format=s16le',
      `--rate=${RATE}`,
      '--channels=1',
      '--latency-msec=20',
    ];
    const deadline = Date.now() + START_MS;
    for (;;) {
      const recorder = spawn(parec, words, { env: { ...process.env, ...environment } });
      // It is up when it gives sound.
      const heard = await new Promise<boolean>((resolve) => {
        recorder.stdout.once('data', () => resolve(true));
        recorder.once('exit', () => resolve(false));
        recorder.once('error', () => resolve(false));
        setTimeout(() => resolve(false), deadline - Date.now()).unref();
      });
      if (heard) return new PulseEar(server, recorder, environment);
      recorder.kill('SIGKILL');
      if (server.ended !== undefined || Date.now() > deadline) {
        await server.stop();
        throw new Error(`PulseAudio did not start: ${server.ended ?? 'no sound'}; ${server.lastWords ?? ''}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** What the phone plays in the next milliseconds; where it plays nothing, silence. */
  async hear(ms: number): Promise<Heard> {
    const startedAt = Date.now();
    const wanted = Math.round(ms) * BYTES_PER_MS;
    const heard: Buffer[] = [];
    let skip = LAG_MS * BYTES_PER_MS;
    let bytes = 0;
    await new Promise<void>((resolve) => {
      const listener = (sound: Buffer): void => {
        const rest = sound.subarray(Math.min(skip, sound.length));
        skip -= sound.length - rest.length;
        heard.push(rest);
        bytes += rest.length;
        if (bytes < wanted) return;
        this.#listeners.delete(listener);
        resolve();
      };
      this.#listeners.add(listener);
    });
    return { sampleRate: RATE, pcm: Buffer.concat(heard).subarray(0, wanted).toString('base64'), startedAt };
  }

  async close(): Promise<void> {
    const { exitCode, signalCode } = this.#recorder;
    if (exitCode === null && signalCode === null) {
      const gone = new Promise((resolve) => this.#recorder.once('exit', resolve));
      this.#recorder.kill('SIGKILL');
      await gone;
    }
    await this.#server.stop();
  }
}
