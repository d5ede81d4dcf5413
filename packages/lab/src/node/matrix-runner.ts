import { mkdirSync, readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { COTURN_INSTALL, findCoturn, startCoturn, type TurnServer } from '@crosspoint/peers/node';
import { type AbsentPeer, type Cell, RUN_SCHEMA_ID, type Run, totalsOf } from '@crosspoint/report';
import { CHECKS, checksOf } from '../checks/checks.ts';
import { type CellPlan, type CellSurroundings, cellId, runCell } from './cell-runner.ts';
import { LabError } from './lab-error.ts';
import { currentNetwork } from './network.ts';
import { type FoundPeer, peerRecord } from './peer-finder.ts';
import { type ProxyChoice, playedTopologies } from './played-topologies.ts';
import { PROJECT_ROOT } from './project-root.ts';
import { SCENARIOS } from './scenarios/scenarios.ts';
import { Started } from './stopping.ts';

export const TRANSPORTS = ['ws', 'http'] as const;
export type Transport = (typeof TRANSPORTS)[number];

export interface MatrixOptions {
  readonly id: string;
  readonly folder: string;
  readonly command: string;
  readonly peers: readonly FoundPeer[];
  readonly absent: readonly AbsentPeer[];
  /** How pages signal; where it is not asked for: both ways in the triangle, whose protocol it is, and `ws` elsewhere. */
  readonly transports?: readonly Transport[] | undefined;
  /** Only these topologies; all that are played, else. */
  readonly topologies?: readonly string[];
  /** Only with these SIP proxies, where a topology can have some. */
  readonly proxies?: readonly ProxyChoice[];
  /** Only these cells, by id. */
  readonly cells?: readonly string[];
  /** Only these checks. */
  readonly checks?: readonly string[];
  /** Folders of outside peers, as the command that runs a cell again needs them. */
  readonly folders?: readonly string[];
  /** How many cells run at once. */
  readonly parallel: number;
  readonly onCell?: (cell: Cell, done: number, all: number) => void;
  readonly onStep?: CellSurroundings['onStep'];
  readonly abort?: AbortSignal;
}

/** Every ordered pair of the peers over each transport. */
export function plansFor(
  options: Pick<
    MatrixOptions,
    'peers' | 'transports' | 'topologies' | 'proxies' | 'cells' | 'checks' | 'folders'
  >,
): CellPlan[] {
  for (const id of options.checks ?? []) {
    if (!CHECKS.some((check) => check.id === id)) {
      throw new LabError(
        'usage',
        `there is no check ${id}; known: ${CHECKS.map((check) => check.id).join(', ')}`,
      );
    }
  }
  const plans = playedTopologies(options).flatMap((topology) =>
    transportsOf(options, topology.topology).flatMap((transport) =>
      options.peers.flatMap((caller) =>
        options.peers
          .filter((callee) => topology.pairs(caller.manifest, callee.manifest))
          .map((callee) => ({
            topology: topology.id,
            transport,
            drivers: { caller: caller.driver, callee: callee.driver },
            manifests: { caller: caller.manifest, callee: callee.manifest },
            checks: checksOf(topology.id).filter(
              (check) => options.checks === undefined || options.checks.includes(check.id),
            ),
            scenarios: SCENARIOS,
            rerunWith: (options.folders ?? []).map((folder) => ` --peer ${folder}`).join(''),
          })),
      ),
    ),
  );
  const wanted = plans.filter((plan) => options.cells === undefined || options.cells.includes(cellId(plan)));
  const unknown = options.cells?.find((id) => !plans.some((plan) => cellId(plan) === id));
  if (unknown !== undefined)
    throw new LabError('usage', `there is no cell ${unknown} with the peers that are here`);
  return wanted.map((plan, at) => ({
    ...plan,
    patterns: { caller: (at * 2) % 32, callee: (at * 2 + 1) % 32 },
  }));
}

function transportsOf(
  { transports, cells }: Pick<MatrixOptions, 'transports' | 'cells'>,
  topology: string,
): readonly Transport[] {
  // Whoever names cells names their transports with them.
  if (transports !== undefined) return transports;
  return topology === 'triangle' || cells !== undefined ? TRANSPORTS : ['ws'];
}

/** Runs the matrix, `parallel` cells at a time. Always gives a run, whatever happens to its cells. */
export async function runMatrix(options: MatrixOptions): Promise<Run> {
  const startedAt = new Date();
  const network = currentNetwork();
  const plans = plansFor(options);
  mkdirSync(options.folder, { recursive: true });
  const started = new Started();
  const cells: (Cell | undefined)[] = plans.map(() => undefined);
  let next = 0;
  let done = 0;
  const aborted = (): boolean => options.abort?.aborted === true;
  const stopAll = (): void => void started.stopAll();
  options.abort?.addEventListener('abort', stopAll);
  const worker = async (): Promise<void> => {
    while (next < plans.length && !aborted()) {
      const at = next++;
      const plan = plans[at]!;
      const turnFolder = join(
        options.folder,
        plan.topology,
        `${plan.manifests.caller.id}--${plan.manifests.callee.id}-${plan.transport}`,
        'peers',
      );
      const cell = await runCell(plan, {
        runFolder: options.folder,
        address: network.address,
        started,
        aborted,
        turn: () => turnServer(network.address, turnFolder, started),
        ...(options.onStep !== undefined ? { onStep: options.onStep } : {}),
      });
      cells[at] = cell;
      if (!aborted()) options.onCell?.(cell, ++done, plans.length);
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.max(1, Math.min(options.parallel, plans.length)) }, worker));
  } finally {
    options.abort?.removeEventListener('abort', stopAll);
    await started.stopAll();
  }
  const finished = cells.filter((cell) => cell !== undefined);
  return {
    schema: RUN_SCHEMA_ID,
    id: options.id,
    startedAt: startedAt.toISOString(),
    durationMs: Date.now() - startedAt.getTime(),
    command: options.command,
    crosspoint: version(),
    host: {
      node: process.version,
      platform: `${process.platform} ${process.arch}`,
      cores: cpus().length,
      network,
    },
    peers: options.peers.map(peerRecord),
    absent: [...options.absent],
    cells: finished,
    totals: totalsOf({ cells: finished }),
    ...(aborted() ? { interrupted: true } : {}),
  };
}

async function turnServer(address: string, folder: string, started: Started): Promise<TurnServer | string> {
  if (findCoturn() === undefined) return `no turnserver program on the path; ${COTURN_INSTALL}`;
  return started.add(await startCoturn(address, folder));
}

function version(): string {
  return (JSON.parse(readFileSync(join(PROJECT_ROOT, 'package.json'), 'utf8')) as { version: string })
    .version;
}
