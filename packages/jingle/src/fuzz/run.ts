import { recordedStanzas } from '../testing/corpus.ts';
import { fuzzStanzas } from './fuzz.ts';
import { seededRandom } from './random.ts';

// npx tsx packages/jingle/src/fuzz/run.ts [inputs] [seed]
const inputs = Number(process.argv[2] ?? 20_000);
const seed = Number(process.argv[3] ?? 1);
if (!Number.isInteger(inputs) || inputs < 1 || !Number.isInteger(seed)) {
  process.stderr.write('usage: run.ts [inputs] [seed]\n');
  process.exit(2);
}
const start = performance.now();
const corpus = recordedStanzas().map(({ text }) => text);
const report = fuzzStanzas(inputs, corpus, seededRandom(seed), () => performance.now());
const out = (line: string) => process.stdout.write(`${line}\n`);
out(`inputs ${report.inputs}, seed ${seed}, ${((performance.now() - start) / 1000).toFixed(0)} s`);
for (const [outcome, count] of Object.entries(report.outcomes).sort((a, b) => b[1] - a[1]))
  out(`${outcome}: ${count}`);
out(`crashes and broken laws: ${report.failed}`);
const { milliseconds, length } = report.slowest;
out(`slowest input, all laws together: ${milliseconds.toFixed(1)} ms for ${length} characters`);
out(`heap ${(process.memoryUsage().heapUsed / 1e6).toFixed(0)} MB`);
for (const failure of report.failures) out(`${failure.error}\n  on ${JSON.stringify(failure.text)}`);
process.exitCode = report.failed === 0 ? 0 : 1;
