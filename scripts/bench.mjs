import { build, install, tsx } from './set-up.mjs';

// The benchmarks, all or those named by --only; the pages are built, for two of them are called in.
install();
build();
process.exit(tsx('bench/main.ts', process.argv.slice(2)));
