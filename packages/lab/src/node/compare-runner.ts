import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { PeerError, type PeerStats } from '@crosspoint/peers';
import type { TraceEntry } from '@crosspoint/signaling';
import { topologyById } from '@crosspoint/topology';
import {
  COMPARISON_SCHEMA,
  type ComparedCall,
  type ComparedPeer,
  type ComparedTopology,
  type Comparison,
  summaryOf,
} from '../compare/comparison.ts';
import { callIn, measureCall } from '../compare/measured-call.ts';
import type { Side } from '../evidence.ts';
import { AppServer } from './app-server.ts';
import { Cast } from './cast.ts';
import { EndpointView } from './endpoint-view.ts';
import { LabError } from './lab-error.ts';
import { currentNetwork } from './network.ts';
import type { FoundPeer } from './peer-finder.ts';
import type { Player } from './player.ts';
import { Stage } from './stage.ts';
import { Started } from './stopping.ts';
import { playTimedCall } from './timed-call.ts';
import { TraceReader } from './trace-reader.ts';

/** A topology to compare, and who calls whom in it. */
export interface ComparePlan {
  readonly topology: string;
  readonly caller: FoundPeer;
  readonly callee: FoundPeer;
}

export interface CompareOptions {
  readonly id: string;
  readonly folder: string;
  readonly command: string;
  readonly transport: 'ws' | 'http';
  readonly rounds: number;
  readonly plans: readonly ComparePlan[];
  readonly absent: Comparison['absent'];
  readonly onCall?: (plan: ComparePlan, call: ComparedCall) => void;
  readonly abort?: AbortSignal;
}

const NO_ANSWER_MS = 20_000;

/**
 * The same call over each topology, round by round: each round begins with another topology, so that what changes on the
 * machine meanwhile meets all of them alike. One round before the first warms up.
 * @throws LabError where a topology's app does not start
 */
export async function runComparison(options: CompareOptions): Promise<Comparison> {
  const startedAt = new Date();
  const started = new Started();
  const casts = new Map<string, Cast>();
  const aborted = (): boolean => options.abort?.aborted === true;
  const stopAll = (): void => void started.stopAll();
  options.abort?.addEventListener('abort', stopAll);
  const venues: Venue[] = [];
  try {
    for (const plan of options.plans) {
      const pair = `${plan.caller.manifest.id}--${plan.callee.manifest.id}`;
      const drivers = { caller: plan.caller.driver, callee: plan.callee.driver };
      const cast = casts.get(pair) ?? new Cast(drivers, join(options.folder, pair), started);
      casts.set(pair, cast);
      if (!aborted()) venues.push(await Venue.open(plan, options, cast, started));
    }
    for (let round = 0; round <= options.rounds; round++) {
      const first = round % Math.max(1, venues.length);
      for (const venue of [...venues.slice(first), ...venues.slice(0, first)]) {
        if (aborted()) break;
        const call = await venue.play(round);
        if (!aborted()) options.onCall?.(venue.plan, call);
      }
    }
    await Promise.all([...casts.values()].map((cast) => cast.stop()));
  } finally {
    options.abort?.removeEventListener('abort', stopAll);
    await started.stopAll();
  }
  const network = currentNetwork();
  return {
    schema: COMPARISON_SCHEMA,
    id: options.id,
    startedAt: startedAt.toISOString(),
    durationMs: Date.now() - startedAt.getTime(),
    command: options.command,
    transport: options.transport,
    rounds: options.rounds,
    network: `${network.words}, at ${network.address}`,
    // Only now that the apps have ended is the last message of each call in its trace.
    topologies: venues.map((venue) => venue.compared()),
    absent: options.absent,
    ...(aborted() ? { interrupted: true } : {}),
  };
}

interface PlayedCall {
  readonly call: ComparedCall;
  readonly traced?: string;
  readonly stats: Readonly<Partial<Record<Side, PeerStats>>>;
}

/** A topology's app, kept over the rounds, and the calls that were made in it. */
class Venue {
  readonly plan: ComparePlan;
  readonly #options: CompareOptions;
  readonly #folder: string;
  readonly #app: AppServer;
  readonly #trace: TraceReader;
  readonly #cast: Cast;
  readonly #entries: TraceEntry[] = [];
  readonly #played: PlayedCall[] = [];

  private constructor(
    plan: ComparePlan,
    options: CompareOptions,
    folder: string,
    app: AppServer,
    cast: Cast,
  ) {
    this.plan = plan;
    this.#options = options;
    this.#folder = folder;
    this.#app = app;
    this.#trace = new TraceReader(app.traceFile);
    this.#cast = cast;
  }

  static async open(
    plan: ComparePlan,
    options: CompareOptions,
    cast: Cast,
    started: Started,
  ): Promise<Venue> {
    const { topology } = plan;
    const folder = join(options.folder, topology);
    mkdirSync(folder, { recursive: true });
    const { transport } = options;
    const app = await AppServer.start({ topology, folder, transport, noAnswerMs: NO_ANSWER_MS });
    return new Venue(plan, options, folder, started.add(app), cast);
  }

  async play(round: number): Promise<ComparedCall> {
    const startedAt = new Date();
    let stage: Stage | undefined;
    let call: ComparedCall;
    let stats: PlayedCall['stats'] = {};
    this.#take();
    try {
      if (this.#app.ended !== undefined)
        throw new LabError('broken', `the lab's own server had ended (${this.#app.ended})`);
      stage = await this.#stage(round);
      const timed = await playTimedCall(stage);
      stats = timed.stats;
      call = { round, outcome: 'done', startedAt: startedAt.toISOString(), times: timed.times };
    } catch (error) {
      const words = error instanceof Error ? error.message : String(error);
      call = {
        round,
        outcome: this.#isPeers(error, stage) ? 'failed' : 'broken',
        words: `${stage?.step ?? 'start'}: ${words}`,
        startedAt: startedAt.toISOString(),
      };
    }
    await this.#cast.reset(call.outcome !== 'done');
    const traced = callIn(this.#take());
    this.#played.push({ call, stats, ...(traced === undefined ? {} : { traced }) });
    return call;
  }

  /** A program that never started, or a reply outside the contract, is the lab's own fault. */
  #isPeers(error: unknown, stage: Stage | undefined): boolean {
    return (
      error instanceof PeerError &&
      stage !== undefined &&
      error.code !== 'contract' &&
      this.#app.ended === undefined
    );
  }

  async #stage(round: number): Promise<Stage> {
    const endpoints = await this.#cast.endpoints();
    const label = `round-${round}`;
    const player = (side: Side): Player => {
      const { id, joins, capabilities } = this.plan[side].manifest;
      return {
        side,
        endpoint: new EndpointView(endpoints[side]),
        peer: id,
        joins,
        name: `${side}-${label}`,
        // Others in each round: sound that is left over from the one before must not count.
        pattern: (round * 2 + (side === 'caller' ? 0 : 1)) % 32,
        capabilities: new Set(capabilities),
      };
    };
    return new Stage({
      players: { caller: player('caller'), callee: player('callee') },
      trace: this.#trace,
      transport: this.#options.transport,
      folder: this.#folder,
      label,
      app: this.#app,
      another: (side, another) => this.#cast.another(side, another),
    });
  }

  #take(): TraceEntry[] {
    const entries = this.#trace.take();
    this.#entries.push(...entries);
    return entries;
  }

  /** Its calls, measured from the whole trace. */
  compared(): ComparedTopology {
    this.#take();
    const { topology, caller, callee } = this.plan;
    const value = topologyById(topology)!;
    const phone = (['caller', 'callee'] as const).find((side) => this.plan[side].manifest.joins !== 'web');
    const calls = this.#played.map(({ call, traced, stats }) => {
      if (call.outcome !== 'done') return call;
      const trace = this.#entries.filter((entry) => traced !== undefined && entry.call === traced);
      return { ...call, ...measureCall(value, trace, stats, phone) };
    });
    const summary = summaryOf(calls);
    return {
      topology,
      title: value.title,
      caller: recordOf(caller),
      callee: recordOf(callee),
      calls,
      ...(summary === undefined ? {} : { summary }),
    };
  }
}

function recordOf({ manifest: { id, name, version } }: FoundPeer): ComparedPeer {
  return { id, name, version };
}
