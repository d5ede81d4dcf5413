import { spawnSync } from 'node:child_process';
import { currentNetwork, enterNetwork } from '@crosspoint/lab/node';

// Runs a command in a network of the lab's own, where the system allows it: no test then reaches beyond this machine.
const status = await enterNetwork();
if (status !== undefined) process.exit(status);
const [program, ...args] = process.argv.slice(2);
const { words, address } = currentNetwork();
process.stderr.write(`In ${words}, at ${address}.\n`);
process.exit(spawnSync(program!, args, { stdio: 'inherit' }).status ?? 3);
