import { build, install, tsx } from './set-up.mjs';

install();
build();
process.exit(tsx('packages/lab/src/node/main.ts', process.argv.slice(2)));
