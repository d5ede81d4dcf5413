import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Daemon } from '../sip-phone/daemon.ts';
import { freeMediaPorts } from '../sip-phone/free-port.ts';

export interface SippStart {
  readonly label: string;
  readonly program: string;
  readonly folder: string;
  /** Names its files. */
  readonly name: string;
  /** The scenario's XML. */
  readonly scenario: string;
  /** The address and port of its SIP. */
  readonly address: string;
  readonly port: number;
  /** Where its requests go: `127.0.0.1:5060`. */
  readonly remote: string;
  readonly more: readonly string[];
}

/** Starts one SIPp with a scenario; its messages are kept beside its log. */
export async function startSipp(start: SippStart): Promise<Daemon> {
  const { folder, name } = start;
  const file = join(folder, `${name}.xml`);
  // It holds the password.
  await writeFile(file, start.scenario, { mode: 0o600 });
  return Daemon.start({
    label: start.label,
    program: start.program,
    args: [
      start.remote,
      ...['-sf', file, '-t', 'u1', '-i', start.address, '-p', String(start.port)],
      // It binds media ports even where its scenario has no media.
      ...[
        '-mi',
        start.address,
        '-mp',
        String(await freeMediaPorts(start.address)),
        '-nostdin',
        '-skip_rlimit',
        '-aa',
      ],
      ...['-trace_msg', '-message_file', join(folder, `${name}.messages.log`)],
      ...['-trace_err', '-error_file', join(folder, `${name}.errors.log`)],
      ...start.more,
    ],
    cwd: folder,
    log: join(folder, `${name}.log`),
    env: { TERM: 'dumb' },
  });
}
