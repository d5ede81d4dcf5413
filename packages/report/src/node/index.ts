export { readRun } from './read-run.ts';
export { writeFileAtomic } from './write-file-atomic.ts';
export { type WriteReportsOptions, type WrittenReports, writeReports } from './write-reports.ts';
