import type { BenchRow } from './bench-row.ts';
import { benchCallSetUp } from './call-set-up.ts';
import { benchJingle } from './jingle.ts';
import { benchMatrix } from './matrix.ts';
import { benchMediaRelay } from './media-relay.ts';
import { benchRelay } from './relay.ts';
import { benchRelayedCalls } from './relayed-calls.ts';
import { benchSdp } from './sdp.ts';
import { benchSip } from './sip.ts';
import { benchSipCalls } from './sip-calls.ts';
import { benchStun } from './stun.ts';
import { writeTable } from './table.ts';

const BENCHES: Readonly<Record<string, () => Promise<BenchRow[]>>> = {
  sdp: benchSdp,
  sip: benchSip,
  'sip-calls': benchSipCalls,
  jingle: benchJingle,
  stun: benchStun,
  relay: benchRelay,
  'media-relay': benchMediaRelay,
  'relayed-calls': benchRelayedCalls,
  'call-set-up': benchCallSetUp,
  matrix: benchMatrix,
};

/** What `--only` names, or all. Undefined where the usage is bad. */
function chosen(args: readonly string[]): string[] | undefined {
  const names: string[] = [];
  for (let at = 0; at < args.length; at += 2) {
    const name = args[at + 1];
    if (args[at] !== '--only' || name === undefined || !(name in BENCHES)) return undefined;
    names.push(name);
  }
  return names.length === 0 ? Object.keys(BENCHES) : names;
}

const names = chosen(process.argv.slice(2));
if (names === undefined) {
  process.stderr.write(`usage: npm run bench -- [--only ${Object.keys(BENCHES).join('|')}]...\n`);
  process.exit(2);
}

const rows: BenchRow[] = [];
let broken = false;
for (const name of names) {
  process.stderr.write(`${name} ...\n`);
  try {
    const measured = await BENCHES[name]!();
    rows.push(...measured);
    // A run takes minutes: what was measured is not lost where it is ended early.
    process.stderr.write(writeTable(measured));
  } catch (error) {
    broken = true;
    process.stderr.write(`error: ${name}: ${error instanceof Error ? error.message : String(error)}\n`);
  }
}
process.stdout.write(writeTable(rows));
// As in the lab: 1 for a goal that was missed, 3 for what could not be measured.
process.exit(broken ? 3 : rows.some((row) => row.goal !== undefined && row.ratio < row.goal) ? 1 : 0);
