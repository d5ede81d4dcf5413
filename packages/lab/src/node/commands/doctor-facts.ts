import type { ListedPeer } from './peer-listing.ts';
import { printable } from './printable.ts';

/** One thing that the lab needs, or can make use of. */
export interface Fact {
  readonly what: string;
  readonly state: 'good' | 'missing' | 'note';
  readonly words: string;
  /** The command that mends it. */
  readonly fix?: string;
}

const APT = 'apt-get install ';

/** Node's version against the `engines` field of package.json, which is `>=` and a version. */
export function nodeFact(running: string, engines: string): Fact {
  const wanted = engines.replace(/^>=\s*/, '');
  const good = compareVersions(running.replace(/^v/, ''), wanted) >= 0;
  return {
    what: 'node',
    state: good ? 'good' : 'missing',
    words: `Node ${running}; ${wanted} or newer is needed`,
    ...(good ? {} : { fix: `install Node ${wanted} or newer from https://nodejs.org` }),
  };
}

function compareVersions(a: string, b: string): number {
  const left = a.split('.').map(Number);
  const right = b.split('.').map(Number);
  for (let at = 0; at < 3; at++) {
    const difference = (left[at] ?? 0) - (right[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** The lab runs without a network of its own, but other programs' addresses and ports are then in the way. */
export function networkFact({ kind, words }: { readonly kind: string; readonly words: string }): Fact {
  return kind === 'machine'
    ? { what: 'network', state: 'note', words: `no network of the lab's own; it uses ${words}` }
    : { what: 'network', state: 'good', words };
}

/** A peer that is absent is a note; without the embedded one there is nothing to run. */
export function peerFact(peer: ListedPeer): Fact {
  if (peer.found) return { what: peer.id, state: 'good', words: `${peer.name}, ${peer.version}` };
  return {
    what: peer.id,
    state: peer.id === 'embedded' ? 'missing' : 'note',
    words: peer.why,
    ...(peer.install === undefined ? {} : { fix: peer.install }),
  };
}

/** Whether everything is here that `npm start` needs. */
export function isReady(facts: readonly Fact[]): boolean {
  return facts.every(({ state }) => state !== 'missing');
}

/** One command that installs all that can be installed so, or `undefined`. */
export function installCommand(facts: readonly Fact[]): string | undefined {
  const packages = facts.flatMap(({ fix }) =>
    fix?.startsWith(APT) === true ? fix.slice(APT.length).split(' ') : [],
  );
  return packages.length === 0 ? undefined : `${APT}${[...new Set(packages)].join(' ')}`;
}

const MARKS = { good: '✓', missing: '✗', note: '–' } as const;

/** The facts for a terminal, and what is to be done. */
export function writeFacts(facts: readonly Fact[]): string {
  const width = Math.max(...facts.map(({ what }) => what.length));
  const lines = facts.map(
    ({ what, state, words }) => `${MARKS[state]} ${what.padEnd(width)}  ${printable(words)}`,
  );
  const install = installCommand(facts);
  lines.push('');
  if (install !== undefined) lines.push(`To install what is not here: ${install}`);
  for (const { what, fix } of facts)
    if (fix !== undefined && !fix.startsWith(APT)) lines.push(`To mend ${what}: ${fix}`);
  lines.push(
    isReady(facts)
      ? 'Everything that npm start needs is here.'
      : `npm start cannot run: ${facts.flatMap(({ what, state }) => (state === 'missing' ? what : [])).join(', ')}.`,
  );
  return `${lines.join('\n')}\n`;
}
