import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Done, expectRefusal, lab } from './lab-process.ts';

interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  readonly count: number;
}

/** As a reader of compare.json sees it, who has only the file. */
interface Kept {
  readonly schema: string;
  readonly topologies: readonly {
    readonly topology: string;
    readonly calls: readonly { readonly round: number; readonly outcome: string; readonly words?: string }[];
    readonly summary: {
      readonly times: Readonly<Record<string, Spread>>;
      readonly hops: Spread;
      readonly messages: Spread;
      readonly bytes: Spread;
      readonly path: readonly string[];
      readonly edges: readonly { readonly from: string; readonly to: string; readonly messages: Spread }[];
      readonly media: {
        readonly kind: string;
        readonly hops: readonly { readonly encrypted: boolean; readonly keyHolders: readonly string[] }[];
        readonly ends: Readonly<Record<'caller' | 'callee', { readonly codec?: string }>>;
      };
      readonly changes: readonly { readonly node: string; readonly role: string }[];
      readonly sameInAllRounds: boolean;
    };
  }[];
}

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'crosspoint-e2e-compare-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const TIMES = [
  'ringMs',
  'answerMs',
  'soundAtCalleeMs',
  'soundAtCalleeWithinMs',
  'soundAtCallerMs',
  'soundAtCallerWithinMs',
];

describe.each(['ws', 'http'])(
  'the same call over triangle and trapezoid, pages signaling over %s',
  (transport) => {
    let done: Done;
    let kept: Kept;
    let out = '';
    const of = (topology: string) => kept.topologies.find((each) => each.topology === topology)!;

    beforeAll(async () => {
      out = join(folder, transport);
      const topologies = ['--topology', 'triangle', 'trapezoid'];
      done = await lab([
        'compare',
        ...topologies,
        '--rounds',
        '2',
        '--transport',
        transport,
        '--callee',
        'embedded',
        '--json',
        '--out',
        out,
      ]);
      kept = JSON.parse(readFileSync(join(out, 'compare.json'), 'utf8')) as Kept;
    });

    it('makes every call, taking turns, and ends with status 0', () => {
      expect(done.status, done.stderr).toBe(0);
      expect(kept.topologies.map(({ topology }) => topology)).toEqual(['triangle', 'trapezoid']);
      for (const { calls } of kept.topologies) {
        expect(calls.map(({ round, outcome }) => [round, outcome])).toEqual([
          [0, 'done'],
          [1, 'done'],
          [2, 'done'],
        ]);
      }
      const order = [...done.stderr.matchAll(/^ {2}(?:warming up|round (\d)): (\w+) done$/gm)];
      expect(order.map(([, round, topology]) => `${round ?? 0} ${topology}`)).toEqual([
        '0 triangle',
        '0 trapezoid',
        '1 trapezoid',
        '1 triangle',
        '2 triangle',
        '2 trapezoid',
      ]);
    });

    it('has every figure of each, from both rounds', () => {
      for (const { summary } of kept.topologies) {
        expect(Object.keys(summary.times).sort()).toEqual([...TIMES].sort());
        const { times, hops, messages, bytes } = summary;
        for (const [name, spread] of Object.entries({ ...times, hops, messages, bytes })) {
          const { count, median, min, max } = spread;
          expect([name, count]).toEqual([name, 2]);
          // How exactly a time is known may round to nothing; no other figure may.
          if (name.endsWith('WithinMs')) expect(min, name).toBeGreaterThanOrEqual(0);
          else expect(min, name).toBeGreaterThan(0);
          expect(min, name).toBeLessThanOrEqual(median);
          expect(median, name).toBeLessThanOrEqual(max);
        }
      }
    });

    it('counts more hops, messages and bytes in the trapezoid: its servers speak SIP to each other', () => {
      const [triangle, trapezoid] = [of('triangle').summary, of('trapezoid').summary];
      expect(triangle.path).toEqual(['caller', 'server', 'callee']);
      expect(trapezoid.path).toEqual(['caller', 'server-a', 'server-b', 'callee']);
      expect([triangle.hops.median, trapezoid.hops.median]).toEqual([2, 3]);
      expect(trapezoid.messages.min).toBeGreaterThan(triangle.messages.max);
      expect(trapezoid.bytes.min).toBeGreaterThan(triangle.bytes.max);
      for (const { edges } of [triangle, trapezoid])
        for (const edge of edges) expect(edge.messages.min).toBeGreaterThan(0);
    });

    it('finds the media path from end to end, and its keys with the ends alone', () => {
      for (const { summary } of kept.topologies) {
        expect(summary.media.kind).toBe('direct');
        expect(summary.media.hops).toMatchObject([{ encrypted: true, keyHolders: ['caller', 'callee'] }]);
        expect(summary.media.ends.caller.codec).toBe(summary.media.ends.callee.codec);
        expect(summary.sameInAllRounds).toBe(true);
      }
      expect(of('trapezoid').summary.changes.map(({ node, role }) => `${node} ${role}`)).toEqual([
        'server-a offer',
        'server-b offer',
        'server-b answer',
        'server-a answer',
      ]);
    });

    it('prints as JSON what it keeps, and keeps it as Markdown too', () => {
      expect(JSON.parse(done.stdout)).toEqual(kept);
      expect(kept.schema).toBe('crosspoint-compare/1');
      const markdown = readFileSync(join(out, 'compare.md'), 'utf8');
      expect(markdown).toMatch(/^\| {2}\| triangle \| trapezoid \|$/m);
      expect(markdown).toMatch(/^\| time to ring \| \d+ ms/m);
      expect(markdown).not.toMatch(/NaN|undefined|Infinity|\[object/);
    });
  },
);

describe('what cannot be compared', () => {
  it.each([
    [['--topology', 'sip', '--callee', 'embedded'], '--topology sip: embedded cannot call embedded in it'],
    [['--callee', 'nobody'], 'there is no peer nobody'],
    [['--rounds', '0'], 'a whole number from 1 to 1000'],
    [['--topology', 'square'], "argument 'square' is invalid"],
  ])('is refused before anything is started: %j', async (args, words) => {
    expectRefusal(await lab(['compare', ...args]), words);
  });

  it('is refused where something is kept already', async () => {
    const full = join(folder, 'full');
    mkdirSync(full);
    writeFileSync(join(full, 'compare.json'), '{}\n');
    expectRefusal(await lab(['compare', '--callee', 'embedded', '--out', full]), 'is not empty');
    expect(readFileSync(join(full, 'compare.json'), 'utf8')).toBe('{}\n');
  });
});
