import { writeReports } from '@crosspoint/report/node';
import { sampleRun } from './sample-run.ts';

// npx tsx packages/ui/scripts/preview.ts <folder>: the report page of a made-up run, to look at while working on it.
const folder = process.argv[2];
if (folder === undefined) throw new TypeError('give the folder to write to');
const uiBundle = new URL('../dist/report.js', import.meta.url).pathname;
const { html } = await writeReports(sampleRun(), folder, { uiBundle });
process.stdout.write(`${html}\n`);
