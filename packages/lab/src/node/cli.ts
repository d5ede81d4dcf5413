import { Command, CommanderError } from 'commander';
import { compareCommand } from './commands/compare-command.ts';
import { diffCommand } from './commands/diff-command.ts';
import { doctorCommand } from './commands/doctor-command.ts';
import { explainCommand } from './commands/explain-command.ts';
import { jingleCommand } from './commands/jingle-command.ts';
import { matrixCommand } from './commands/matrix-command.ts';
import { peersCommand } from './commands/peers-command.ts';
import { proveCommand } from './commands/prove-command.ts';
import { replayCommand } from './commands/replay-command.ts';
import { scenarioCommand } from './commands/scenario-command.ts';
import { sdpCommand } from './commands/sdp-command.ts';
import { sipCommand } from './commands/sip-command.ts';
import { LabError } from './lab-error.ts';
import { enterNetwork } from './network.ts';

/** Commands that start peers, and so run in the lab's own network. */
const IN_NETWORK = new Set(['matrix', 'prove', 'compare', 'peers']);

/** The lab's command line. Exit status: 0 as expected, 1 a check failed, 2 bad usage, 3 something was broken. */
export async function main(argv: readonly string[]): Promise<number> {
  const program = new Command('lab')
    .description('Crosspoint: an interop lab for WebRTC')
    .exitOverride()
    .showHelpAfterError('(--help tells more)')
    // One line, whatever it consists of: commander puts its guesses and the words above on lines of their own.
    .configureOutput({ outputError: (text, write) => write(`${text.trim().replace(/\s*\n\s*/g, ' ')} `) });
  matrixCommand(program);
  proveCommand(program);
  compareCommand(program);
  scenarioCommand(program);
  explainCommand(program);
  replayCommand(program);
  diffCommand(program);
  doctorCommand(program);
  peersCommand(program);
  sdpCommand(program);
  sipCommand(program);
  jingleCommand(program);
  try {
    const helps = argv.some((arg) => arg === '--help' || arg === '-h');
    if (!helps && IN_NETWORK.has(argv[0] ?? '')) {
      const status = await enterNetwork();
      if (status !== undefined) return status;
    }
    await program.parseAsync([...argv], { from: 'user' });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (error instanceof LabError) {
      process.stderr.write(`error: ${error.message}\n`);
      return error.code === 'usage' ? 2 : 3;
    }
    process.stderr.write(
      `broken: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
    return 3;
  }
}
