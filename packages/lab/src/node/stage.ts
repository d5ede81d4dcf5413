import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { detectPattern, encodeWav } from '@crosspoint/media';
import {
  type Endpoint,
  echoedSchema,
  heardSchema,
  type OpenOptions,
  PeerError,
  type PeerEvent,
  statsSchema,
  watchedSchema,
} from '@crosspoint/peers';
import { type HeardSample, type Observation, otherSide, SIDES, type Side } from '../evidence.ts';
import type { Place } from './app-server.ts';
import { LabError } from './lab-error.ts';
import type { TraceReader } from './trace-reader.ts';

/** One player of a scenario. */
export interface Player {
  readonly side: Side;
  readonly endpoint: Endpoint;
  readonly peer: string;
  /** What its endpoint attaches to: a page, or a SIP registrar. */
  readonly joins: 'web' | 'sip';
  readonly name: string;
  readonly pattern: number;
  readonly capabilities: ReadonlySet<string>;
}

/** How long the far side's pattern may take to be heard, from the moment it may: it starts, it gets into step. */
const HEARING_MS = 9000;
const WINDOW_MS = 1000;

type Fill<T> = T extends unknown ? Omit<T, 'step' | 'at' | 'side'> : never;

/** Where a scenario plays: two players, a web server that is watched, and a notebook. */
export class Stage {
  readonly players: Readonly<Record<Side, Player>>;
  readonly trace: TraceReader;
  readonly observations: Observation[] = [];
  /** What the scenario does now; a fault is laid to it. */
  step = 'start';
  readonly #place: Place;
  readonly #transport: 'ws' | 'http';
  readonly #folder: string;
  readonly #label: string;
  readonly #another: (side: Side, label: string) => Promise<Endpoint>;
  readonly #password: (name: string) => Promise<string>;
  readonly #impair: { readonly side: Side; readonly what: 'silent-audio' | 'frozen-video' } | undefined;

  constructor(options: {
    players: Readonly<Record<Side, Player>>;
    trace: TraceReader;
    place: Place;
    transport: 'ws' | 'http';
    folder: string;
    label: string;
    another: (side: Side, label: string) => Promise<Endpoint>;
    password: (name: string) => Promise<string>;
    /** A seeded defect of the media: asked for once the call is up. */
    impair?: { readonly side: Side; readonly what: 'silent-audio' | 'frozen-video' };
  }) {
    this.players = options.players;
    this.trace = options.trace;
    this.#place = options.place;
    this.#transport = options.transport;
    this.#folder = options.folder;
    this.#label = options.label;
    this.#another = options.another;
    this.#password = options.password;
    this.#impair = options.impair;
  }

  can(side: Side, ...capabilities: string[]): boolean {
    return capabilities.every((capability) => this.players[side].capabilities.has(capability));
  }

  bothCan(...capabilities: string[]): boolean {
    return SIDES.every((side) => this.can(side, ...capabilities));
  }

  endpoint(side: Side): Endpoint {
    return this.players[side].endpoint;
  }

  note(step: string, side: Side, observation: Fill<Observation>): void {
    this.observations.push({ step, side, at: Date.now(), ...observation } as Observation);
  }

  /** Whether a side said that the call had ended: nothing more can be done in it. */
  get over(): boolean {
    return SIDES.some((side) => this.endpoint(side).events.some((event) => event.event === 'ended'));
  }

  /** Does something on one side. What a peer cannot or does not do is noted as missed; a dead peer ends the scenario. */
  async attempt(step: string, side: Side, act: () => Promise<unknown>): Promise<boolean> {
    this.step = step;
    if (this.over && step !== 'end') {
      this.note(step, side, { kind: 'missed', words: 'the call was over' });
      return false;
    }
    try {
      await act();
      return true;
    } catch (error) {
      if (!(error instanceof PeerError) || error.code === 'died') throw error;
      this.note(step, side, { kind: 'missed', words: error.message });
      return false;
    }
  }

  /** Registers both, the options each side's own. */
  async open(more: Partial<OpenOptions> = {}): Promise<void> {
    this.step = 'register';
    await Promise.all(SIDES.map((side) => this.openOne(this.players[side], more)));
  }

  /** How a user of the callee's side is called. */
  address(name: string): string {
    return this.#place.address(name);
  }

  async openOne(player: Player, more: Partial<OpenOptions> = {}): Promise<unknown> {
    if (player.joins === 'sip') return this.#openPhone(player, more);
    const can = (capability: string): boolean => player.capabilities.has(capability);
    return player.endpoint.ask('open', {
      url: this.#place.url[player.side],
      transport: this.#transport,
      name: player.name,
      pattern: player.pattern,
      audioCodecs: [],
      videoCodecs: [],
      // A phone is offered everything at once: who keeps its candidates until the answer must not trickle to it.
      trickle: this.#place.phones === undefined || can('early-candidates'),
      relayOnly: false,
      ...more,
      audio: (more.audio ?? true) && can('audio'),
      video: (more.video ?? true) && can('video'),
      data: (more.data ?? true) && can('data'),
    });
  }

  /** A phone registers under its own name; its media goes as browsers' does, where it can. */
  async #openPhone(player: Player, more: Partial<OpenOptions>): Promise<unknown> {
    const phones = this.#place.phones;
    if (phones === undefined) throw new LabError('broken', 'this topology has no registrar for phones');
    const { capabilities } = player;
    const transport =
      (['udp', 'tcp', 'ws'] as const).find((each) => capabilities.has(`transport:${each}`)) ?? 'udp';
    return player.endpoint.ask('open-sip', {
      server: transport === 'ws' ? (phones.ws ?? '') : phones.server,
      transport,
      domain: phones.domain,
      user: player.name,
      password: await this.#password(player.name),
      mediaAddress: phones.mediaAddress,
      pattern: player.pattern,
      media: capabilities.has('media:ice-dtls') ? 'ice-dtls' : 'rtp',
      audioCodecs: more.audioCodecs ?? [],
    });
  }

  /** Another user of a side's program, registered; close its endpoint when it is done. */
  async another(side: Side, name: string): Promise<Player> {
    const player = {
      ...this.players[side],
      name: `${name}-${this.#label}`,
      endpoint: await this.#another(side, name),
    };
    await this.openOne(player, { video: false });
    return player;
  }

  event(
    side: Side,
    what: string,
    fits: (event: PeerEvent) => boolean,
    timeoutMs = 10_000,
    since = 0,
  ): Promise<PeerEvent> {
    return this.endpoint(side).wait(`${what} (${side})`, fits, timeoutMs, since);
  }

  /** Places the call; it rings at the callee when this is done. */
  async ring(to = this.address(this.players.callee.name)): Promise<void> {
    this.step = 'call';
    await this.endpoint('caller').ask('call', { to });
    this.step = 'ring';
    await this.event('callee', 'incoming call', (event) => event.event === 'incoming');
  }

  /** Places the call, accepts it, and waits until both sides' transports are up. */
  async connect(): Promise<void> {
    await this.ring();
    this.step = 'accept';
    await this.endpoint('callee').ask('accept', {});
    await this.event(
      'caller',
      'accepted call',
      (event) => event.event === 'connected' || event.event === 'ended',
    );
    this.step = 'transport';
    await Promise.all(
      SIDES.map((side) =>
        this.event(
          side,
          'connected transport',
          (event) => event.event === 'ended' || (event.event === 'transport' && event.state === 'connected'),
          15_000,
        ),
      ),
    );
    const impair = this.#impair;
    if (impair !== undefined) await this.endpoint(impair.side).ask('impair', { what: impair.what, on: true });
  }

  /**
   * Records both sides. `until` heard: listens on, window by window, until each hears the other or the time is up; what
   * is judged is the last window.
   */
  async listen(step: string, until: 'heard' | 'once' = 'heard', timeoutMs = HEARING_MS): Promise<void> {
    await Promise.all(
      SIDES.filter((side) => this.can(side, 'audio')).map((side) =>
        this.#listenOn(step, side, until, timeoutMs),
      ),
    );
  }

  async #listenOn(step: string, side: Side, until: 'heard' | 'once', timeoutMs: number): Promise<void> {
    await this.attempt(step, side, async () => {
      const deadline = Date.now() + timeoutMs;
      for (let window = 1; ; window++) {
        const heard = heardSchema.parse(await this.endpoint(side).ask('hear', { ms: WINDOW_MS }));
        const bytes = Buffer.from(heard.pcm, 'base64');
        const pcm = new Int16Array(new Uint8Array(bytes).buffer, 0, bytes.length >> 1);
        const sample = { sampleRate: heard.sampleRate, startedAt: heard.startedAt, pcm };
        if (until === 'once' || this.over || Date.now() > deadline || this.#hearsOnlyFar(side, sample)) {
          this.#keep(step, side, sample, window);
          return;
        }
      }
    });
  }

  #hearsOnlyFar(side: Side, sample: { pcm: Int16Array; sampleRate: number; startedAt: number }): boolean {
    if (sample.pcm.length === 0) return false;
    const far = this.players[otherSide(side)].pattern;
    const own = this.players[side].pattern;
    const { heard } = detectPattern(sample.pcm, sample.sampleRate, {
      startWallClockMs: sample.startedAt,
      candidates: [far, own],
    });
    return heard.some((each) => each.id === far) && !heard.some((each) => each.id === own);
  }

  #keep(step: string, side: Side, sample: Omit<HeardSample, 'file'>, window: number): void {
    const file = `media/${this.#label}-${step}-${side}.wav`;
    writeFileSync(join(this.#folder, file), encodeWav(sample.pcm, sample.sampleRate));
    this.note(step, side, { kind: 'heard', heard: { ...sample, file } });
    if (window > 1) this.note(step, side, { kind: 'done', words: `heard in window ${window}` });
  }

  async watch(step: string, sides: readonly Side[] = SIDES, ms = WINDOW_MS): Promise<void> {
    await Promise.all(
      sides
        .filter((side) => this.can(side, 'video'))
        .map((side) =>
          this.attempt(step, side, async () => {
            const deadline = Date.now() + HEARING_MS;
            for (;;) {
              const watched = watchedSchema.parse(await this.endpoint(side).ask('watch', { ms }));
              const far = this.players[otherSide(side)].pattern;
              const moving =
                new Set(watched.frames.filter((frame) => frame.id === far).map((frame) => frame.frame))
                  .size >= 3;
              if (moving || ms < WINDOW_MS || this.over || Date.now() > deadline) {
                this.note(step, side, { kind: 'watched', watched });
                return;
              }
            }
          }),
        ),
    );
  }

  async echo(step: string): Promise<void> {
    for (const side of SIDES) {
      await this.attempt(step, side, async () => {
        const echoed = echoedSchema.parse(
          await this.endpoint(side).ask('echo', { count: 6, sizes: [16, 100, 1200, 16_384, 65_535] }),
        );
        this.note(step, side, { kind: 'echoed', echoed });
      });
    }
  }

  async stats(step: string): Promise<void> {
    await Promise.all(
      SIDES.map((side) =>
        this.attempt(step, side, async () => {
          this.note(step, side, {
            kind: 'stats',
            stats: statsSchema.parse(await this.endpoint(side).ask('stats', {})),
          });
        }),
      ),
    );
  }

  /** Hangs up on one side, and waits until both know. */
  async end(side: Side): Promise<void> {
    await this.attempt('end', side, async () => {
      await this.endpoint(side).ask('hang-up', {});
      await this.ended();
    });
  }

  async ended(timeoutMs = 8000): Promise<void> {
    await Promise.all(
      SIDES.map((side) =>
        this.attempt('end', side, () =>
          this.event(side, 'end of the call', (event) => event.event === 'ended', timeoutMs),
        ),
      ),
    );
  }
}
