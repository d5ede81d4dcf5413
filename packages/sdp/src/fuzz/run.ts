import { corpus } from './corpus.ts';
import { fuzz } from './fuzz.ts';
import { seededRandom } from './random.ts';

// npx tsx packages/sdp/src/fuzz/run.ts [inputs] [seed]
const inputs = Number(process.argv[2] ?? 20_000);
const seed = Number(process.argv[3] ?? 1);
if (!Number.isInteger(inputs) || inputs < 1 || !Number.isInteger(seed)) {
  process.stderr.write('usage: run.ts [inputs] [seed]\n');
  process.exit(2);
}
const start = performance.now();
const texts = corpus().map(({ text }) => text);
const report = fuzz(inputs, texts, seededRandom(seed), () => performance.now());
const seconds = ((performance.now() - start) / 1000).toFixed(0);
const out = (line: string) => process.stdout.write(`${line}\n`);
out(`inputs ${report.inputs}, seed ${seed}, ${seconds} s`);
out(`parsed and written back byte for byte: ${report.parsed}`);
for (const [code, count] of Object.entries(report.refused).sort((a, b) => b[1] - a[1]))
  out(`refused ${code}: ${count}`);
out(`crashes and broken laws: ${report.failed}`);
out(
  `slowest input, all laws together: ${report.slowest.milliseconds.toFixed(1)} ms for ${report.slowest.length} characters`,
);
for (const failure of report.failures) out(`${failure.error}\n  on ${JSON.stringify(failure.text)}`);
process.exitCode = report.failed === 0 ? 0 : 1;
