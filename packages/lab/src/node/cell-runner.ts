import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Driver, Impairment, PeerManifest } from '@crosspoint/peers';
import { PeerError } from '@crosspoint/peers';
import type { TurnServer } from '@crosspoint/peers/node';
import type { CallRecord, Cell, CheckResult } from '@crosspoint/report';
import { type Check, neededOf } from '../checks/check.ts';
import { type Evidence, type Fault, SIDES, type Side } from '../evidence.ts';
import { brokenCheck, judgeCheck, unsupportedCheck } from '../judge-cell.ts';
import { wireDescriptions } from '../wire-descriptions.ts';
import { AppServer } from './app-server.ts';
import { callRecord } from './call-record.ts';
import { Cast } from './cast.ts';
import { EndpointView } from './endpoint-view.ts';
import { writeEvidence } from './evidence-file.ts';
import { LabError } from './lab-error.ts';
import type { Player } from './player.ts';
import type { Scenario } from './scenarios/scenario.ts';
import { Stage } from './stage.ts';
import type { Started } from './stopping.ts';
import { TraceReader } from './trace-reader.ts';

export interface CellPlan {
  readonly topology: string;
  readonly transport: 'ws' | 'http';
  readonly drivers: Readonly<Record<Side, Driver>>;
  readonly manifests: Readonly<Record<Side, PeerManifest>>;
  readonly checks: readonly Check[];
  readonly scenarios: readonly Scenario[];
  /** What the command that runs it again needs besides: ` --peer ./my-peer`. */
  readonly rerunWith?: string;
  /** Distinct patterns for each cell, so that sound from another call would be noticed. */
  readonly patterns: Readonly<Record<Side, number>>;
  /** Seeded into every call of the cell, in place of a scenario's own. */
  readonly defect?: {
    readonly id: string;
    readonly impair?: { readonly side: Side; readonly what: Impairment };
  };
}

export interface CellSurroundings {
  /** The run's folder. */
  readonly runFolder: string;
  readonly address: string;
  /** The TURN server of this cell: started when first needed; why there is none, else. */
  readonly turn: () => Promise<TurnServer | string>;
  readonly started: Started;
  /** Told what is being done, for tests that interfere. */
  readonly onStep?: (
    cell: string,
    scenario: string,
    stage: Stage,
    inner: { app: AppServer; cast: Cast; turn: TurnServer | undefined },
  ) => void;
  readonly aborted: () => boolean;
}

/** Long enough for ringing and answering on a busy machine; short enough to wait for it. */
const NO_ANSWER_MS = 6000;
const SCENARIO_MS = 120_000;

export function cellId(plan: Pick<CellPlan, 'topology' | 'transport' | 'manifests'>): string {
  return `${plan.topology}/${plan.transport}/${plan.manifests.caller.id}--${plan.manifests.callee.id}`;
}

/** Runs one cell: every scenario that a declared check needs, one call each, and judges every check. Never throws. */
export async function runCell(plan: CellPlan, around: CellSurroundings): Promise<Cell> {
  return new CellRunner(plan, around).run();
}

class CellRunner {
  readonly #plan: CellPlan;
  readonly #around: CellSurroundings;
  readonly #id: string;
  readonly #folder: string;
  readonly #cast: Cast;
  readonly #results = new Map<string, CheckResult>();
  readonly #calls: CallRecord[] = [];
  #app: AppServer | undefined;
  #trace: TraceReader | undefined;
  #turn: TurnServer | string | undefined;
  #seeded: string | undefined;
  #knowsTurn = false;

  constructor(plan: CellPlan, around: CellSurroundings) {
    this.#plan = plan;
    this.#around = around;
    this.#id = cellId(plan);
    this.#folder = join(
      plan.topology,
      `${plan.manifests.caller.id}--${plan.manifests.callee.id}-${plan.transport}`,
    );
    for (const sub of ['media', 'sdp', 'evidence']) mkdirSync(join(this.#path, sub), { recursive: true });
    this.#cast = new Cast(plan.drivers, this.#path, around.started);
  }

  get #path(): string {
    return join(this.#around.runFolder, this.#folder);
  }

  async run(): Promise<Cell> {
    const startedAt = new Date();
    try {
      for (const scenario of this.#plan.scenarios) {
        if (this.#around.aborted()) break;
        const checks = await this.#declared(
          this.#plan.checks.filter((check) => check.scenario === scenario.id),
        );
        if (checks.length > 0) await this.#playAndJudge(scenario, checks);
      }
    } catch (error) {
      for (const check of this.#plan.checks) {
        if (!this.#results.has(check.id)) this.#results.set(check.id, brokenCheck(check, wordsOf(error)));
      }
    } finally {
      await this.#cast.stop();
      if (this.#app !== undefined) await this.#around.started.stop(this.#app);
      if (typeof this.#turn === 'object') await this.#around.started.stop(this.#turn);
    }
    const { caller, callee } = this.#plan.manifests;
    const cell: Cell = {
      id: this.#id,
      topology: this.#plan.topology,
      transport: this.#plan.transport,
      caller: caller.id,
      callee: callee.id,
      startedAt: startedAt.toISOString(),
      durationMs: Date.now() - startedAt.getTime(),
      folder: this.#folder,
      rerun: `npm run lab -- matrix --cell ${this.#id}${this.#plan.rerunWith ?? ''}`,
      results: this.#plan.checks.flatMap((check) => this.#results.get(check.id) ?? []),
      calls: this.#calls,
    };
    writeFileSync(join(this.#path, 'cell.json'), `${JSON.stringify(cell, null, 1)}\n`);
    return cell;
  }

  /** The checks that both sides declare; the others get their verdict, with what proves it. */
  async #declared(checks: readonly Check[]): Promise<Check[]> {
    const declared: Check[] = [];
    for (const check of checks) {
      const missing = SIDES.flatMap((side) =>
        neededOf(check, side, this.#plan.manifests[side].joins)
          .filter((each) => !this.#plan.manifests[side].capabilities.includes(each))
          .map((capability) => ({ side, capability })),
      )[0];
      if (missing === undefined) declared.push(check);
      else {
        const { side, capability } = missing;
        const proof = await this.#cast.proof(side, capability, (await this.#started()).place.url[side]);
        this.#results.set(
          check.id,
          unsupportedCheck(
            check,
            `${this.#plan.manifests[side].name} does not declare ${capability}`,
            proof.words,
          ),
        );
      }
    }
    return declared;
  }

  async #playAndJudge(scenario: Scenario, checks: readonly Check[]): Promise<void> {
    if (scenario.turn === true) {
      this.#turn ??= await this.#around.turn();
      if (typeof this.#turn === 'string') {
        const why = this.#turn;
        for (const check of checks)
          this.#results.set(
            check.id,
            unsupportedCheck(check, 'there is no TURN server to relay through', why),
          );
        return;
      }
    }
    const evidence = await this.#play(scenario);
    writeEvidence(this.#path, evidence);
    this.#keepTexts(evidence);
    this.#calls.push(callRecord(evidence));
    for (const check of checks) this.#results.set(check.id, judgeCheck(check, evidence));
  }

  /** The app, as it is or started plainly. */
  async #started(): Promise<AppServer> {
    return this.#app !== undefined && this.#app.ended === undefined ? this.#app : this.#startApp();
  }

  async #startApp(): Promise<AppServer> {
    this.#knowsTurn = typeof this.#turn === 'object';
    this.#app = this.#around.started.add(
      await AppServer.start({
        topology: this.#plan.topology,
        folder: this.#path,
        transport: this.#plan.transport,
        noAnswerMs: NO_ANSWER_MS,
        ...(typeof this.#turn === 'object'
          ? { turn: { url: this.#turn.url, secret: this.#turn.secret } }
          : {}),
      }),
    );
    this.#trace = new TraceReader(this.#app.traceFile);
    this.#seeded = undefined;
    return this.#app;
  }

  async #ready(scenario: Scenario): Promise<AppServer> {
    // The TURN server's secret is given to the app at its start, so the app starts after it.
    const needsTurn = scenario.turn === true && typeof this.#turn === 'object';
    if (this.#app?.ended !== undefined) this.#app = undefined;
    if (this.#app !== undefined && needsTurn && !this.#knowsTurn) {
      await this.#around.started.stop(this.#app);
      this.#app = undefined;
    }
    const app = await this.#started();
    const defect = this.#plan.defect?.id ?? scenario.defect;
    if (defect !== this.#seeded) {
      await app.seed(defect);
      this.#seeded = defect;
    }
    return app;
  }

  async #play(scenario: Scenario): Promise<Evidence> {
    const startedAtMs = Date.now();
    const { manifests, patterns, transport } = this.#plan;
    const call = scenario.id;
    let stage: Stage | undefined;
    let fault: Fault | undefined;
    let views: Readonly<Record<Side, EndpointView>> | undefined;
    try {
      const app = await this.#ready(scenario);
      this.#trace!.take();
      const endpoints = await this.#cast.endpoints();
      views = { caller: new EndpointView(endpoints.caller), callee: new EndpointView(endpoints.callee) };
      const player = (side: Side): Player => ({
        side,
        endpoint: views![side],
        peer: manifests[side].id,
        joins: manifests[side].joins,
        name: `${side}-${scenario.id}`,
        pattern: patterns[side],
        capabilities: new Set(manifests[side].capabilities),
      });
      stage = new Stage({
        players: { caller: player('caller'), callee: player('callee') },
        trace: this.#trace!,
        transport,
        folder: this.#path,
        label: scenario.id,
        app,
        another: (side, label) => this.#cast.another(side, label),
        ...(this.#plan.defect?.impair !== undefined ? { impair: this.#plan.defect.impair } : {}),
      });
      const turn = typeof this.#turn === 'object' ? this.#turn : undefined;
      this.#around.onStep?.(this.#id, scenario.id, stage, { app, cast: this.#cast, turn });
      await inTime(scenario.play(stage), [
        app.exited,
        ...(scenario.turn === true && turn !== undefined ? [turn.exited] : []),
      ]);
    } catch (error) {
      fault = this.#faultOf(error, stage);
    }
    const trace = this.#trace?.take() ?? [];
    const side = (each: Side): Evidence['caller'] => ({
      peer: manifests[each].id,
      joins: manifests[each].joins,
      name: `${each}-${scenario.id}`,
      pattern: patterns[each],
      events: views?.[each].events ?? [],
    });
    const defect = this.#plan.defect?.id ?? scenario.defect;
    const evidence: Evidence = {
      call,
      scenario: scenario.id,
      transport,
      startedAtMs,
      durationMs: Date.now() - startedAtMs,
      caller: side('caller'),
      callee: side('callee'),
      trace: trace.filter((entry) => entry.call !== undefined || entry.summary === 'refused'),
      observations: stage?.observations ?? [],
      ...(fault !== undefined ? { fault } : {}),
      ...(defect !== undefined ? { defect } : {}),
    };
    await this.#cast.reset(fault !== undefined);
    return evidence;
  }

  /** Whose fault it is that a scenario broke off. */
  #faultOf(error: unknown, stage: Stage | undefined): Fault {
    const step = stage?.step ?? 'start';
    if (this.#app?.ended !== undefined) {
      return { kind: 'server-died', step, words: `the lab's own web server ended (${this.#app.ended})` };
    }
    if (typeof this.#turn === 'object' && this.#turn.ended !== undefined) {
      const words = `the TURN server ended (${this.#turn.ended})`;
      this.#turn = undefined;
      return { kind: 'turn-died', step, words: `${words}; ${wordsOf(error)}` };
    }
    if (error instanceof PeerError) {
      const side = SIDES.find((each) => error.peer.endsWith(`(${each})`));
      // A program that never started is the lab's fault, or this machine's; one that ends in a call is the peer's.
      const kind =
        stage === undefined
          ? 'lab'
          : error.code === 'died'
            ? 'peer-died'
            : error.code === 'contract'
              ? 'lab'
              : 'peer';
      return { kind, step, words: error.message, ...(side !== undefined ? { side } : {}) };
    }
    return { kind: 'lab', step, words: wordsOf(error) };
  }

  #keepTexts(evidence: Evidence): void {
    const lines = evidence.trace.map((entry) => `${JSON.stringify(entry)}\n`).join('');
    writeFileSync(join(this.#path, 'trace.jsonl'), lines, { flag: 'a' });
    for (const wire of wireDescriptions(evidence)) {
      writeFileSync(join(this.#path, 'sdp', `${evidence.scenario}-${wire.name}.sdp`), wire.text);
    }
    const stats = evidence.observations.filter((each) => each.kind === 'stats');
    if (stats.length > 0) {
      writeFileSync(
        join(this.#path, 'stats.json'),
        `${JSON.stringify({ scenario: evidence.scenario, stats })}\n`,
        { flag: 'a' },
      );
    }
  }
}

/** Waits for a scenario; not past its time, and not past the end of a server that it needs. */
function inTime(playing: Promise<void>, ends: readonly Promise<void>[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const late = new LabError('broken', `not done within ${SCENARIO_MS / 1000} s`);
    const timer = setTimeout(() => reject(late), SCENARIO_MS);
    for (const end of ends) void end.then(() => reject(new LabError('broken', 'a server of the lab ended')));
    playing.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
