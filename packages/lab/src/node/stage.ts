import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeWav } from '@crosspoint/media';
import {
  type Endpoint,
  echoedSchema,
  type Impairment,
  PeerError,
  type PeerEvent,
  statsSchema,
} from '@crosspoint/peers';
import { type Observation, otherSide, phoneSideOf, SIDES, type Side } from '../evidence.ts';
import type { AppServer, PhonePlace, Place } from './app-server.ts';
import { LabError } from './lab-error.ts';
import { HEARING_MS, type Listening, listenOn, WINDOW_MS, watchOn } from './listening.ts';
import { addressOf, type OpeningApp, type OpenMore, openPlayer, registrarOf } from './opening.ts';
import type { Player } from './player.ts';
import type { TraceReader } from './trace-reader.ts';

/** What a scenario knows of the topology's app. */
type StageApp = OpeningApp & Pick<AppServer, 'ask'>;

type Fill<T> = T extends unknown ? Omit<T, 'step' | 'at' | 'side'> : never;

/** Where a scenario plays: two players, a web server that is watched, and a notebook. */
export class Stage {
  readonly players: Readonly<Record<Side, Player>>;
  readonly trace: TraceReader;
  readonly observations: Observation[] = [];
  /** What the scenario does now; a fault is laid to it. */
  step = 'start';
  readonly #app: StageApp;
  readonly #transport: 'ws' | 'http';
  readonly #folder: string;
  readonly #label: string;
  readonly #another: (side: Side, label: string) => Promise<Endpoint>;
  readonly #impair: { readonly side: Side; readonly what: Impairment } | undefined;

  constructor(options: {
    players: Readonly<Record<Side, Player>>;
    trace: TraceReader;
    app: StageApp;
    transport: 'ws' | 'http';
    folder: string;
    label: string;
    another: (side: Side, label: string) => Promise<Endpoint>;
    /** A seeded defect of the media: asked for once the call is up. */
    impair?: { readonly side: Side; readonly what: Impairment };
  }) {
    this.players = options.players;
    this.trace = options.trace;
    this.#app = options.app;
    this.#transport = options.transport;
    this.#folder = options.folder;
    this.#label = options.label;
    this.#another = options.another;
    this.#impair = options.impair;
  }

  /** The side that is a phone, in a topology of pages and phones. */
  get phoneSide(): Side {
    return phoneSideOf(this.players);
  }

  get place(): Place {
    return this.#app.place;
  }

  /** Where phones register. @throws LabError in a topology of pages alone */
  get registrar(): PhonePlace {
    return registrarOf(this.place);
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
  async open(more: OpenMore = {}): Promise<void> {
    this.step = 'register';
    await Promise.all(SIDES.map((side) => this.openOne(this.players[side], more)));
  }

  /** How a user of the callee's side is called. */
  address(name: string): string {
    return addressOf(name, this.place, this.players);
  }

  async openOne(player: Player, more: OpenMore = {}): Promise<unknown> {
    return openPlayer(player, this.#app, this.#transport, more);
  }

  /** Another user of a side's program, registered; close its endpoint when it is done. */
  async another(
    side: Side,
    label: string,
    as: Partial<Pick<Player, 'name' | 'pattern'>> = {},
  ): Promise<Player> {
    const player = {
      ...this.players[side],
      name: `${label}-${this.#label}`,
      ...as,
      endpoint: await this.#another(side, label),
    };
    try {
      await this.openOne(player, { video: false });
    } catch (error) {
      await player.endpoint.close();
      throw error;
    }
    return player;
  }

  /** Lets a phone of this name register, which none does. */
  async expectPhone(name: string): Promise<void> {
    await this.#app.phone(name);
  }

  /** Asks something of the app about the call: `refresh`. */
  async askApp(order: string): Promise<Record<string, unknown>> {
    // Registrations have a call of their own in the trace: the one that was placed is meant.
    const call = this.trace.look().find(({ summary }) => summary === 'incoming')?.call;
    if (call === undefined) throw new LabError('broken', 'there is no call in the trace');
    return this.#app.ask(order, call);
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
  async ring(options: { readonly offer?: 'late' } = {}): Promise<void> {
    this.step = 'call';
    const since = this.endpoint('callee').events.length;
    await this.endpoint('caller').ask('call', { to: this.address(this.players.callee.name), ...options });
    this.step = 'ring';
    await this.event('callee', 'incoming call', ({ event }) => event === 'incoming', 10_000, since);
  }

  /** Places the call, accepts it, and waits until both sides' transports are up. */
  async connect(): Promise<void> {
    await this.ring();
    await this.accept();
  }

  /** Accepts the call that rings, and waits until both sides' transports are up. */
  async accept(): Promise<void> {
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
  async listen(
    step: string,
    until: 'heard' | 'once' = 'heard',
    sides: readonly Side[] = SIDES,
    timeoutMs = HEARING_MS,
  ): Promise<void> {
    await Promise.all(
      sides
        .filter((side) => this.can(side, 'audio'))
        .map((side) =>
          this.attempt(step, side, () =>
            this.#listenOn(step, side, this.endpoint(side), {
              over: () => until === 'once' || this.over,
              timeoutMs,
            }),
          ),
        ),
    );
  }

  /** Records one who is, or has come to be, in a call with somebody else than the two. Noted under `side`. */
  async listenBetween(step: string, side: Side, listener: Player, speaker: Player): Promise<void> {
    await this.#listenOn(step, side, listener.endpoint, {
      over: () => false,
      between: { own: listener.pattern, far: speaker.pattern },
    });
  }

  async #listenOn(
    step: string,
    side: Side,
    endpoint: Endpoint,
    options: Omit<Listening, 'between'> & Partial<Listening>,
  ): Promise<void> {
    const own = this.players[side].pattern;
    const far = this.players[otherSide(side)].pattern;
    const { sample, windows } = await listenOn(endpoint, { between: { own, far }, ...options });
    const file = `media/${this.#label}-${step}-${side}.wav`;
    writeFileSync(join(this.#folder, file), encodeWav(sample.pcm, sample.sampleRate));
    const stands = options.between === undefined ? {} : { between: options.between };
    this.note(step, side, { kind: 'heard', heard: { ...sample, file }, ...stands });
    if (windows > 1) this.note(step, side, { kind: 'done', words: `heard in window ${windows}` });
  }

  async watch(step: string, sides: readonly Side[] = SIDES, ms = WINDOW_MS): Promise<void> {
    await Promise.all(
      sides
        .filter((side) => this.can(side, 'video'))
        .map((side) =>
          this.attempt(step, side, async () => {
            const over = (): boolean => ms < WINDOW_MS || this.over;
            const far = this.players[otherSide(side)].pattern;
            const watched = await watchOn(this.endpoint(side), { over, ms, far });
            this.note(step, side, { kind: 'watched', watched });
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
