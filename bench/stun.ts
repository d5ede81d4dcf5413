import { createHash } from 'node:crypto';
import { pathToFileURL } from 'node:url';
import {
  decodeStun,
  encodeStun,
  type StunKey,
  shortTermKey,
  stunAttribute,
  stunMethods,
  verifyFingerprint,
  verifyIntegrity,
} from '@crosspoint/ice';
import { classes, Message, methods, parseMessage } from 'werift';
import type { BenchRow } from './bench-row.ts';
import { median } from './median.ts';

const MESSAGES = 1024;
const SESSIONS = 32;
const ROUNDS = 41;
// Both sides have to be compiled to the end before the clock counts, on a busy machine too.
const WARM_UP_ROUNDS = 60;

interface Check {
  readonly username: string;
  readonly key: StunKey;
  readonly keyBytes: Buffer;
  readonly priority: number;
  readonly tieBreaker: bigint;
  readonly transactionId: Buffer;
}

/**
 * ICE connectivity checks: USERNAME, PRIORITY, ICE-CONTROLLING, USE-CANDIDATE, MESSAGE-INTEGRITY, FINGERPRINT; each with a
 * transaction id of its own, over many sessions. The work on both sides is the same and is proven so before any of
 * it is timed: equal bytes out of both builders, equal values out of both parsers, and both refuse a broken message.
 */
export async function benchStun(): Promise<BenchRow[]> {
  const checks = Array.from({ length: MESSAGES }, (_, index) => makeCheck(index));
  const wire = checks.map((check) => Buffer.from(buildOurs(check)));
  proveEqualWork(checks, wire);

  const contests: Contest[] = [
    {
      name: 'STUN: build a signed connectivity check',
      goal: 8,
      ours: () => each((i) => buildOurs(checks[i]!).length),
      theirs: () => each((i) => buildTheirs(checks[i]!).length),
    },
    {
      name: 'STUN: parse it, verify integrity and fingerprint',
      goal: 3,
      ours: () => each((i) => readOurs(wire[i]!, checks[i]!.key)),
      theirs: () => each((i) => readTheirs(wire[i]!, checks[i]!.keyBytes)),
    },
    {
      name: 'STUN: build, the key prepared anew each time',
      ours: () => each((i) => buildOurs(checks[i]!, checks[i]!.keyBytes).length),
      theirs: () => each((i) => buildTheirs(checks[i]!).length),
    },
    {
      name: 'STUN: parse and verify, the key prepared anew each time',
      ours: () => each((i) => readOurs(wire[i]!, checks[i]!.keyBytes)),
      theirs: () => each((i) => readTheirs(wire[i]!, checks[i]!.keyBytes)),
    },
  ];
  return contests.map(contest);
}

interface Contest {
  readonly name: string;
  readonly goal?: number;
  readonly ours: () => number;
  readonly theirs: () => number;
}

function makeCheck(index: number): Check {
  const random = createHash('sha512').update(`check ${index}`).digest();
  const session = createHash('sha512')
    .update(`session ${index % SESSIONS}`)
    .digest('base64');
  const password = session.slice(8, 32);
  return {
    username: `${session.slice(0, 4)}:${session.slice(4, 8)}`,
    key: shortTermKey(password),
    keyBytes: Buffer.from(password),
    priority: random.readUInt32BE(0) >>> 1,
    tieBreaker: random.readBigUInt64BE(4),
    transactionId: Buffer.from(random.subarray(12, 24)),
  };
}

function buildOurs(check: Check, key: StunKey | Uint8Array = check.key): Uint8Array {
  return encodeStun(
    {
      class: 'request',
      method: stunMethods.binding,
      transactionId: check.transactionId,
      attributes: [
        { type: 'USERNAME', value: check.username },
        { type: 'PRIORITY', value: check.priority },
        { type: 'ICE-CONTROLLING', value: check.tieBreaker },
        { type: 'USE-CANDIDATE', value: true },
      ],
    },
    { key, fingerprint: true },
  );
}

function buildTheirs(check: Check): Buffer {
  return new Message(methods.BINDING, classes.REQUEST, check.transactionId)
    .setAttribute('USERNAME', check.username)
    .setAttribute('PRIORITY', check.priority)
    .setAttribute('ICE-CONTROLLING', check.tieBreaker)
    .setAttribute('USE-CANDIDATE', null)
    .addMessageIntegrity(check.keyBytes)
    .addFingerprint().bytes;
}

function readOurs(bytes: Uint8Array, key: StunKey | Uint8Array): number {
  const message = decodeStun(bytes);
  if (!verifyFingerprint(bytes) || !verifyIntegrity(bytes, key)) return -1;
  const username = stunAttribute(message, 'USERNAME') ?? '';
  return username.length + (stunAttribute(message, 'PRIORITY') ?? 0);
}

// Their parser verifies a fingerprint where there is one, and the integrity when a key is given.
function readTheirs(bytes: Buffer, key: Buffer): number {
  const message = parseMessage(bytes, key);
  if (message === undefined) return -1;
  return message.getAttributeValue('USERNAME').length + message.getAttributeValue('PRIORITY');
}

function proveEqualWork(checks: readonly Check[], wire: readonly Buffer[]): void {
  for (const [index, check] of checks.entries()) {
    const bytes = wire[index]!;
    if (!buildTheirs(check).equals(bytes)) throw new Error(`the two builders differ on message ${index}`);
    const want = check.username.length + check.priority;
    if (readOurs(bytes, check.key) !== want || readTheirs(bytes, check.keyBytes) !== want) {
      throw new Error(`the two parsers differ on message ${index}`);
    }
    const forged = checks[(index + 1) % checks.length]!;
    const torn = Buffer.from(bytes);
    torn[bytes.length - 1]! ^= 1;
    const refused = [
      readOurs(bytes, forged.key),
      readTheirs(bytes, forged.keyBytes),
      readOurs(torn, check.key),
      readTheirs(torn, check.keyBytes),
    ];
    if (refused.some((result) => result !== -1)) throw new Error(`a broken message ${index} was taken`);
  }
}

let sink = 0;

function each(work: (index: number) => number): number {
  const start = process.hrtime.bigint();
  for (let i = 0; i < MESSAGES; i++) sink ^= work(i);
  return Number(process.hrtime.bigint() - start) / MESSAGES;
}

function contest({ name, goal, ours, theirs }: Contest): BenchRow {
  for (let i = 0; i < WARM_UP_ROUNDS; i++) {
    ours();
    theirs();
  }
  const spent: { ours: number[]; theirs: number[] } = { ours: [], theirs: [] };
  for (const side of shuffledSides()) spent[side].push(side === 'ours' ? ours() : theirs());
  const mine = median(spent.ours) / 1000;
  const other = median(spent.theirs) / 1000;
  const row = { name, ours: mine, theirs: other, ratio: other / mine, unit: 'µs' };
  return goal === undefined ? row : { ...row, goal };
}

/** Each side ROUNDS times, in an order without pattern, so that neither always runs in the other's wake. */
function shuffledSides(): ('ours' | 'theirs')[] {
  const sides = Array.from({ length: ROUNDS * 2 }, (_, i) =>
    i % 2 === 0 ? ('ours' as const) : ('theirs' as const),
  );
  for (let i = sides.length - 1; i > 0; i--) {
    const j = Math.floor(Math.random() * (i + 1));
    [sides[i], sides[j]] = [sides[j]!, sides[i]!];
  }
  return sides;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  for (const row of await benchStun()) {
    const goal =
      row.goal === undefined ? '' : `  goal ${row.goal}x ${row.ratio >= row.goal ? 'met' : 'MISSED'}`;
    const figures = `ours ${row.ours.toFixed(2)} ${row.unit}  theirs ${row.theirs.toFixed(2)} ${row.unit}`;
    process.stdout.write(`${row.name}: ${figures}  ${row.ratio.toFixed(1)}x${goal}\n`);
  }
  if (sink === 0.5) process.stdout.write('never: this keeps the work from being dropped\n');
}
