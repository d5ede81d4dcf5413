import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { installPrograms } from './debian.mjs';
import { build, install, QUIET, ROOT, run } from './set-up.mjs';

// Sets everything up, real programs included, and runs every test. Prints at the end one line over all suites.
const counts = { passed: 0, failed: 0, skipped: 0 };
const results = join(ROOT, '.cache', 'results');

/** A step that is no suite of tests, and counts as one test. */
function step(name, program, args) {
  process.stdout.write(`\n== ${name}\n`);
  const status = run(program, args);
  counts[status === 0 ? 'passed' : 'failed'] += 1;
}

/** The test files that git knows, counted apart from the runner, so that its pattern cannot miss some silently. */
function filesOf(suffix) {
  const listed = spawnSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', `*${suffix}`], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  return listed.stdout.split('\n').filter((file) => file !== '' && existsSync(join(ROOT, file)));
}

function suite(name, suffix, args, network = false) {
  process.stdout.write(`\n== ${name}\n`);
  const file = join(results, `${name.replace(/\W+/g, '-')}.json`);
  const inNetwork = network ? [process.execPath, '--import', 'tsx', 'scripts/in-network.ts'] : [];
  const [program, ...command] = [...inNetwork, 'npx', '--no-install', 'vitest', 'run', ...args];
  const status = run(program, [
    ...command,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${file}`,
  ]);
  if (!existsSync(file)) {
    process.stdout.write(`${name} could not run\n`);
    counts.failed += 1;
    return;
  }
  const report = JSON.parse(readFileSync(file, 'utf8'));
  counts.passed += report.numPassedTests;
  counts.failed += report.numFailedTests;
  counts.skipped += report.numPendingTests + (report.numTodoTests ?? 0);
  const ran = new Set(report.testResults.map((each) => relative(ROOT, each.name)));
  const missed = filesOf(suffix).filter((each) => !ran.has(each));
  const empty = report.testResults.filter((each) => each.assertionResults.length === 0);
  for (const each of missed) process.stdout.write(`${each} did not run\n`);
  for (const each of empty)
    process.stdout.write(`${relative(ROOT, each.name)} has no test, or could not be loaded\n`);
  counts.failed += missed.length + empty.length;
  const expected = JSON.parse(readFileSync(join(ROOT, 'scripts', 'expected-tests.json'), 'utf8'))[name];
  if (report.numTotalTests < expected) {
    process.stdout.write(`${report.numTotalTests} tests ran where at least ${expected} are expected\n`);
    counts.failed += 1;
  }
  // A suite that failed for a reason which is no test's (a fault outside them) must not pass.
  if (status !== 0 && report.numFailedTests === 0 && missed.length === 0 && empty.length === 0)
    counts.failed += 1;
}

install();
installPrograms();
rmSync(results, { recursive: true, force: true });
mkdirSync(results, { recursive: true });
Object.assign(process.env, QUIET);
process.stdout.write('Building the pages ...\n');
build();
step('lint and format', 'npx', ['--no-install', 'biome', 'check', '.']);
step('types', 'npx', ['--no-install', 'tsc', '--noEmit', '-p', '.']);
suite('unit', '.test.ts', []);
suite('end to end', '.e2e.ts', ['-c', 'e2e/vitest.config.ts'], true);
process.stdout.write(`\n${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped\n`);
process.exit(counts.failed === 0 ? 0 : 1);
