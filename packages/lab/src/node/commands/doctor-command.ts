import { spawn } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { Command } from 'commander';
import { PROJECT_ROOT } from '../project-root.ts';
import {
  type Fact,
  installCommand,
  isReady,
  networkFact,
  nodeFact,
  peerFact,
  writeFacts,
} from './doctor-facts.ts';
import type { ListedPeer } from './peer-listing.ts';

/** Where a scenario's page is, unless told. */
const PAGE_PORT = 8080;

export function doctorCommand(program: Command): void {
  program
    .command('doctor')
    .description('what is installed, what is missing, and the one command that installs it')
    .option('--json', 'print what was found as JSON')
    .action(async (options: { readonly json?: boolean }) => {
      const facts = [
        nodeFact(process.version, engines()),
        ...builtFacts(),
        runsFact(),
        await portFact(PAGE_PORT),
        ...(await peerFacts()),
      ];
      const ok = isReady(facts);
      const install = installCommand(facts);
      process.stdout.write(
        options.json === true
          ? `${JSON.stringify({ ok, ...(install === undefined ? {} : { install }), facts }, null, 2)}\n`
          : writeFacts(facts),
      );
      process.exitCode = ok ? 0 : 3;
    });
}

function engines(): string {
  const manifest = JSON.parse(readFileSync(join(PROJECT_ROOT, 'package.json'), 'utf8')) as {
    engines: { node: string };
  };
  return manifest.engines.node;
}

/** Pages are built by `npm start` itself; here it is said whether they are there now. */
function builtFacts(): Fact[] {
  const page = { what: 'page of the apps', file: join('packages', 'web-phone', 'dist', 'index.html') };
  const report = { what: 'page of the report', file: join('packages', 'ui', 'dist', 'report.js') };
  return [page, report].map(({ what, file }) =>
    existsSync(join(PROJECT_ROOT, file))
      ? { what, state: 'good', words: `built: ${file}` }
      : { what, state: 'note', words: `not built yet; npm start does so: ${file}`, fix: 'npm run build' },
  );
}

function runsFact(): Fact {
  const runs = join(PROJECT_ROOT, 'runs');
  const folder = existsSync(runs) ? runs : PROJECT_ROOT;
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return { what: 'runs', state: 'good', words: `kept in ${runs}` };
  } catch {
    return {
      what: 'runs',
      state: 'missing',
      words: `${folder} cannot be written`,
      fix: `chown -R $USER ${folder}`,
    };
  }
}

function portFact(port: number): Promise<Fact> {
  const what = `port ${port}`;
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () =>
      resolve({ what, state: 'note', words: 'taken: a scenario needs another, with --port' }),
    );
    server.listen(port, '127.0.0.1', () =>
      server.close(() => resolve({ what, state: 'good', words: 'free for the page of a scenario' })),
    );
  });
}

/** The peers as the matrix will find them: asked in the lab's own network, which this process is not in. */
async function peerFacts(): Promise<Fact[]> {
  const child = spawn(process.execPath, [...process.execArgv, process.argv[1]!, 'peers', '--json'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const stop = (signal: NodeJS.Signals): void => void child.kill(signal);
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  const said = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const)
    child[stream].setEncoding('utf8').on('data', (chunk: string) => {
      said[stream] += chunk;
    });
  const status = await new Promise<number | null>((resolve) => {
    child.once('error', () => resolve(null));
    child.once('close', resolve);
  });
  process.off('SIGINT', stop);
  process.off('SIGTERM', stop);
  if (status !== 0) {
    const why = said.stderr.trim().split('\n')[0] || `status ${status}`;
    return [{ what: 'peers', state: 'missing', words: `they could not be looked for: ${why}` }];
  }
  const { network, peers } = JSON.parse(said.stdout) as {
    network: { kind: string; words: string };
    peers: ListedPeer[];
  };
  return [networkFact(network), ...peers.map(peerFact)];
}
