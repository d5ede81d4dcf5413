import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

/**
 * Which package may import which. Where this differs from the first design the reason stands beside it.
 */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  ice: [],
  sdp: ['ice'],
  media: ['sdp', 'ice'],
  topology: [],
  signaling: ['sdp', 'ice'],
  sip: ['signaling', 'sdp', 'ice'],
  jingle: ['signaling', 'sdp', 'ice', 'xmpp'],
  xmpp: [],
  gateway: ['signaling', 'media', 'sdp'],
  // The probes (patterns, picture codes, G.711) are the yardstick and not what is tested; no protocol of ours is in them.
  peers: ['topology', 'media'],
  report: ['topology'],
  ui: ['report', 'topology'],
  lab: ['peers', 'report', 'topology', 'signaling', 'media', 'sdp', 'ice', 'sip', 'jingle'],
  // The page and the web server that every topology's app serves; the apps hand in their legs.
  'web-phone': ['ice', 'sdp', 'media', 'topology', 'signaling', 'gateway', 'peers', 'ui', 'lab'],
  'app-triangle': ['signaling', 'gateway', 'web-phone'],
  'app-trapezoid': [
    ...['sdp', 'media', 'topology', 'signaling', 'gateway', 'sip', 'jingle', 'xmpp', 'peers', 'web-phone'],
  ],
  'app-jingle': ['signaling', 'gateway', 'jingle', 'xmpp', 'peers', 'web-phone'],
  'app-sip': ['sdp', 'media', 'topology', 'signaling', 'gateway', 'sip', 'peers', 'web-phone'],
  // The load of SIPp's calls is the same in both.
  e2e: ['bench', 'lab', 'peers', 'report', 'signaling', 'gateway', 'sip', 'xmpp', 'sdp', 'media'],
  bench: ['ice', 'sdp', 'signaling', 'gateway', 'media', 'lab', 'peers', 'sip', 'jingle', 'app-triangle'],
};

/** Files of a pure door must not touch the world: it comes in as arguments. */
const IMPURE: readonly [RegExp, string][] = [
  [/from 'node:/, 'imports a module of Node'],
  [/\bDate\.now\(|new Date\(\)|performance\.now\(/, 'reads the clock'],
  [/\bMath\.random\(|getRandomValues\(/, 'makes randomness'],
  [/\bset(?:Timeout|Interval|Immediate)\(/, 'starts a timer'],
];

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const PURE = [
  'ice',
  'sdp',
  'media',
  'topology',
  'signaling',
  'gateway',
  'sip',
  'jingle',
  'xmpp',
  'report',
  'peers',
  'lab',
];

interface SourceFile {
  readonly path: string;
  readonly text: string;
}

function sources(): SourceFile[] {
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.ts'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  return listed
    .split('\n')
    .filter((path) => path !== '' && !path.includes('/fixtures/'))
    .map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }));
}

function packageOf(path: string): string | undefined {
  const [top, name] = path.split('/');
  if (top === 'packages') return name;
  if (top === 'apps') return `app-${name}`;
  return top === 'e2e' || top === 'bench' ? top : undefined;
}

function imports(text: string): string[] {
  return [...text.matchAll(/(?:from|import\()\s*'([^']+)'/g)].map((match) => match[1]!);
}

/** Imports that the table forbids. A package's tests, and what they share, may besides drive what they prove against. */
function forbidden(files: readonly SourceFile[]): string[] {
  const wrong: string[] = [];
  for (const { path, text } of files) {
    const own = packageOf(path);
    if (own === undefined || /\.test\.ts$|\/testing\//.test(path)) continue;
    for (const name of imports(text)) {
      const other = /^@crosspoint\/([\w-]+)/.exec(name)?.[1];
      if (other !== undefined && other !== own && !(MAY_IMPORT[own] ?? []).includes(other))
        wrong.push(`${path}: ${own} may not import ${other}`);
      if (name.startsWith('.')) {
        const target = normalize(join(dirname(path), name));
        if (packageOf(target) !== own) wrong.push(`${path}: reaches into ${relative('.', target)}`);
      }
    }
  }
  return wrong;
}

/** What files of the pure doors do that they may not. */
function impure(files: readonly SourceFile[]): string[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const wrong: string[] = [];
  for (const name of PURE) {
    const seen = new Set<string>();
    const queue = [`packages/${name}/src/index.ts`];
    for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
      const file = byPath.get(path);
      if (file === undefined || seen.has(path)) continue;
      seen.add(path);
      const code = file.text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/\/\/.*$/gm, '');
      for (const [pattern, words] of IMPURE) if (pattern.test(code)) wrong.push(`${path} ${words}`);
      for (const each of imports(file.text))
        if (each.startsWith('.')) queue.push(normalize(join(dirname(path), each)));
    }
    if (seen.size === 0) wrong.push(`packages/${name}/src/index.ts is missing`);
  }
  return wrong;
}

describe('the direction of imports', () => {
  it('is as the table says', () => {
    expect(forbidden(sources())).toEqual([]);
  });

  it('is checked: a wrong import is found', () => {
    const seeded = {
      path: 'packages/peers/src/seeded.ts',
      text: "import { open } from '@crosspoint/sdp';\nimport x from '../../sdp/src/open.ts';",
    };
    expect(forbidden([seeded])).toHaveLength(2);
  });

  it('knows every package', () => {
    const known = new Set(
      sources()
        .map(({ path }) => packageOf(path))
        .filter((name) => name !== undefined),
    );
    expect([...known].filter((name) => MAY_IMPORT[name] === undefined)).toEqual([]);
  });

  it('keeps the pure doors pure', () => {
    expect(impure(sources())).toEqual([]);
  });

  it('is checked: an impure file behind a pure door is found', () => {
    const files = [
      { path: 'packages/ice/src/index.ts', text: "export { now } from './now.ts';" },
      { path: 'packages/ice/src/now.ts', text: 'export const now = () => Date.now();' },
    ];
    expect(impure(files).filter((words) => words.includes('now.ts'))).toEqual([
      'packages/ice/src/now.ts reads the clock',
    ]);
  });
});
