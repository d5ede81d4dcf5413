import { fileURLToPath } from 'node:url';
import { run } from './server/command.ts';

// Exit status 2 for bad usage, as everywhere in the lab.
await run(process.argv.slice(2), fileURLToPath(new URL('../dist', import.meta.url)));
