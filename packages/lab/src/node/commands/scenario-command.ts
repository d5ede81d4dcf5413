import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Command } from 'commander';
import { LabError } from '../lab-error.ts';
import { PROJECT_ROOT } from '../project-root.ts';

const APPS = join(PROJECT_ROOT, 'apps');

export function scenarioCommand(program: Command): void {
  const command = program
    .command('scenario')
    .description(
      "start a topology's app and print its page's address; --help after the topology lists its options",
    )
    .usage('<topology> [options of its app]')
    .argument('<topology>', `which way to connect: ${topologies(APPS).join(', ')}`)
    .argument('[args...]', 'handed to the app as they are')
    // What comes behind the topology is the app's own, its --help included.
    .allowUnknownOption()
    .helpOption(false);
  command.action(async (topology: string, args: string[]) => {
    if (topology === '--help' || topology === '-h') command.outputHelp();
    else process.exitCode = await startApp(topology, args);
  });
}

/** The topologies that have an app. */
export function topologies(apps: string): string[] {
  return existsSync(apps)
    ? readdirSync(apps)
        .filter((name) => existsSync(join(apps, name, 'src', 'main.ts')))
        .sort()
    : [];
}

async function startApp(topology: string, args: readonly string[]): Promise<number> {
  const known = topologies(APPS);
  if (!known.includes(topology))
    throw new LabError('usage', `there is no topology ${topology}; known: ${known.join(', ')}`);
  // Found from here: `--import tsx` would look in the folder that this was called from.
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
  const main = join(APPS, topology, 'src', 'main.ts');
  const child = spawn(process.execPath, ['--import', tsx, main, ...args], { stdio: 'inherit' });
  const forward = (signal: NodeJS.Signals): void => {
    child.kill(signal);
  };
  // A terminal sends its Ctrl-C to both; from elsewhere a signal comes to this process only. Twice does no harm.
  process.on('SIGINT', forward);
  process.on('SIGTERM', forward);
  return new Promise((resolve, reject) => {
    child.once('error', (error) =>
      reject(new LabError('broken', `the app does not start: ${error.message}`)),
    );
    child.once('exit', (code) => resolve(code ?? 3));
  });
}
