import { main } from './cli.ts';

// Programs that were started are stopped by then; a handle that lingers must not keep the lab open.
process.exit(await main(process.argv.slice(2)));
