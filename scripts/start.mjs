import { build, install, tsx } from './set-up.mjs';

// The main job: the matrix on the embedded peer and on every real peer that is here, with a report.
install();
process.stderr.write('Building the pages ...\n');
build();
process.exit(tsx('packages/lab/src/node/main.ts', ['matrix', ...process.argv.slice(2)]));
