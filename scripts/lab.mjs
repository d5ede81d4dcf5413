import { build, install, tsx } from './set-up.mjs';

/** Commands that open the apps' pages. */
const WITH_PAGES = new Set(['matrix', 'prove', 'compare', 'peers', 'scenario']);

const [command] = process.argv.slice(2);
install();
if (WITH_PAGES.has(command)) build();
process.exit(tsx('packages/lab/src/node/main.ts', process.argv.slice(2)));
