import { answerDataProbe, recordAudio, runDataProbe, watchVideo } from '@crosspoint/media/browser';
import type { PageCall } from './line.ts';
import { patternSource } from './media-source.ts';
import type { PageSignaling } from './page-signaling.ts';
import type { Phone, PhoneEvents } from './phone.ts';

/** What the page offers to who drives it: the commands and events of the peer contract, on the same telephone. */
export interface Automation {
  ask(command: string, args: Record<string, unknown>): Promise<Reply>;
  /** Events from this index on; waits for one up to `waitMs`, so that a driver need not poll. */
  take(since: number, waitMs: number): Promise<unknown[]>;
}
export type Reply =
  | { readonly ok: true; readonly result: Record<string, unknown> }
  | { readonly ok: false; readonly unsupported?: boolean; readonly why?: string; readonly error?: string };

declare global {
  interface Window {
    crosspoint: Automation;
  }
}

const AUDIO_CODECS = ['opus', 'PCMU', 'PCMA', 'G722'];
const VIDEO_CODECS = ['VP8', 'VP9', 'H264', 'AV1'];
/** What every page can, however it signals. */
const FEATURES = [
  ...['call', 'answer', 'decline', 'one-call', 'audio', 'video', 'full-gathering', 'ice-restart'],
  ...['far-ice-restart', 'hold', 'far-hold', 'change-video', 'far-change-video', 'glare', 'dtmf', 'transfer'],
  ...['far-early-media'],
  ...['impair:silent-audio', 'impair:frozen-video'],
];

/** A command asks for what this page does not do. */
export class UnsupportedError extends Error {}

/** What the driver hears of; give it to the telephone. */
export class EventFeed {
  readonly #events: unknown[] = [];
  readonly #waiting = new Set<() => void>();

  add(event: string, more: Record<string, unknown> = {}): void {
    this.#events.push({ event, at: performance.timeOrigin + performance.now(), ...more });
    for (const wake of [...this.#waiting]) wake();
  }

  async take(since: number, waitMs: number): Promise<unknown[]> {
    if (this.#events.length <= since) {
      await new Promise<void>((resolve) => {
        const wake = (): void => {
          clearTimeout(timer);
          this.#waiting.delete(wake);
          resolve();
        };
        const timer = setTimeout(wake, waitMs);
        this.#waiting.add(wake);
      });
    }
    return this.#events.slice(since);
  }
}

/** The telephone's events in the words of the contract. */
export function feedPhoneEvents(feed: EventFeed): Partial<PhoneEvents> {
  return {
    incoming: (from) => feed.add('incoming', { from }),
    phase: (phase, reason) => {
      if (phase === 'ended') {
        feed.add('ended', {
          reason: {
            code: reason?.code ?? 'normal',
            ...(reason?.text !== undefined ? { text: reason.text } : {}),
          },
        });
      } else if (phase !== 'calling' && phase !== 'incoming') feed.add(phase);
    },
    transport: (state) => feed.add('transport', { state }),
    held: (held) => feed.add('held', { held }),
    signaling: (state, why) => feed.add('signaling', { state, words: why }),
    registered: () => feed.add('registered'),
    refused: (code, text, status) =>
      status !== undefined || code === 'login-refused'
        ? feed.add('not-registered', { ...(status === undefined ? {} : { status }), words: text })
        : feed.add('trouble', { words: `${code}: ${text}` }),
    handedOver: (to) => feed.add('transfer', { to }),
    trouble: (words) => feed.add('trouble', { words }),
    channel: (channel) => {
      if (channel.label === 'probe') answerDataProbe(channel);
    },
  };
}

/** Makes what a driver calls as `window.crosspoint`. */
export function automate(
  phone: Phone,
  signaling: PageSignaling,
  feed: EventFeed,
  playing: () => HTMLVideoElement | null,
): Automation {
  let media = { audio: true, video: true };
  let timings: Record<string, number> = {};
  const inCall = (): PageCall => {
    if (phone.call === undefined) throw new Error('there is no call');
    return phone.call;
  };

  const open = async (name: string, args: Record<string, unknown>): Promise<object> => {
    phone.configure({
      transport: args.transport === 'http' ? 'http' : 'ws',
      trickle: args.trickle !== false,
      relayOnly: args.relayOnly === true,
      audioCodecs: strings(args.audioCodecs),
      videoCodecs: strings(args.videoCodecs),
      data: args.data !== false,
      source: patternSource(Number(args.pattern ?? 0)),
    });
    const before = (await feed.take(0, 0)).length;
    const registered = waitFor(feed, before, ['registered', 'not-registered', 'trouble']);
    phone.register(name);
    const event = await registered;
    if (event.event !== 'registered') throw new Error(String(event.words));
    return {};
  };
  const { account } = signaling;
  const commands: Record<string, (args: Record<string, unknown>) => unknown> = {
    ...(account === undefined
      ? {
          open(args) {
            media = { audio: args.audio === true, video: args.video === true };
            return open(String(args.name), args);
          },
        }
      : {
          [account.command](args) {
            media = { audio: true, video: args.video === true };
            return open(account.take(args), args);
          },
        }),
    async call({ to }) {
      timings = { dialled: performance.timeOrigin + performance.now() };
      await phone.dial(String(to), media);
      return {};
    },
    async accept() {
      // As a person answers: with a picture only who is called with one.
      await phone.accept({ ...media, video: media.video && phone.calledWithPicture });
      return {};
    },
    decline: () => phone.hangUp({ code: 'declined' }),
    busy: () => phone.hangUp({ code: 'busy' }),
    'hang-up': () => phone.hangUp(),
    async hear({ ms }) {
      const tracks = phone.state.remote.filter((track) => track.kind === 'audio');
      // No track is silence, and not a fault: so it is on hold.
      if (tracks.length === 0) return { sampleRate: 8000, pcm: '', startedAt: Date.now() };
      const heard = await recordAudio(new MediaStream(tracks), { ms: Number(ms), sampleRate: 8000 });
      return { sampleRate: heard.sampleRate, pcm: base64(heard.pcm), startedAt: heard.startWallClockMs };
    },
    async watch({ ms }) {
      const video = playing();
      if (video === null || !phone.state.remote.some((track) => track.kind === 'video'))
        return { frames: [], pictures: 0 };
      const { frames, pictures } = await watchVideo(video, { ms: Number(ms) });
      return { frames, pictures };
    },
    async echo({ count, sizes }) {
      const judged = await runDataProbe(inCall().channel('probe'), {
        count: Number(count),
        sizes: (sizes as number[]).map(Number),
      });
      return {
        sent: judged.sent,
        returned: judged.returned,
        inOrder: judged.reordered === 0 && judged.duplicates === 0,
        corrupted: judged.corrupted,
        largest: judged.largest,
        ...(judged.roundTripMs !== undefined ? { roundTripMs: judged.roundTripMs.median } : {}),
      };
    },
    hold: ({ on }) => phone.hold(on === true),
    async dtmf({ digits, durationMs }) {
      await inCall().dtmf(String(digits), Number(durationMs));
      return {};
    },
    transfer({ to }) {
      inCall().transfer(String(to));
    },
    async consult({ to }) {
      await phone.consult(String(to));
      return {};
    },
    'connect-both': () => phone.connectBoth(),
    async 'add-video'() {
      await phone.addVideo();
      return {};
    },
    'remove-video': () => phone.removeVideo(),
    'restart-ice': () => phone.restartIce(),
    'cut-signaling': () => phone.cutSignaling(),
    'restore-signaling': () => phone.restoreSignaling(),
    impair: ({ what, on }) => phone.source.impair?.(what as 'silent-audio' | 'frozen-video', on === true),
    async stats() {
      const measured = await phone.measure();
      return measured === undefined ? {} : { ...measured.figures, raw: measured.raw, timings };
    },
    close: () => phone.leave(),
  };

  return {
    async ask(command, args) {
      if (command === 'probe') return probe(String(args.feature), signaling);
      const run = Object.hasOwn(commands, command) ? commands[command] : undefined;
      if (run === undefined) return { ok: false, unsupported: true, why: `this page has no ${command}` };
      try {
        return { ok: true, result: ((await run(args)) ?? {}) as Record<string, unknown> };
      } catch (error) {
        if (error instanceof UnsupportedError) return { ok: false, unsupported: true, why: error.message };
        return {
          ok: false,
          error: error instanceof Error ? `${error.name}: ${error.message}` : String(error),
        };
      }
    },
    take: (since, waitMs) => feed.take(since, waitMs),
  };
}

/** What this browser can do is asked of the browser, not of a list. */
function probe(feature: string, { features, lacks }: PageSignaling): Reply {
  const codec = /^codec:(\w+)$/.exec(feature)?.[1];
  const kind =
    codec === undefined
      ? undefined
      : AUDIO_CODECS.includes(codec)
        ? 'audio'
        : VIDEO_CODECS.includes(codec)
          ? 'video'
          : undefined;
  if (codec !== undefined && kind !== undefined) {
    const codecs = RTCRtpReceiver.getCapabilities(kind)?.codecs ?? [];
    const has = codecs.some((each) => each.mimeType.toLowerCase() === `${kind}/${codec}`.toLowerCase());
    return has
      ? { ok: true, result: {} }
      : { ok: false, unsupported: true, why: `RTCRtpReceiver.getCapabilities has no ${kind}/${codec}` };
  }
  const lack = Object.hasOwn(lacks, feature) ? lacks[feature] : undefined;
  if (lack === undefined && (FEATURES.includes(feature) || features.includes(feature)))
    return { ok: true, result: {} };
  return { ok: false, unsupported: true, why: lack ?? `unknown feature ${feature}` };
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

function base64(pcm: Int16Array): string {
  const bytes = new Uint8Array(pcm.buffer, pcm.byteOffset, pcm.byteLength);
  let binary = '';
  for (let at = 0; at < bytes.length; at += 8192)
    binary += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(binary);
}

async function waitFor(
  feed: EventFeed,
  since: number,
  names: readonly string[],
): Promise<Record<string, unknown>> {
  for (let at = since; ; ) {
    const events = (await feed.take(at, 10_000)) as Record<string, unknown>[];
    const found = events.find((event) => names.includes(String(event.event)));
    if (found !== undefined) return found;
    if (events.length === 0) throw new Error(`no ${names.join(' or ')} within 10 s`);
    at += events.length;
  }
}
