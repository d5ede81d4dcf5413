import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PeerError } from '../../peer-error.ts';
import { findProgram } from '../program-path.ts';
import { Daemon } from '../sip-phone/daemon.ts';
import { freeMediaPorts, freePort } from '../sip-phone/free-port.ts';

/** For SIPp to end by itself, in milliseconds. */
const GRACE_MS = 6000;

export interface SippRunOptions {
  /** Where its log and statistics are kept. */
  readonly folder: string;
  /** Names its files. */
  readonly name: string;
  /** One of SIPp's own scenarios, unmodified, or the path of a scenario file. */
  readonly scenario: 'uac' | 'uas' | { readonly file: string };
  /** The address that it binds. */
  readonly address: string;
  readonly port?: number;
  /** Where a caller's requests go: `127.0.0.1:5060`. */
  readonly remote?: string;
  /** The user part that a caller calls; `service` where it is left out. */
  readonly user?: string;
  readonly transport?: 'udp' | 'tcp';
  readonly calls?: number;
  readonly callsPerSecond?: number;
  /** At the same time. */
  readonly limit?: number;
  /** How long each call lasts. */
  readonly callMs?: number;
  /** Gives up after so many seconds. */
  readonly timeoutSeconds?: number;
  /** Further arguments, as SIPp takes them. */
  readonly more?: readonly string[];
}

/** What SIPp counted. */
export interface SippResult {
  /** 0: all calls were right; 1: one failed at least; 97: its time was over; 99: no call. */
  readonly exitCode: number | null;
  readonly successful: number;
  readonly failed: number;
  readonly retransmissions: number;
  /** All of the last line of its statistics, by SIPp's own column names. */
  readonly columns: Readonly<Record<string, string>>;
}

export interface SippRun {
  readonly pid: number;
  readonly port: number;
  /** When it has ended. */
  readonly result: Promise<SippResult>;
  /** Ends it; what was counted so far is the result. */
  stop(): Promise<SippResult>;
}

/**
 * Starts SIPp with a scenario, for load and for bad clients.
 * @throws PeerError where it is not installed or does not start
 */
export async function runSipp(options: SippRunOptions): Promise<SippRun> {
  const program = process.env.CROSSPOINT_SIPP ?? findProgram(['sipp']);
  if (program === undefined) throw new PeerError('failed', 'sipp', 'SIPp is not installed');
  const { folder, name, address, scenario } = options;
  await mkdir(folder, { recursive: true });
  const port = options.port ?? (await freePort(address));
  const optional = (flag: string, value: number | string | undefined): string[] =>
    value === undefined ? [] : [flag, String(value)];
  const daemon = await Daemon.start({
    label: 'sipp',
    program,
    args: [
      ...(options.remote === undefined ? [] : [options.remote]),
      ...(typeof scenario === 'string' ? ['-sn', scenario] : ['-sf', scenario.file]),
      ...['-i', address, '-p', String(port), '-mi', address, '-mp', String(await freeMediaPorts(address))],
      ...['-t', options.transport === 'tcp' ? 't1' : 'u1', '-nostdin', '-skip_rlimit'],
      ...['-trace_stat', '-stf', join(folder, `${name}.csv`), '-fd', '1'],
      ...['-trace_err', '-error_file', join(folder, `${name}.errors.log`)],
      ...optional('-s', options.user),
      ...optional('-m', options.calls),
      ...optional('-r', options.callsPerSecond),
      ...optional('-l', options.limit),
      ...optional('-d', options.callMs),
      ...optional('-timeout', options.timeoutSeconds),
      ...(options.more ?? []),
    ],
    cwd: folder,
    log: join(folder, `${name}.log`),
    env: { TERM: 'dumb' },
  });
  const result = daemon.exited.then(async ({ code }) => toResult(code, await lastStatistics(folder, name)));
  return {
    pid: daemon.pid,
    port,
    result,
    async stop() {
      // At once, SIPp would not count once more.
      if (daemon.ended === undefined) {
        process.kill(daemon.pid, 'SIGUSR1');
        await Promise.race([daemon.exited, new Promise((resolve) => setTimeout(resolve, GRACE_MS))]);
      }
      await daemon.stop();
      return result;
    },
  };
}

async function lastStatistics(folder: string, name: string): Promise<Record<string, string>> {
  const file = (await readdir(folder)).find((each) => each === `${name}.csv`);
  const text = file === undefined ? '' : await readFile(join(folder, file), 'utf8');
  return parseSippStatistics(text);
}

/** The last line of SIPp's statistics (`-trace_stat`), by column. */
export function parseSippStatistics(text: string): Record<string, string> {
  const lines = text.split('\n').filter((line) => line !== '');
  const names = (lines[0] ?? '').split(';');
  const values = (lines.length > 1 ? lines.at(-1)! : '').split(';');
  return Object.fromEntries(
    names.flatMap((column, at) => (column === '' ? [] : [[column, values[at] ?? '']])),
  );
}

function toResult(exitCode: number | null, columns: Record<string, string>): SippResult {
  const count = (column: string): number => Number(columns[column] ?? 0);
  return {
    exitCode,
    successful: count('SuccessfulCall(C)'),
    failed: count('FailedCall(C)'),
    retransmissions: count('Retransmissions(C)'),
    columns,
  };
}
