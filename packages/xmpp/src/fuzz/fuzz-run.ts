import { corpusOf } from './corpus.ts';
import { fuzzStreams } from './fuzz-streams.ts';
import { seededRandom } from './random.ts';

// npx tsx packages/xmpp/src/fuzz/fuzz-run.ts [inputs] [seed]
const inputs = Number(process.argv[2] ?? 20_000);
const seed = Number(process.argv[3] ?? 1);
if (!Number.isInteger(inputs) || inputs < 1 || !Number.isInteger(seed)) {
  process.stderr.write('usage: fuzz-run.ts [inputs] [seed]\n');
  process.exit(2);
}
const start = performance.now();
const corpora = {
  stranger: corpusOf('stranger'),
  client: corpusOf('client'),
  server: corpusOf('server'),
  component: corpusOf('component'),
};
const report = fuzzStreams(inputs, corpora, seededRandom(seed), () => performance.now());
const out = (line: string) => process.stdout.write(`${line}\n`);
out(`inputs ${report.inputs}, seed ${seed}, ${((performance.now() - start) / 1000).toFixed(0)} s`);
for (const [outcome, count] of Object.entries(report.outcomes).sort((a, b) => b[1] - a[1]))
  out(`${outcome}: ${count}`);
out(`elements read: ${report.elements}`);
out(`crashes and broken laws: ${report.failed}`);
out(`slowest input: ${report.slowest.milliseconds.toFixed(1)} ms for ${report.slowest.length} characters`);
out(`heap ${(process.memoryUsage().heapUsed / 1e6).toFixed(0)} MB`);
for (const { role, text, error } of report.failures) out(`${error}\n  ${role}: ${JSON.stringify(text)}`);
process.exitCode = report.failed === 0 ? 0 : 1;
