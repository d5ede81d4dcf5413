import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

// Plain JavaScript and Node's own modules only: this runs before anything is installed.
export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const { packageManager } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));

/** Nothing of the build tools reports anywhere. */
export const QUIET = {
  TURBO_TELEMETRY_DISABLED: '1',
  DO_NOT_TRACK: '1',
  npm_config_update_notifier: 'false',
};

/** Runs a program with this terminal; ends this process with its status if it fails. */
export function run(program, args, options = {}) {
  const done = spawnSync(program, args, {
    cwd: ROOT,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...QUIET },
    ...options,
  });
  if (done.error) {
    process.stderr.write(`error: ${program} could not be started: ${done.error.message}\n`);
    process.exit(3);
  }
  return done.status ?? 3;
}

function must(program, args, words) {
  // A quiet step speaks only when it fails.
  const done = spawnSync(program, args, {
    cwd: ROOT,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...QUIET },
  });
  if (done.status === 0) return;
  process.stderr.write(`${done.stdout ?? ''}${done.stderr ?? ''}\nerror: ${words} failed\n`);
  process.exit(3);
}

/** Whether what this step depends on is as it was when it last succeeded. */
function unchanged(name, files) {
  const hash = createHash('sha256');
  for (const file of files)
    if (existsSync(join(ROOT, file))) hash.update(file).update(readFileSync(join(ROOT, file)));
  const mark = join(ROOT, '.cache', name);
  const now = hash.digest('hex');
  return {
    same: existsSync(mark) && readFileSync(mark, 'utf8') === now,
    keep() {
      mkdirSync(dirname(mark), { recursive: true });
      writeFileSync(mark, now);
    },
  };
}

/** Installs the dependencies with the pinned pnpm, where they are not as the lock file says. */
export function install() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    process.stderr.write(`error: Crosspoint needs Node 20.19 or newer; this is ${process.version}\n`);
    process.exit(2);
  }
  const state = unchanged('installed', ['pnpm-lock.yaml', 'package.json']);
  if (state.same && existsSync(join(ROOT, 'node_modules', '.modules.yaml'))) return;
  process.stderr.write('Installing dependencies ...\n');
  must('npx', ['-y', packageManager, 'install', '--frozen-lockfile'], 'the installation of the dependencies');
  state.keep();
}

/** Builds the pages; Turborepo's cache makes it nothing where nothing changed. */
export function build() {
  must(
    'npx',
    // Turborepo looks for pnpm on the path; a fresh machine has it only this way.
    ['-y', packageManager, 'exec', 'turbo', 'run', 'build', '--output-logs=errors-only'],
    'the build of the pages',
  );
}

/** Runs a TypeScript file of the project with this terminal and gives its exit status. */
export function tsx(file, args) {
  return run(process.execPath, ['--import', 'tsx', join(ROOT, file), ...args], { stdio: 'inherit' });
}
